"""Texts to reply with: a head keeps those of the unit, an administrator those of the city."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate
from werkzeug.exceptions import NotFound

from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.reply_templates import VIETNAMESE, Placeholder, unknown_placeholders
from feedback.domain.text import normalise
from feedback.extensions import db
from feedback.operations.save_reply_template import (
    MAX_TEMPLATE,
    MAX_TEMPLATE_NAME,
    TemplateDraft,
    change_reply_template,
    create_reply_template,
    remove_reply_template,
    scope_of,
)
from feedback.storage.models import ReplyTemplate
from feedback.storage.queries import reply_templates as queries
from feedback.storage.types import LARGEST_KEY
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ChangeIn
from feedback.web.forms import Form
from feedback.web.staff import people
from feedback.wording import _

pages = Blueprint("templates", __name__, url_prefix="/staff/templates")


class TemplateIn(Form):
    """What a form says of a text."""

    name = fields.String(load_default="")
    text = fields.String(load_default="")


class NewTemplateIn(TemplateIn):
    """A new text."""

    note = fields.String(load_default="")


class ChangedTemplateIn(TemplateIn, ChangeIn):
    """A text changed."""


class RemovedTemplateIn(Form):
    """A text to be forgotten, as it was seen."""

    seen = fields.Integer(required=True, validate=validate.Range(0, LARGEST_KEY))


@pages.get("")
def show() -> str:
    """Every text of one's scope."""
    listed = queries.of_scope(db.session(), scope_of(people.current_actor()))
    return render_template("admin/reply_templates.html", listed=listed, **_surroundings())


@pages.get("/new")
def new() -> str:
    """The form for a new text."""
    return _new_page(Entered())


@pages.post("/new")
def send_new() -> ResponseReturnValue:
    """Keep a new text."""

    def act(sent: dict[str, Any]) -> str:
        note = sent.pop("note")
        create_reply_template(TemplateDraft(**sent), note=note, **by())
        return url_for("templates.show")

    return answer("template", NewTemplateIn, act, _new_page, _("The text is kept."))


@pages.get("/<int:template_id>")
def one(template_id: int) -> str:
    """A text, to be read and changed."""
    return _page(template_id, Entered())


@pages.post("/<int:template_id>")
def send(template_id: int) -> ResponseReturnValue:
    """Change a text."""
    _own(template_id)

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        change_reply_template(template_id, TemplateDraft(**sent), seen=seen, note=note, **by())
        return url_for("templates.show")

    return answer(
        "template",
        ChangedTemplateIn,
        act,
        lambda entered: _page(template_id, entered),
        _("The changes are kept."),
    )


@pages.post("/<int:template_id>/remove")
def remove(template_id: int) -> ResponseReturnValue:
    """Forget a text."""
    _own(template_id)

    def act(sent: dict[str, Any]) -> str:
        remove_reply_template(template_id, seen=sent["seen"], **by())
        return url_for("templates.show")

    return answer(
        "remove",
        RemovedTemplateIn,
        act,
        lambda entered: _page(template_id, entered),
        _("The text is removed."),
    )


def _own(template_id: int) -> ReplyTemplate:
    """A text of one's own scope; anybody else's is as unknown as one that does not exist."""
    template: ReplyTemplate = found(queries.by_id(db.session(), template_id))
    if template.unit_id != scope_of(people.current_actor()):
        raise NotFound
    return template


def _new_page(entered: Entered) -> str:
    return render_template(
        "admin/reply_template_new.html",
        form=entered.form("template", {}),
        errors=_errors(entered),
        **_surroundings(),
    )


def _page(template_id: int, entered: Entered) -> str:
    template = _own(template_id)
    return render_template(
        "admin/reply_template.html",
        template=template,
        form=entered.form("template", {"name": template.name, "text": template.text}),
        errors=_errors(entered),
        past=past_of(ReferenceKind.REPLY_TEMPLATE, template.id, entered),
        **_surroundings(),
    )


def _errors(entered: Entered) -> dict[str, str]:
    """What is wrong, with the words in braces that are no placeholder."""
    errors = dict(entered.errors)
    unknown = unknown_placeholders(normalise(request.form.get("text", "")))
    if unknown and "text" in errors:
        words = ", ".join(f"{{{word}}}" for word in unknown)
        errors["text"] = _("There is no such placeholder: %(words)s.", words=words)
    return errors


def _surroundings() -> dict[str, Any]:
    """What every page here needs: its frame, the placeholders in words, the limits."""
    person = people.current()
    in_city = scope_of(people.current_actor()) is None
    meanings = {
        Placeholder.CODE: _("the code of the report"),
        Placeholder.CATEGORY: _("its category"),
        Placeholder.PLACE: _("its street or ward"),
        Placeholder.UNIT: _("the name of the unit that writes"),
        Placeholder.DATE: _("the day of writing"),
    }
    return {
        "frame": "admin/frame.html" if in_city else "admin/own_frame.html",
        "whose": _("the whole city") if in_city else person.unit_name,
        "placeholders": [
            (known.value, next(word for word, one in VIETNAMESE.items() if one is known), words)
            for known, words in meanings.items()
        ],
        "limits": {"name": MAX_TEMPLATE_NAME, "text": MAX_TEMPLATE},
    }
