"""Instruments, their versions, and what these ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback.storage.models import (
    Instrument,
    InstrumentVersion,
    Survey,
    SurveyItem,
    SurveyOption,
    SurveySection,
)

_WHOLE = (
    joinedload(InstrumentVersion.instrument),
    selectinload(InstrumentVersion.sections)
    .selectinload(SurveySection.items)
    .selectinload(SurveyItem.options),
)


def listed(session: Session) -> Sequence[Instrument]:
    """All instruments with their versions, by code."""
    return session.scalars(
        select(Instrument).options(selectinload(Instrument.versions)).order_by(Instrument.code)
    ).all()


def by_id(session: Session, instrument_id: int) -> Instrument | None:
    """One instrument with its versions."""
    return session.scalar(
        select(Instrument)
        .where(Instrument.id == instrument_id)
        .options(selectinload(Instrument.versions))
    )


def code_taken(session: Session, code: str) -> bool:
    """Whether an instrument has this code."""
    return bool(session.scalar(select(exists().where(Instrument.code == code))))


def version(
    session: Session, instrument_id: int, number: int | None = None
) -> InstrumentVersion | None:
    """A version with all it asks, the newest one unless a number is given; read anew."""
    query = select(InstrumentVersion).where(InstrumentVersion.instrument_id == instrument_id)
    if number is not None:
        query = query.where(InstrumentVersion.number == number)
    return _whole(session, query.order_by(InstrumentVersion.number.desc()).limit(1))


def version_by_id(session: Session, version_id: int) -> InstrumentVersion | None:
    """A version with all it asks; read anew."""
    return _whole(session, select(InstrumentVersion).where(InstrumentVersion.id == version_id))


def _whole(session: Session, query: Select[Any]) -> InstrumentVersion | None:
    found: InstrumentVersion | None = session.scalar(
        query.options(*_WHOLE), execution_options={"populate_existing": True}
    )
    return found


def published(session: Session) -> Sequence[InstrumentVersion]:
    """Every published version with its instrument, the newest of each first."""
    return session.scalars(
        select(InstrumentVersion)
        .where(InstrumentVersion.published_at.is_not(None))
        .options(joinedload(InstrumentVersion.instrument))
        .order_by(InstrumentVersion.instrument_id, InstrumentVersion.number.desc())
    ).all()


def is_used(session: Session, version_id: int) -> bool:
    """Whether a survey asks this version."""
    return bool(session.scalar(select(exists().where(Survey.version_id == version_id))))


def surveys_by_version(session: Session, instrument_id: int) -> Mapping[int, int]:
    """How many surveys each version of an instrument has."""
    rows: Sequence[Any] = session.execute(
        select(Survey.version_id, func.count())
        .join(InstrumentVersion, InstrumentVersion.id == Survey.version_id)
        .where(InstrumentVersion.instrument_id == instrument_id)
        .group_by(Survey.version_id)
    ).all()
    return {row[0]: row[1] for row in rows}


def item(session: Session, item_id: int) -> SurveyItem | None:
    """One item with its options."""
    return session.scalar(
        select(SurveyItem).where(SurveyItem.id == item_id).options(selectinload(SurveyItem.options))
    )


def section(session: Session, section_id: int) -> SurveySection | None:
    """One section."""
    return session.get(SurveySection, section_id)


def instrument_of(session: Session, version_id: int) -> int:
    """The instrument that a version belongs to."""
    return session.get_one(InstrumentVersion, version_id).instrument_id


def last_asked(
    session: Session, instrument_id: int, before_number: int, code: str
) -> SurveyItem | None:
    """The item with this code in the latest earlier version that had one, with its options."""
    return session.scalar(
        select(SurveyItem)
        .join(InstrumentVersion, InstrumentVersion.id == SurveyItem.version_id)
        .where(
            InstrumentVersion.instrument_id == instrument_id,
            InstrumentVersion.number < before_number,
            SurveyItem.code == code,
        )
        .order_by(InstrumentVersion.number.desc())
        .limit(1)
        .options(selectinload(SurveyItem.options))
    )


def options_of(session: Session, item_id: int) -> Sequence[SurveyOption]:
    """The options of an item, in their order."""
    return session.scalars(
        select(SurveyOption)
        .where(SurveyOption.item_id == item_id)
        .order_by(SurveyOption.position, SurveyOption.id)
    ).all()
