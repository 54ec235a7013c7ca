"""Surveys, and the counts that their figures and quotas are made of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from feedback.domain.survey_figures import Answers, Responses
from feedback.domain.surveys import SurveyChannel
from feedback.storage.models import (
    InstrumentVersion,
    Survey,
    SurveyAnswer,
    SurveyItem,
    SurveyResponse,
)

_ABOUT = (
    joinedload(Survey.version).joinedload(InstrumentVersion.instrument),
    selectinload(Survey.units),
    selectinload(Survey.quotas),
    selectinload(Survey.totals),
)
_FLAGGED: ColumnElement[int] = case((SurveyResponse.flag.is_not(None), 1), else_=0)


def by_id(session: Session, survey_id: int) -> Survey | None:
    """One survey with its version, units, quotas and totals; read anew."""
    return session.scalar(
        select(Survey).where(Survey.id == survey_id).options(*_ABOUT),
        execution_options={"populate_existing": True},
    )


def by_code(session: Session, code: str) -> Survey | None:
    """The same, by the public code."""
    return session.scalar(select(Survey).where(Survey.code == code).options(*_ABOUT))


def listed(session: Session, instrument_id: int | None = None) -> Sequence[Survey]:
    """All surveys, or those of one instrument, the latest first."""
    query = select(Survey).options(*_ABOUT)
    if instrument_id is not None:
        query = query.join(InstrumentVersion, InstrumentVersion.id == Survey.version_id).where(
            InstrumentVersion.instrument_id == instrument_id
        )
    return session.scalars(query.order_by(Survey.first_day.desc(), Survey.id.desc())).all()


def running(session: Session, today: date) -> Sequence[Survey]:
    """The surveys that take answers on a day."""
    return session.scalars(
        select(Survey)
        .where(Survey.first_day <= today, Survey.last_day >= today, Survey.closed_at.is_(None))
        .options(*_ABOUT)
        .order_by(Survey.last_day, Survey.id)
    ).all()


def over(session: Session, today: date) -> Sequence[int]:
    """The ids of the surveys that take no answers any more."""
    return session.scalars(
        select(Survey.id).where((Survey.last_day < today) | Survey.closed_at.is_not(None))
    ).all()


def ended_by(session: Session, day: date) -> Sequence[int]:
    """The ids of the surveys whose last day was at or before a day."""
    return session.scalars(select(Survey.id).where(Survey.last_day <= day)).all()


def has_responses(session: Session, survey_id: int) -> bool:
    """Whether anybody has answered."""
    return bool(session.scalar(select(exists().where(SurveyResponse.survey_id == survey_id))))


def has_answered(session: Session, survey_id: int, device: str) -> bool:
    """Whether a device has answered the survey before."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    SurveyResponse.device == device, SurveyResponse.survey_id == survey_id
                )
            )
        )
    )


def totals(session: Session, survey_ids: Sequence[int]) -> Mapping[int, int]:
    """How many questionnaires each survey has."""
    rows: Sequence[Any] = session.execute(
        select(SurveyResponse.survey_id, func.count())
        .where(SurveyResponse.survey_id.in_(survey_ids))
        .group_by(SurveyResponse.survey_id)
    ).all()
    return {row[0]: row[1] for row in rows}


def by_channel(session: Session, survey_id: int) -> Mapping[SurveyChannel, int]:
    """How many questionnaires came over each channel."""
    rows: Sequence[Any] = session.execute(
        select(SurveyResponse.channel, func.count())
        .where(SurveyResponse.survey_id == survey_id)
        .group_by(SurveyResponse.channel)
    ).all()
    return {row[0]: row[1] for row in rows}


def by_group(session: Session, survey_id: int) -> Mapping[tuple[SurveyChannel, int], int]:
    """How many questionnaires came over each channel from each group of people (an option)."""
    rows: Sequence[Any] = session.execute(
        select(SurveyResponse.channel, SurveyAnswer.option_id, func.count())
        .join(SurveyAnswer, SurveyAnswer.response_id == SurveyResponse.id)
        .join(SurveyItem, SurveyItem.id == SurveyAnswer.item_id)
        .where(SurveyResponse.survey_id == survey_id, SurveyItem.is_stratum)
        .group_by(SurveyResponse.channel, SurveyAnswer.option_id)
    ).all()
    return {(row[0], row[1]): row[2] for row in rows}


def typed_by(session: Session, survey_id: int, account_id: int) -> int:
    """How many questionnaires an interviewer has typed in."""
    return session.scalars(
        select(func.count()).where(
            SurveyResponse.survey_id == survey_id, SurveyResponse.interviewer_id == account_id
        )
    ).one()


def responses(session: Session, survey: Survey) -> list[Responses]:
    """The questionnaires of a survey, counted by what its figures are split by."""
    group = aliased(SurveyAnswer)
    # Without an item to weight by nothing joins, and every group is None.
    rows = session.execute(
        select(
            SurveyResponse.channel,
            SurveyResponse.unit_id,
            _FLAGGED.label("flagged"),
            group.option_id.label("stratum"),
            func.count().label("count"),
        )
        .outerjoin(
            group,
            (group.response_id == SurveyResponse.id)
            & (group.item_id == (survey.weighting_item_id or 0)),
        )
        .where(SurveyResponse.survey_id == survey.id)
        .group_by(SurveyResponse.channel, SurveyResponse.unit_id, _FLAGGED, group.option_id)
    ).all()
    return [_responses(row) for row in rows]


def answers(session: Session, survey: Survey) -> list[Answers]:
    """The answers of a survey, counted the same way, by item, level and choice."""
    group = aliased(SurveyAnswer)
    by = (
        SurveyAnswer.item_id,
        SurveyAnswer.value,
        SurveyAnswer.option_id,
        SurveyResponse.channel,
        SurveyResponse.unit_id,
        _FLAGGED,
        group.option_id,
    )
    rows: Sequence[Any] = session.execute(
        select(
            SurveyAnswer.item_id,
            SurveyAnswer.value,
            SurveyAnswer.option_id.label("option_id"),
            SurveyResponse.channel,
            SurveyResponse.unit_id,
            _FLAGGED.label("flagged"),
            group.option_id.label("stratum"),
            func.count().label("count"),
        )
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .outerjoin(
            group,
            (group.response_id == SurveyResponse.id)
            & (group.item_id == (survey.weighting_item_id or 0)),
        )
        .where(SurveyResponse.survey_id == survey.id)
        .group_by(*by)
    ).all()
    return [Answers(row.item_id, row.value, row.option_id, _responses(row)) for row in rows]


def _responses(row: Any) -> Responses:
    return Responses(row.channel, row.unit_id, bool(row.flagged), row.stratum, row.count)


def texts(session: Session, survey_id: int, item_id: int, limit: int) -> Sequence[str]:
    """What people wrote to an item, in alphabetical order: when and by whom stays untold."""
    return session.scalars(
        select(SurveyAnswer.text)
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .where(
            SurveyResponse.survey_id == survey_id,
            SurveyAnswer.item_id == item_id,
            SurveyAnswer.text != "",
        )
        .order_by(SurveyAnswer.text, SurveyAnswer.id)
        .limit(limit)
    ).all()
