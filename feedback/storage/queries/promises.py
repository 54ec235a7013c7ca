"""What units have promised in the answers of closed reports, and not shown to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.states import ReportState
from feedback.storage.models import Report, Round

COUNT_CAP = 99


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: behind the round with this promised day and id."""

    promised_on: date
    round_id: int


def awaited(
    session: Session, unit_id: int | None, after: Position | None, limit: int
) -> Sequence[Round]:
    """A page of the open promises of a unit, or of the whole city, the earliest day first."""
    query: Any = _open(select(Round), unit_id)
    if after is not None:
        later = and_(Round.promised_on == after.promised_on, Round.id > after.round_id)
        query = query.where(or_(Round.promised_on > after.promised_on, later))
    whole = joinedload(Round.report)
    query = query.options(
        whole.joinedload(Report.category), whole.joinedload(Report.area), joinedload(Round.unit)
    )
    return session.scalars(query.order_by(Round.promised_on, Round.id).limit(limit)).all()


def count_due(session: Session, unit_id: int | None, until: date) -> int:
    """How many open promises are for `until` or an earlier day, counted to just above the cap."""
    query: Any = _open(select(Round.id), unit_id).where(Round.promised_on <= until)
    capped = query.limit(COUNT_CAP + 1).subquery()
    return session.scalar(select(func.count()).select_from(capped)) or 0


def _open(query: Any, unit_id: int | None) -> Any:
    """Promised at the close that still stands: a report reopened since owes something else."""
    query = query.join(Report, Round.report_id == Report.id).where(
        Round.promised_on.is_not(None),
        Round.promise_kept_at.is_(None),
        Report.state == ReportState.CLOSED,
        Report.closed_at == Round.closed_at,
    )
    return query if unit_id is None else query.where(Round.unit_id == unit_id)
