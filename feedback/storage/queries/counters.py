"""Counters, their kiosks, and their ratings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.counter_ratings import Counts
from feedback.storage.models import Counter, CounterRating, Kiosk


def by_code(session: Session, code: str) -> Counter | None:
    """A counter by its public code, with its unit."""
    return session.scalar(
        select(Counter).where(Counter.code == code).options(joinedload(Counter.unit))
    )


def by_id(session: Session, counter_id: int) -> Counter | None:
    """A counter by its id, with its unit."""
    return session.scalar(
        select(Counter).where(Counter.id == counter_id).options(joinedload(Counter.unit))
    )


def listed(
    session: Session, *, unit_id: int | None = None, active_only: bool = False
) -> Sequence[Counter]:
    """Counters with their units, of one unit or of all, by unit and name."""
    query: Any = select(Counter).options(joinedload(Counter.unit))
    if unit_id is not None:
        query = query.where(Counter.unit_id == unit_id)
    if active_only:
        query = query.where(Counter.active)
    return session.scalars(
        query.order_by(Counter.active.desc(), Counter.unit_id, Counter.name_vi, Counter.id)
    ).all()


def kiosks_of(session: Session, counter_id: int) -> Sequence[Kiosk]:
    """The devices of a counter, the newest first."""
    return session.scalars(
        select(Kiosk).where(Kiosk.counter_id == counter_id).order_by(Kiosk.id.desc())
    ).all()


def kiosk(session: Session, kiosk_id: int) -> Kiosk | None:
    """One device."""
    return session.get(Kiosk, kiosk_id)


def invited(session: Session, invitation: str) -> Kiosk | None:
    """The device that a one-time link is for, by the hash of its secret."""
    return session.scalar(
        select(Kiosk).where(Kiosk.invitation == invitation).options(joinedload(Kiosk.counter))
    )


def last_press(session: Session, counter_id: int, device: str) -> datetime | None:
    """When a device last rated a counter."""
    return session.scalar(
        select(func.max(CounterRating.rated_at)).where(
            CounterRating.device == device, CounterRating.counter_id == counter_id
        )
    )


def presses_since(session: Session, counter_id: int, since: datetime) -> Sequence[datetime]:
    """When a counter was rated after a moment, in order."""
    return session.scalars(
        select(CounterRating.rated_at)
        .where(CounterRating.counter_id == counter_id, CounterRating.rated_at > since)
        .order_by(CounterRating.rated_at)
    ).all()


def rating_by_token(session: Session, token: str) -> CounterRating | None:
    """The rating that its maker's secret opens."""
    return session.scalar(
        select(CounterRating)
        .where(CounterRating.token == token)
        .options(joinedload(CounterRating.counter))
    )


def counts(
    session: Session, counter_ids: Collection[int], since: datetime, until: datetime
) -> Mapping[int, Counts]:
    """How many ratings each counter has between two moments, by channel, level and flag."""
    flagged = case((CounterRating.flag.is_not(None), 1), else_=0)
    rows = session.execute(
        select(
            CounterRating.counter_id,
            CounterRating.channel,
            CounterRating.level,
            flagged.label("flagged"),
            func.count().label("ratings"),
        )
        .where(CounterRating.counter_id.in_(counter_ids), *_between(since, until))
        .group_by(CounterRating.counter_id, CounterRating.channel, CounterRating.level, flagged)
    )
    found: dict[int, dict[Any, int]] = {}
    for row in rows:
        key = (row.channel, row.level, bool(row.flagged))
        found.setdefault(row.counter_id, {})[key] = row.ratings
    return found


def totals(session: Session, counter_ids: Collection[int]) -> Mapping[int, int]:
    """How many ratings each counter has ever had."""
    rows: Sequence[Any] = session.execute(
        select(CounterRating.counter_id, func.count())
        .where(CounterRating.counter_id.in_(counter_ids))
        .group_by(CounterRating.counter_id)
    ).all()
    return {row[0]: row[1] for row in rows}


def remarks(
    session: Session, counter_ids: Collection[int], since: datetime, until: datetime, limit: int
) -> Sequence[CounterRating]:
    """The newest ratings of these counters that say more than a face."""
    says_more = or_(CounterRating.comment != "", CounterRating.reason.is_not(None))
    return session.scalars(
        select(CounterRating)
        .where(CounterRating.counter_id.in_(counter_ids), says_more, *_between(since, until))
        .order_by(CounterRating.rated_at.desc(), CounterRating.id.desc())
        .limit(limit)
    ).all()


def _between(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (and_(CounterRating.rated_at >= since, CounterRating.rated_at < until),)
