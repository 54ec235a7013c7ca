"""Questionnaires: the list, each one with what it asks, its items, and its publication."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.surveys import ItemKind
from feedback.extensions import db
from feedback.operations.edit_instrument import (
    ItemDraft,
    SectionDraft,
    remove_item,
    save_item,
    save_section,
)
from feedback.operations.save_instrument import (
    InstrumentDraft,
    create_instrument,
    publish_version,
    rename_instrument,
)
from feedback.storage.models import Instrument, InstrumentVersion, SurveyItem, SurveySection
from feedback.storage.queries import instruments as queries
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ChangeIn, key, number
from feedback.web.forms import Form, key_in
from feedback.web.survey_forms import sections_of
from feedback.web.survey_words import KINDS, section_title, survey_name
from feedback.wording import _

pages = Blueprint("instruments", __name__, url_prefix="/admin/instruments")
OF_AN_ITEM = (
    *("section_id", "code", "kind", "text_vi", "text_en"),
    *("position", "is_stratum", "same_meaning"),
)


class NewInstrumentIn(Form):
    """A new questionnaire."""

    code = fields.String(load_default="")
    name_vi = fields.String(load_default="")
    name_en = fields.String(load_default="")
    note = fields.String(load_default="")


class NamesIn(ChangeIn):
    """A questionnaire called something else."""

    name_vi = fields.String(load_default="")
    name_en = fields.String(load_default="")


class PublishIn(ChangeIn):
    """A version published."""

    valid_from = fields.Date(load_default=None)


class SectionIn(ChangeIn):
    """A section, new or not."""

    title_vi = fields.String(load_default="")
    title_en = fields.String(load_default="")


class ItemIn(ChangeIn):
    """An item, new or not."""

    section_id = key(load_default=None)
    code = fields.String(load_default="")
    kind = fields.Enum(ItemKind, by_value=True, load_default=None)
    text_vi = fields.String(load_default="")
    text_en = fields.String(load_default="")
    options = fields.String(load_default="")
    position = number()
    is_stratum = fields.Boolean(load_default=False)
    same_meaning = fields.Boolean(load_default=False)


@pages.get("")
def show() -> str:
    """Every questionnaire."""
    return render_template(
        "admin/instruments.html",
        instruments=[_view(one) for one in queries.listed(db.session())],
    )


@pages.get("/new")
def new() -> str:
    """The form for a new questionnaire."""
    return _new_page(Entered())


@pages.post("/new")
def send_new() -> ResponseReturnValue:
    """Set up a questionnaire."""

    def act(sent: dict[str, Any]) -> str:
        note = sent.pop("note")
        return _address(create_instrument(InstrumentDraft(**sent), note=note, **by()))

    return answer(
        "instrument",
        NewInstrumentIn,
        act,
        _new_page,
        _("The questionnaire is set up. Add what it asks."),
    )


@pages.get("/<int:instrument_id>")
def one(instrument_id: int) -> str:
    """What a questionnaire asks, in its newest version or an earlier one, to be read and edited."""
    return _page(instrument_id, Entered())


@pages.post("/<int:instrument_id>")
def send(instrument_id: int) -> ResponseReturnValue:
    """Call a questionnaire something else."""

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        rename_instrument(instrument_id, InstrumentDraft(**sent), seen=seen, note=note, **by())
        return _address(instrument_id)

    return _answer_on_page(instrument_id, "names", NamesIn, act, _("The changes are kept."))


@pages.post("/<int:instrument_id>/publish")
def send_publication(instrument_id: int) -> ResponseReturnValue:
    """Let surveys use the newest version."""

    def act(sent: dict[str, Any]) -> str:
        publish_version(
            instrument_id, sent["valid_from"], seen=sent["seen"], note=sent["note"], **by()
        )
        return _address(instrument_id)

    return _answer_on_page(
        instrument_id, "publish", PublishIn, act, _("The version is published: surveys can ask it.")
    )


@pages.post("/<int:instrument_id>/sections")
def send_section(instrument_id: int) -> ResponseReturnValue:
    """Add a section."""

    def act(sent: dict[str, Any]) -> str:
        draft = SectionDraft(sent["title_vi"], sent["title_en"])
        save_section(instrument_id, None, draft, seen=sent["seen"], note=sent["note"], **by())
        return _address(instrument_id)

    return _answer_on_page(instrument_id, "section", SectionIn, act, _("The section is added."))


@pages.get("/sections/<int:section_id>")
def section(section_id: int) -> str:
    """A section's title, to be changed."""
    return _section_page(section_id, Entered())


@pages.post("/sections/<int:section_id>")
def send_title(section_id: int) -> ResponseReturnValue:
    """Change a section's title."""
    known: SurveySection = found(queries.section(db.session(), section_id))
    instrument_id = queries.instrument_of(db.session(), known.version_id)

    def act(sent: dict[str, Any]) -> str:
        draft = SectionDraft(sent["title_vi"], sent["title_en"])
        save_section(instrument_id, section_id, draft, seen=sent["seen"], note=sent["note"], **by())
        return _address(instrument_id)

    return answer(
        "section",
        SectionIn,
        act,
        lambda entered: _section_page(section_id, entered),
        _("The changes are kept."),
    )


@pages.get("/<int:instrument_id>/items/new")
def new_item(instrument_id: int) -> str:
    """The form for a new item."""
    return _new_item_page(instrument_id, Entered())


@pages.post("/<int:instrument_id>/items/new")
def send_new_item(instrument_id: int) -> ResponseReturnValue:
    """Add an item."""
    found(queries.by_id(db.session(), instrument_id))

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        save_item(instrument_id, None, ItemDraft(**sent), seen=seen, note=note, **by())
        return _address(instrument_id)

    return answer(
        "item",
        ItemIn,
        act,
        lambda entered: _new_item_page(instrument_id, entered),
        _("The item is added."),
    )


@pages.get("/items/<int:item_id>")
def item(item_id: int) -> str:
    """One item, to be read and changed."""
    return _item_page(item_id, Entered())


@pages.post("/items/<int:item_id>")
def send_item(item_id: int) -> ResponseReturnValue:
    """Change an item."""
    known: SurveyItem = found(queries.item(db.session(), item_id))
    instrument_id = queries.instrument_of(db.session(), known.version_id)

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        save_item(instrument_id, item_id, ItemDraft(**sent), seen=seen, note=note, **by())
        return _address(instrument_id)

    return answer(
        "item",
        ItemIn,
        act,
        lambda entered: _item_page(item_id, entered),
        _("The changes are kept."),
    )


@pages.post("/items/<int:item_id>/remove")
def send_removal(item_id: int) -> ResponseReturnValue:
    """Ask an item no more."""
    known: SurveyItem = found(queries.item(db.session(), item_id))
    instrument_id = queries.instrument_of(db.session(), known.version_id)

    def act(sent: dict[str, Any]) -> str:
        remove_item(instrument_id, item_id, seen=sent["seen"], note=sent["note"], **by())
        return _address(instrument_id)

    return answer(
        "removal",
        ChangeIn,
        act,
        lambda entered: _item_page(item_id, entered),
        _("The item is not asked any more."),
    )


def _answer_on_page(
    instrument_id: int, name: str, schema: type[Form], act: Any, done: str
) -> ResponseReturnValue:
    found(queries.by_id(db.session(), instrument_id))
    return answer(name, schema, act, lambda entered: _page(instrument_id, entered), done)


def _address(instrument_id: int) -> str:
    return url_for("instruments.one", instrument_id=instrument_id)


def _new_page(entered: Entered) -> str:
    form = entered.form("instrument", {})
    return render_template("admin/instrument_new.html", form=form, errors=entered.errors)


def _page(instrument_id: int, entered: Entered) -> str:
    session = db.session()
    instrument: Instrument = found(queries.by_id(session, instrument_id))
    newest: InstrumentVersion = found(queries.version(session, instrument_id))
    number = key_in(request.args, "version") if request.method == "GET" else None
    shown: InstrumentVersion = found(queries.version(session, instrument_id, number))
    used = queries.surveys_by_version(session, instrument_id)
    return render_template(
        "admin/instrument.html",
        instrument=_view(instrument),
        shown=_version_view(shown, used),
        is_newest=shown.id == newest.id,
        versions=[_version_view(one, used) for one in reversed(instrument.versions)],
        sections=sections_of(shown),
        kinds={kind.value: str(words) for kind, words in KINDS.items()},
        names_form=entered.form(
            "names", {n: getattr(instrument, n) for n in ("name_vi", "name_en")}
        ),
        section_form=entered.form("section", {}),
        publish_form=entered.form("publish", {}),
        errors=entered.errors,
        past=past_of(ReferenceKind.INSTRUMENT, instrument.id, entered),
    )


def _section_page(section_id: int, entered: Entered) -> str:
    known: SurveySection = found(queries.section(db.session(), section_id))
    instrument_id = queries.instrument_of(db.session(), known.version_id)
    instrument: Instrument = found(queries.by_id(db.session(), instrument_id))
    return render_template(
        "admin/instrument_section.html",
        instrument=_view(instrument),
        section_id=section_id,
        title=section_title(known),
        form=entered.form("section", {n: getattr(known, n) for n in ("title_vi", "title_en")}),
        errors=entered.errors,
        past=past_of(ReferenceKind.INSTRUMENT, instrument_id, entered),
    )


def _new_item_page(instrument_id: int, entered: Entered) -> str:
    section_id = key_in(request.args, "section")
    stored = {"section_id": section_id, "kind": ItemKind.FIVE_POINT}
    return _item_form(instrument_id, None, entered.form("item", stored), entered)


def _item_page(item_id: int, entered: Entered) -> str:
    known: SurveyItem = found(queries.item(db.session(), item_id))
    stored = {name: getattr(known, name) for name in OF_AN_ITEM}
    stored["options"] = "\n".join(f"{one.name_vi} | {one.name_en}" for one in known.options)
    instrument_id = queries.instrument_of(db.session(), known.version_id)
    return _item_form(instrument_id, known, entered.form("item", stored), entered)


def _item_form(instrument_id: int, known: SurveyItem | None, form: Any, entered: Entered) -> str:
    session = db.session()
    instrument: Instrument = found(queries.by_id(session, instrument_id))
    newest: InstrumentVersion = found(queries.version(session, instrument_id))
    # An item of the newest version moves within its own version, whichever that becomes.
    version: InstrumentVersion = (
        found(queries.version_by_id(session, known.version_id)) if known else newest
    )
    return render_template(
        "admin/instrument_item.html",
        instrument=_view(instrument),
        item={"id": known.id, "code": known.code, "series": known.series} if known else None,
        becomes_new_version=queries.is_used(session, newest.id),
        editable=version.id == newest.id,
        form=form,
        errors=entered.errors,
        sections=[(one.id, section_title(one)) for one in version.sections],
        kinds=[(kind.value, str(words)) for kind, words in KINDS.items()],
        past=past_of(ReferenceKind.INSTRUMENT, instrument_id, entered),
    )


def _view(instrument: Instrument) -> dict[str, Any]:
    newest = instrument.versions[-1] if instrument.versions else None
    return {
        "id": instrument.id,
        "code": instrument.code,
        "name": survey_name(instrument),
        "version": newest.number if newest else 0,
        "published": newest is not None and newest.published_at is not None,
        "valid_from": newest.valid_from if newest else None,
    }


def _version_view(version: InstrumentVersion, used: Any) -> dict[str, Any]:
    return {
        "number": version.number,
        "published": version.published_at is not None,
        "valid_from": version.valid_from,
        "surveys": used.get(version.id, 0),
    }
