"""Closes after which the same was reported again nearby."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from feedback.domain.geography import box_around
from feedback.domain.states import ReportState
from feedback.storage.models import Report


@dataclass(frozen=True, slots=True)
class Pair:
    """A report, and a closed one of its category near it that it may repeat."""

    report_id: int
    closed_id: int
    received_at: datetime
    closed_at: datetime
    point: tuple[float, float]
    closed_point: tuple[float, float]


def placed(session: Session) -> Sequence[int]:
    """Every report whose category and point are known."""
    known = and_(Report.category_id.is_not(None), Report.latitude.is_not(None))
    return session.scalars(select(Report.id).where(known).order_by(Report.id)).all()


def possible(
    session: Session, report_ids: Sequence[int], *, metres: float, period: timedelta
) -> list[Pair]:
    """Closes a little wider than `metres` round some reports and `period` before they came in."""
    new, old = aliased(Report), aliased(Report)
    mine = new.id.in_(report_ids)
    located = and_(new.latitude.is_not(None), new.longitude.is_not(None))
    edges: Any = session.execute(
        select(
            func.min(new.latitude), func.max(func.abs(new.latitude)), func.min(new.received_at)
        ).where(mine, located)
    ).one()
    if edges[0] is None:
        return []
    # The farther from the equator, the more degrees a metre is.
    south, west, north, east = box_around(float(edges[1]), 0.0, metres)
    high, wide = north - south, east - west
    rows: Any = session.execute(
        select(
            new.id,
            old.id,
            new.received_at,
            old.closed_at,
            new.latitude,
            new.longitude,
            old.latitude,
            old.longitude,
        )
        .join(
            old,
            and_(
                old.category_id == new.category_id,
                old.id != new.id,
                old.state == ReportState.CLOSED,
                old.closed_at <= new.received_at,
                old.closed_at >= edges[2] - period,
                old.latitude.between(new.latitude - high, new.latitude + high),
                old.longitude.between(new.longitude - wide, new.longitude + wide),
            ),
        )
        .where(mine, located)
        .order_by(new.id, old.id)
    )
    return [
        Pair(new_id, old_id, received_at, closed_at, (latitude, longitude), (old_lat, old_lon))
        for new_id, old_id, received_at, closed_at, latitude, longitude, old_lat, old_lon in rows
    ]
