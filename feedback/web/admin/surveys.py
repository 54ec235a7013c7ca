"""Surveys: the list, each one with quotas, totals of the population, its sheets and its end."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from marshmallow import fields

from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.surveys import SELF_SELECTED, SurveyChannel
from feedback.extensions import db
from feedback.operations.save_survey import (
    SurveyDraft,
    change_survey,
    close_survey,
    create_survey,
    set_quota,
    set_totals,
)
from feedback.storage.models import InstrumentVersion, Survey, Unit
from feedback.storage.queries import instruments, units
from feedback.storage.queries import surveys as queries
from feedback.web import context
from feedback.web.addresses import full_url
from feedback.web.admin.editing import Entered, answer, by, found, past_of
from feedback.web.admin.schemas import ChangeIn, key, number
from feedback.web.forms import Form, key_in
from feedback.web.presenting import unit_name
from feedback.web.qr_codes import drawn
from feedback.web.survey_forms import stage
from feedback.web.survey_quotas import group_choices, quota_lines
from feedback.web.survey_words import CHANNELS, STAGES, item_text, survey_name
from feedback.web.templating import city_name
from feedback.wording import _

pages = Blueprint("surveys", __name__, url_prefix="/admin/surveys")
LANGUAGES = ("vi", "en")
TOTAL = "total_"


class SurveyIn(Form):
    """What a form says of a survey."""

    version_id = key(load_default=None)
    name_vi = fields.String(load_default="")
    name_en = fields.String(load_default="")
    first_day = fields.Date(load_default=None)
    last_day = fields.Date(load_default=None)
    channels = fields.List(fields.Enum(SurveyChannel, by_value=True), load_default=[])
    unit_ids = fields.List(key(), load_default=[])


class NewSurveyIn(SurveyIn):
    """A new survey."""

    note = fields.String(load_default="")


class ChangedSurveyIn(SurveyIn, ChangeIn):
    """A survey changed."""


class QuotaIn(ChangeIn):
    """One quota."""

    channel = fields.Enum(SurveyChannel, by_value=True, load_default=None)
    option_id = key(load_default=None)
    target = number()


class TotalsIn(ChangeIn):
    """The totals of the population; each group's number has a field of its own."""

    item_id = key(load_default=None)
    source = fields.String(load_default="")


@pages.get("")
def show() -> str:
    """Every survey, the latest first."""
    session = db.session()
    listed = queries.listed(session)
    totals = queries.totals(session, [one.id for one in listed])
    return render_template(
        "admin/surveys.html",
        surveys=[{**_view(one), "answers": totals.get(one.id, 0)} for one in listed],
    )


@pages.get("/new")
def new() -> str:
    """The form for a new survey."""
    return _new_page(Entered())


@pages.post("/new")
def send_new() -> ResponseReturnValue:
    """Set up a survey."""

    def act(sent: dict[str, Any]) -> str:
        note = sent.pop("note")
        return _address(create_survey(SurveyDraft(**sent), note=note, **by()))

    return answer("survey", NewSurveyIn, act, _new_page, _("The survey is set up."))


@pages.get("/<int:survey_id>")
def one(survey_id: int) -> str:
    """What is known of a survey, to be read and changed."""
    return _page(survey_id, Entered())


@pages.post("/<int:survey_id>")
def send(survey_id: int) -> ResponseReturnValue:
    """Change a survey."""

    def act(sent: dict[str, Any]) -> str:
        seen, note = sent.pop("seen"), sent.pop("note")
        change_survey(survey_id, SurveyDraft(**sent), seen=seen, note=note, **by())
        return _address(survey_id)

    return _answer(survey_id, "survey", ChangedSurveyIn, act, _("The changes are kept."))


@pages.post("/<int:survey_id>/quotas")
def send_quota(survey_id: int) -> ResponseReturnValue:
    """Say how many answers are wanted."""

    def act(sent: dict[str, Any]) -> str:
        set_quota(
            survey_id, sent["channel"], sent["option_id"], sent["target"], seen=sent["seen"], **by()
        )
        return _address(survey_id, "quotas")

    return _answer(survey_id, "quota", QuotaIn, act, _("The quota is kept."))


@pages.post("/<int:survey_id>/totals")
def send_totals(survey_id: int) -> ResponseReturnValue:
    """Enter the totals of the population."""

    def act(sent: dict[str, Any]) -> str:
        set_totals(survey_id, sent["item_id"], _people(), sent["source"], seen=sent["seen"], **by())
        return _address(survey_id, "totals")

    return _answer(survey_id, "totals", TotalsIn, act, _("The totals are kept."))


@pages.post("/<int:survey_id>/close")
def send_close(survey_id: int) -> ResponseReturnValue:
    """Take no more answers."""

    def act(sent: dict[str, Any]) -> str:
        close_survey(survey_id, seen=sent["seen"], note=sent["note"], **by())
        return _address(survey_id)

    return _answer(survey_id, "close", ChangeIn, act, _("The survey is closed."))


@pages.get("/<int:survey_id>/sheet")
def sheet(survey_id: int) -> str:
    """An A4 sheet with the survey's QR code, of one unit where the address names it."""
    survey: Survey = found(queries.by_id(db.session(), survey_id))
    asked = key_in(request.args, "unit")
    unit = next((one for one in survey.units if one.id == asked), None)
    address = full_url("citizen.survey", survey_code=survey.code)
    query = f"?qr&unit={unit.id}" if unit else "?qr"
    return render_template(
        "admin/survey_sheet.html",
        survey=_view(survey),
        address=address,
        qr_svg=drawn(f"{address}{query}", fills=True),
        sides=[_side(language, survey, unit) for language in LANGUAGES],
    )


def _side(language: str, survey: Survey, unit: Unit | None) -> dict[str, str]:
    with force_locale(language):
        return {
            "language": language,
            "city": city_name(),
            "unit": unit_name(unit),
            "name": survey_name(survey),
            "question": _("How were you served?"),
            "how": _("Scan the code with your phone and answer a few questions."),
            "promise": _("Nobody learns who answered."),
        }


def _people() -> dict[int, int | None]:
    """The number of people by group, as it was typed: with or without signs between thousands."""
    found: dict[int, int | None] = {}
    for name, text in request.form.items():
        group = name.removeprefix(TOTAL)
        if name.startswith(TOTAL) and group.isascii() and group.isdigit() and len(group) < 10:
            digits = text.replace(".", "").replace(",", "").replace(" ", "")
            is_number = digits.isascii() and digits.isdigit() and len(digits) < 10
            found[int(group)] = int(digits) if is_number else None
    return found


def _answer(
    survey_id: int, name: str, schema: type[Form], act: Any, done: str
) -> ResponseReturnValue:
    found(queries.by_id(db.session(), survey_id))
    return answer(name, schema, act, lambda entered: _page(survey_id, entered), done)


def _address(survey_id: int, anchor: str | None = None) -> str:
    return url_for("surveys.one", survey_id=survey_id, _anchor=anchor)


def _new_page(entered: Entered) -> str:
    return render_template(
        "admin/survey_new.html",
        form=entered.form("survey", {}),
        chosen=_chosen(None, entered),
        errors=entered.errors,
        **_choices(None),
    )


def _page(survey_id: int, entered: Entered) -> str:
    survey: Survey = found(queries.by_id(db.session(), survey_id))
    names = ("version_id", "name_vi", "name_en", "first_day", "last_day")
    totals: dict[str, Any] = {f"{TOTAL}{one.option_id}": one.total for one in survey.totals}
    totals |= {"item_id": survey.weighting_item_id, "source": survey.totals_source}
    return render_template(
        "admin/survey.html",
        survey=_view(survey),
        form=entered.form("survey", {name: getattr(survey, name) for name in names}),
        chosen=_chosen(survey, entered),
        quota_form=entered.form("quota", {}),
        totals_form=entered.form("totals", totals),
        groups=group_choices(survey),
        strata=_strata(survey),
        quotas=quota_lines(survey),
        channels=[(one.value, str(CHANNELS[one])) for one in _channels(survey)],
        errors=entered.errors,
        past=past_of(ReferenceKind.SURVEY, survey.id, entered),
        **_choices(survey),
    )


def _strata(survey: Survey) -> list[dict[str, Any]]:
    """The items that name groups of people, each with its groups' fields."""
    version = instruments.version_by_id(db.session(), survey.version_id)
    return [
        {
            "id": item.id,
            "text": item_text(item),
            "groups": [(f"{TOTAL}{one.id}", survey_name(one)) for one in item.options],
        }
        for section in (version.sections if version else [])
        for item in section.items
        if item.is_stratum
    ]


def _choices(survey: Survey | None) -> dict[str, Any]:
    session = db.session()
    shown = {unit.id: unit_name(unit) for unit in units.units_on(session, context.today())}
    shown |= {unit.id: unit_name(unit) for unit in (survey.units if survey else [])}
    return {
        "versions": [(one.id, _version_name(one)) for one in instruments.published(session)],
        "units": list(shown.items()),
        "all_channels": [(one.value, str(words)) for one, words in CHANNELS.items()],
    }


def _version_name(version: InstrumentVersion) -> str:
    name = survey_name(version.instrument)
    return _("%(name)s, version %(number)s", name=name, number=version.number)


def _chosen(survey: Survey | None, entered: Entered) -> dict[str, set[str]]:
    """What is ticked: as it was sent, else as it is stored."""
    if entered.name == "survey":
        return {name: set(request.form.getlist(name)) for name in ("channels", "unit_ids")}
    return {
        "channels": set(survey.channels) if survey else set(),
        "unit_ids": {str(unit.id) for unit in survey.units} if survey else set(),
    }


def _channels(survey: Survey) -> list[SurveyChannel]:
    return [channel for channel in SurveyChannel if channel.value in survey.channels]


def _view(survey: Survey) -> dict[str, Any]:
    standing = stage(survey)
    return {
        "id": survey.id,
        "code": survey.code,
        "name": survey_name(survey),
        "instrument": survey_name(survey.version.instrument),
        "version": survey.version.number,
        "first_day": survey.first_day,
        "last_day": survey.last_day,
        "stage": standing.value,
        "stage_word": str(STAGES[standing]),
        "closed": survey.closed_at is not None,
        "is_open_to_all": any(channel in SELF_SELECTED for channel in _channels(survey)),
        "units": [(unit.id, unit_name(unit)) for unit in survey.units],
        "address": full_url("citizen.survey", survey_code=survey.code),
    }
