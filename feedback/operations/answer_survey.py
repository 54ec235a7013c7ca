"""Somebody answers a survey: alone on its page, or asked by an interviewer who types it in."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.states import Role
from feedback.domain.surveys import (
    INTERVIEWED,
    LEVELS,
    NO_OPINION,
    SELF_SELECTED,
    ItemKind,
    SurveyChannel,
    SurveyFlag,
    SurveyStage,
    stage_of,
)
from feedback.domain.text import normalise
from feedback.operations.city import City
from feedback.operations.transaction import transaction
from feedback.storage.models import Survey, SurveyAnswer, SurveyItem, SurveyResponse
from feedback.storage.queries import instruments, surveys
from feedback.storage.tables import table_of

MAX_ANSWER = 2_000
INTERVIEWERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
"""Nobody of a unit: those who are spoken of do not hold the pen."""
_VALUES = {str(level): level for level in (NO_OPINION, *LEVELS)}
_APPEND = insert(table_of(SurveyAnswer))


@dataclass(frozen=True, slots=True)
class Filled:
    """A questionnaire as it was filled in: what was typed by item; an empty text is a blank.

    A five-point item takes 1 to 5, or 0 for "no opinion"; a choice takes the option's id.
    """

    channel: SurveyChannel
    typed: Mapping[int, str] = field(default_factory=dict)
    unit_id: int | None = None


def answer_survey(
    survey_id: int,
    filled: Filled,
    *,
    device: str | None = None,
    interviewer: Actor | None = None,
    city: City,
    now: datetime,
) -> int:
    """Keep one questionnaire, and return its id.

    `device` is a keyed hash; who answers on their own page has one. Its second questionnaire is
    flagged, never dropped. `interviewer` typed in what was said on the phone or face to face.
    Raises NotFound, NotAllowed, Conflict when the survey takes no answers or asks something else by
    now, Invalid naming `channel`, `unit_id`, `answers` (all blank) or `item_<id>`.
    """
    _check_channel(filled.channel, interviewer)
    with transaction(city) as session:
        # Locked, so that questionnaires at the same moment see each other.
        survey = session.get(Survey, survey_id, with_for_update=True)
        if survey is None:
            raise NotFound("survey_not_found")
        _check_running(survey, city, now)
        if filled.channel.value not in survey.channels:
            raise Invalid({"channel": "not_a_channel_of_this"})
        unit_id, refused = _unit(session, survey, filled.unit_id)
        rows = _read(_items(session, survey), filled.typed, refused)
        mark = _mark(device, survey) if device else None
        again = mark is not None and surveys.has_answered(session, survey.id, mark)
        response = SurveyResponse(
            survey_id=survey.id,
            unit_id=unit_id,
            channel=filled.channel,
            interviewer_id=interviewer.account_id if interviewer else None,
            device=mark,
            flag=SurveyFlag.REPEAT if again else None,
            answered_at=now,
        )
        session.add(response)
        session.flush()
        session.execute(_APPEND, [{"response_id": response.id, **row} for row in rows])
        return response.id


def _check_channel(channel: SurveyChannel, interviewer: Actor | None) -> None:
    if interviewer is None:
        if channel not in SELF_SELECTED:
            raise Invalid({"channel": "not_a_channel_of_this"})
        return
    if interviewer.role not in INTERVIEWERS:
        raise NotAllowed("interviewers_only")
    if channel not in INTERVIEWED:
        raise Invalid({"channel": "not_a_channel_of_this"})


def _check_running(survey: Survey, city: City, now: datetime) -> None:
    today = now.astimezone(city.zone).date()
    closed = survey.closed_at is not None
    stage = stage_of(survey.first_day, survey.last_day, today, closed=closed)
    if stage is not SurveyStage.RUNNING:
        raise Conflict("survey_closed" if stage is SurveyStage.OVER else "survey_not_begun")


def _items(session: Session, survey: Survey) -> dict[int, SurveyItem]:
    version = instruments.version_by_id(session, survey.version_id)
    if version is None:
        raise NotFound("survey_not_found")
    return {item.id: item for section in version.sections for item in section.items}


def _unit(
    session: Session, survey: Survey, chosen: int | None
) -> tuple[int | None, dict[str, str]]:
    """The unit a questionnaire is about; with one unit nobody has to say so."""
    whole = surveys.by_id(session, survey.id)
    known = [unit.id for unit in whole.units] if whole else []
    if len(known) <= 1:
        return (known[0] if known else None), {}
    if chosen in known:
        return chosen, {}
    return None, {"unit_id": "required" if chosen is None else "unknown_unit"}


def _read(
    items: Mapping[int, SurveyItem], typed: Mapping[int, str], refused: dict[str, str]
) -> list[dict[str, Any]]:
    """The rows of what was typed, or one Invalid with everything that cannot be."""
    if typed.keys() - items.keys():
        raise Conflict("survey_changed")
    rows = []
    for item_id, item in items.items():
        text = normalise(typed.get(item_id, ""))
        if not text:
            continue
        answer = _answer(item, text)
        if isinstance(answer, str):
            refused[f"item_{item_id}"] = answer
        else:
            rows.append(
                {"item_id": item_id, "value": None, "option_id": None, "text": "", **answer}
            )
    if not rows and not refused:
        refused["answers"] = "nothing_answered"
    if refused:
        raise Invalid(refused)
    return rows


def _answer(item: SurveyItem, text: str) -> dict[str, Any] | str:
    """The columns of one answer, or why it cannot be."""
    if item.kind is ItemKind.FIVE_POINT:
        return {"value": _VALUES[text]} if text in _VALUES else "not_a_level"
    if item.kind is ItemKind.SINGLE_CHOICE:
        found = next((option.id for option in item.options if str(option.id) == text), None)
        return {"option_id": found} if found is not None else "not_a_choice"
    return {"text": text} if len(text) <= MAX_ANSWER else "too_long"


def _mark(device: str, survey: Survey) -> str:
    """What a device is known by within this survey, and in no other place."""
    return hashlib.sha256(f"{device} {survey.code}".encode()).hexdigest()
