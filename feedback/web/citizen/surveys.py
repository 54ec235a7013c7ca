"""Answering a survey from a link or a QR code: one plain form, a card for each section."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields
from werkzeug.exceptions import NotFound

from feedback.domain.codes import parse_code
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.surveys import SurveyChannel, SurveyStage, channel_of
from feedback.extensions import db
from feedback.operations.answer_survey import MAX_ANSWER, Filled, answer_survey
from feedback.storage.models import Survey
from feedback.storage.queries import surveys
from feedback.storage.types import can_be_key
from feedback.web.citizen.blueprint import pages
from feedback.web.context import city, now
from feedback.web.devices import this_device
from feedback.web.forms import Form, key_in, load
from feedback.web.messages import explain, explain_fields
from feedback.web.presenting import unit_name
from feedback.web.survey_forms import sections_of, stage, typed_in, version_of
from feedback.web.survey_words import LEVEL_WORDS, survey_name


class SurveyIn(Form):
    """What a survey's form sends besides its items, which are read by their own names."""

    unit_id = fields.Integer(load_default=None)
    qr = fields.String(load_default="")


@pages.get("/s/<survey_code>")
def survey(survey_code: str) -> ResponseReturnValue:
    """The form, or that the survey takes no answers today."""
    found = _survey(survey_code)
    if found.code != survey_code:
        names = [name for name in ("qr", "unit") if name in request.args]
        more: dict[str, Any] = {name: request.args[name] for name in names}
        return redirect(url_for("citizen.survey", survey_code=found.code, **more))
    _channel(found, by_qr="qr" in request.args)
    return _page(found, {"unit_id": str(key_in(request.args, "unit") or "")}, {})


@pages.post("/s/<survey_code>")
def send_survey(survey_code: str) -> ResponseReturnValue:
    """Keep a questionnaire."""
    found = _survey(survey_code)
    survey_id, code = found.id, found.code
    try:
        sent = load(SurveyIn)
        unit_id = sent["unit_id"]
        filled = Filled(
            _channel(found, by_qr=bool(sent["qr"])),
            typed_in(request.form),
            unit_id if unit_id is not None and can_be_key(unit_id) else None,
        )
        answer_survey(survey_id, filled, device=this_device(), city=city(), now=now())
    except Invalid as refused:
        page = _page(_survey(code), request.form, explain_fields(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refused:
        page = _page(_survey(code), request.form, {"answers": explain(refused)})
        return page, HTTPStatus.CONFLICT
    return redirect(url_for("citizen.survey_thanks", survey_code=code), HTTPStatus.SEE_OTHER)


@pages.get("/s/<survey_code>/thanks")
def survey_thanks(survey_code: str) -> str:
    """Thanks; nothing of what was answered is shown, since others may hold the phone next."""
    found = _survey(survey_code)
    return render_template("citizen/survey_thanks.html", survey=_about(found))


def _survey(code: str) -> Survey:
    found = surveys.by_code(db.session(), parse_code(code) or "")
    if found is None:
        raise NotFound
    return found


def _channel(found: Survey, *, by_qr: bool) -> SurveyChannel:
    allowed = [SurveyChannel(channel) for channel in found.channels]
    channel = channel_of(allowed, by_qr=by_qr)
    if channel is None:
        raise NotFound
    return channel


def _about(found: Survey) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": survey_name(found),
        "stage": stage(found),
        "first_day": found.first_day,
        "last_day": found.last_day,
        "units": [(unit.id, unit_name(unit)) for unit in found.units],
    }


def _page(found: Survey, values: Any, errors: dict[str, str]) -> str:
    return render_template(
        "citizen/survey.html",
        survey=_about(found),
        sections=sections_of(version_of(found), values),
        open=stage(found) is SurveyStage.RUNNING,
        values=values,
        by_qr="qr" in request.args or request.form.get("qr") == "1",
        levels=[(level, str(words)) for level, words in LEVEL_WORDS.items()],
        errors=errors,
        limit=MAX_ANSWER,
    )
