"""What letters of apology say: the versions of their text, and the form for the next one."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from feedback.domain.letters import PLACES, VIETNAMESE, LetterPlace
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.text import normalise
from feedback.extensions import db
from feedback.operations.save_letter_template import (
    FILLED_IN,
    LIMITS,
    LetterTemplateDraft,
    add_letter_template,
    withdraw_letter_template,
)
from feedback.storage.models import LetterTemplate
from feedback.storage.queries import letters as queries
from feedback.storage.types import can_be_key
from feedback.web import context
from feedback.web.admin.blueprint import pages
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ReasonIn
from feedback.web.forms import Form
from feedback.wording import _


class LetterTemplateIn(Form):
    """What a form says of one version."""

    valid_from = fields.Date(load_default=None)
    title = fields.String(load_default="")
    about = fields.String(load_default="")
    addressee = fields.String(load_default="")
    body = fields.String(load_default="")
    legal_basis = fields.String(load_default="")
    authority = fields.String(load_default="")
    place = fields.String(load_default="")
    symbol = fields.String(load_default="")
    signer_title = fields.String(load_default="")
    copies = fields.String(load_default="")
    note = fields.String(load_default="")


@pages.get("/letter-templates")
def letter_templates() -> str:
    """Every version, the latest first."""
    versions = queries.templates(db.session())
    in_force = queries.template_on(db.session(), context.today())
    return render_template(
        "admin/letter_templates.html",
        versions=versions,
        in_force=in_force.id if in_force else None,
        today=context.today(),
    )


@pages.get("/letter-templates/new")
def new_letter_template() -> str:
    """The form for the next version, begun with the words of the latest one."""
    return _new_page(Entered())


@pages.post("/letter-templates/new")
def send_new_letter_template() -> ResponseReturnValue:
    """Keep a new version."""

    def act(sent: dict[str, Any]) -> str:
        note = sent.pop("note")
        template_id = add_letter_template(LetterTemplateDraft(**sent), note=note, **by())
        return url_for("admin.letter_template", letter_template_id=template_id)

    return answer("letter", LetterTemplateIn, act, _new_page, _("The new version is kept."))


@pages.get("/letter-templates/<int:letter_template_id>")
def letter_template(letter_template_id: int) -> str:
    """One version, to be read; one that has not begun can be taken back."""
    return _page(letter_template_id, Entered())


@pages.post("/letter-templates/<int:letter_template_id>/withdraw")
def withdraw_letter_template_version(letter_template_id: int) -> ResponseReturnValue:
    """Take back a version that has not begun."""
    _one(letter_template_id)

    def act(sent: dict[str, Any]) -> str:
        withdraw_letter_template(letter_template_id, note=sent["reason"], **by())
        return url_for("admin.letter_templates")

    return answer(
        "withdraw",
        ReasonIn,
        act,
        lambda entered: _page(letter_template_id, entered),
        _("The version is taken back."),
    )


def _one(template_id: int) -> LetterTemplate:
    session = db.session()
    known = session.get(LetterTemplate, template_id) if can_be_key(template_id) else None
    template: LetterTemplate = found(known)
    return template


def _new_page(entered: Entered) -> str:
    versions = queries.templates(db.session())
    stored: dict[str, Any] = {"valid_from": context.today()}
    if versions:
        stored |= {name: getattr(versions[0], name) for name in LIMITS}
    form = entered.form("letter", stored)
    return render_template(
        "admin/letter_template_new.html",
        form=form,
        errors=_errors(entered, form),
        limits=LIMITS,
        placeholders=_placeholders(),
    )


def _page(template_id: int, entered: Entered) -> str:
    template = _one(template_id)
    return render_template(
        "admin/letter_template.html",
        template=template,
        withdrawable=template.valid_from > context.today(),
        errors=entered.errors,
        past=past_of(ReferenceKind.LETTER_TEMPLATE, template.id, entered),
    )


def _errors(entered: Entered, form: Any) -> dict[str, str]:
    """What is wrong, with the words in braces that are no placeholder."""
    errors = dict(entered.errors)
    for name in FILLED_IN:
        unknown = PLACES.unknown_in(normalise(str(form.get(name) or "")))
        if unknown and name in errors:
            words = ", ".join(f"{{{word}}}" for word in unknown)
            errors[name] = _("There is no such placeholder: %(words)s.", words=words)
    return errors


def _placeholders() -> list[tuple[str, str, str]]:
    meanings = {
        LetterPlace.CODE: _("the code of the report"),
        LetterPlace.CATEGORY: _("its category"),
        LetterPlace.AREA: _("its ward or commune"),
        LetterPlace.UNIT: _("the name of the unit that writes"),
        LetterPlace.RECEIVED: _("the day it was received"),
        LetterPlace.DUE: _("the due moment that is missed"),
        LetterPlace.REASON: _("the reason the head writes"),
        LetterPlace.NEW_DATE: _("the new day"),
        LetterPlace.NUMBER: _("for the how-manieth time it is put off"),
    }
    return [
        (known.value, next(word for word, one in VIETNAMESE.items() if one is known), words)
        for known, words in meanings.items()
    ]
