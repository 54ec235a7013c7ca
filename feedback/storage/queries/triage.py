"""Reports that no rule could send to a unit, or that came back from one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.histories import HistoryKind
from feedback.domain.states import ReportState
from feedback.storage.models import Area, HistoryEntry, Report

COUNT_CAP = 1_000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after the report with this moment and id."""

    received_at: datetime
    report_id: int


def waiting(session: Session, after: Position | None, limit: int) -> Sequence[Report]:
    """A page of the reports a dispatcher has to decide on, oldest first."""
    query: Any = select(Report).where(Report.state == ReportState.RECEIVED)
    if after is not None:
        later = and_(Report.received_at == after.received_at, Report.id > after.report_id)
        query = query.where(or_(Report.received_at > after.received_at, later))
    return session.scalars(
        query.options(joinedload(Report.category), joinedload(Report.area).defer(Area.geometry))
        .order_by(Report.received_at, Report.id)
        .limit(limit)
    ).all()


def count(session: Session) -> int:
    """How many there are, counted to just above `COUNT_CAP`."""
    capped = select(Report.id).where(Report.state == ReportState.RECEIVED).limit(COUNT_CAP + 1)
    return session.scalar(select(func.count()).select_from(capped.subquery())) or 0


def last_entries(
    session: Session, report_ids: Sequence[int], kinds: Iterable[HistoryKind]
) -> dict[int, HistoryEntry]:
    """The latest entry of these kinds of each report that has one, by report id."""
    found = session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.report_id.in_(report_ids),
            HistoryEntry.kind.in_(kinds),
        )
        .options(joinedload(HistoryEntry.unit))
        .order_by(HistoryEntry.id)
    )
    return {entry.report_id: entry for entry in found}
