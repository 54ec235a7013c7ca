"""An interviewer types in what somebody says on the phone or face to face: digits, from field to
field, and the quotas beside."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields
from werkzeug.exceptions import NotFound

from feedback.domain.errors import Conflict, Invalid
from feedback.domain.surveys import INTERVIEWED, SurveyChannel, SurveyStage
from feedback.extensions import db
from feedback.operations.answer_survey import MAX_ANSWER, Filled, answer_survey
from feedback.storage.models import Survey
from feedback.storage.queries import surveys
from feedback.web import context
from feedback.web.forms import Form, load
from feedback.web.messages import explain, explain_fields
from feedback.web.presenting import unit_name
from feedback.web.staff import people
from feedback.web.survey_forms import SectionView, sections_of, stage, typed_in, version_of
from feedback.web.survey_quotas import quota_lines
from feedback.web.survey_words import CHANNELS, survey_name
from feedback.wording import _

pages = Blueprint("interviews", __name__, url_prefix="/staff/interviews")
NOT_A_CHOICE = "?"  # what no option's id can be


class InterviewIn(Form):
    """What an interviewer's form sends besides its items."""

    unit_id = fields.String(load_default="")
    channel = fields.String(load_default="")


@pages.get("")
def show() -> str:
    """The surveys that take answers today and are held by interviewers."""
    session = db.session()
    listed = [one for one in surveys.running(session, context.today()) if _channels(one)]
    mine = people.current_actor().account_id or 0
    return render_template(
        "staff/interviews.html",
        surveys=[
            {**_about(one), "typed": surveys.typed_by(session, one.id, mine)} for one in listed
        ],
    )


@pages.get("/<int:survey_id>")
def one(survey_id: int) -> str:
    """An empty questionnaire."""
    found = _survey(survey_id)
    channels = _channels(found)
    channel = request.args.get("channel", "")
    values = {
        "channel": channel if channel in channels else channels[0].value,
        "unit_id": request.args.get("unit", ""),
    }
    return _page(found, values, {})


@pages.post("/<int:survey_id>")
def send(survey_id: int) -> ResponseReturnValue:
    """Keep a questionnaire, and show the next empty one."""
    found = _survey(survey_id)
    typed = _by_option(typed_in(request.form), sections_of(version_of(found)))
    try:
        sent = load(InterviewIn)
        if sent["channel"] not in set(INTERVIEWED):
            raise Invalid({"channel": "required"})
        unit = sent["unit_id"]
        filled = Filled(
            SurveyChannel(sent["channel"]),
            typed,
            int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        )
        answer_survey(
            survey_id,
            filled,
            interviewer=people.current_actor(),
            city=context.city(),
            now=context.now(),
        )
    except Invalid as refused:
        page = _page(_survey(survey_id), request.form, explain_fields(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        page = _page(_survey(survey_id), request.form, {"answers": explain(refused)})
        return page, HTTPStatus.CONFLICT
    flash(_("The questionnaire is kept. The next one:"), "ok")
    address = url_for(
        "interviews.one", survey_id=survey_id, channel=sent["channel"], unit=sent["unit_id"]
    )
    return redirect(address, HTTPStatus.SEE_OTHER)


def _by_option(typed: dict[int, str], sections: list[SectionView]) -> dict[int, str]:
    """The same with the option's id where its number was typed."""
    options = {
        item.id: [str(option_id) for option_id, _name in item.choices]
        for section in sections
        for item in section.items
        if item.choices
    }
    return {
        item_id: _numbered(text.strip(), options[item_id]) if item_id in options else text
        for item_id, text in typed.items()
    }


def _numbered(text: str, options: list[str]) -> str:
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return options[place - 1] if 1 <= place <= len(options) else NOT_A_CHOICE


def _survey(survey_id: int) -> Survey:
    found = surveys.by_id(db.session(), survey_id)
    if found is None or not _channels(found) or stage(found) is not SurveyStage.RUNNING:
        raise NotFound
    return found


def _channels(found: Survey) -> list[SurveyChannel]:
    return [one for one in SurveyChannel if one in INTERVIEWED and one.value in found.channels]


def _about(found: Survey) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": survey_name(found),
        "last_day": found.last_day,
        "channels": [(one.value, str(CHANNELS[one])) for one in _channels(found)],
        "units": [(unit.id, unit_name(unit)) for unit in found.units],
        "quotas": [line for line in quota_lines(found) if line.channel in INTERVIEWED],
    }


def _page(found: Survey, values: Any, errors: dict[str, str]) -> str:
    mine = people.current_actor().account_id or 0
    return render_template(
        "staff/interview.html",
        survey=_about(found),
        typed=surveys.typed_by(db.session(), found.id, mine),
        sections=sections_of(version_of(found), values),
        values=values,
        errors=errors,
        limit=MAX_ANSWER,
    )
