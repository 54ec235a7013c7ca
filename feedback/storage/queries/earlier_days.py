"""Day rows of a whole or of its parts, and what ran on, for windows that have no ready row."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.domain.measures import CITY
from feedback.domain.states import Outcome, ReportState
from feedback.storage.models import Report, Round, StatisticsDay, StatisticsReady
from feedback.storage.queries.statistics import AT_ONCE, OPEN_STATES


def day_rows(
    session: Session, whole: str, by: str | None, window: tuple[date, date], *, times: bool
) -> Iterator[Any]:
    """The day rows of a scope, or of its parts of a kind: scope, day, counts, and `times`.

    The times are None unless they are wanted; they are much.
    """
    columns = [StatisticsDay.scope, StatisticsDay.day, StatisticsDay.counts]
    if times:
        columns.append(StatisticsDay.times)
    query = select(*columns).where(
        StatisticsDay.day.between(*window), _chosen(StatisticsDay.scope, whole, by)
    )
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield row.scope, row.day, row.counts, row.times if times else None


def ready_rows(
    session: Session, whole: str, by: str | None, period: str
) -> Sequence[StatisticsReady]:
    """The ready rows of a scope, or of its parts of a kind, for one window."""
    return session.scalars(
        select(StatisticsReady).where(
            StatisticsReady.period == period, _chosen(StatisticsReady.scope, whole, by)
        )
    ).all()


def ran_on(session: Session, received_before: datetime, as_of: datetime) -> list[int]:
    """Reports received before a moment of which some time may have run on at `as_of`.

    Those that are open or have a promise not shown to be kept now, and those changed since; what
    really ran on then, their histories say.
    """
    promised = select(Round.report_id).where(
        Round.outcome == Outcome.PLANNED, Round.promise_kept_at.is_(None)
    )
    running = or_(
        Report.state.in_(OPEN_STATES),
        and_(Report.state == ReportState.CLOSED, Report.id.in_(promised)),
        Report.changed_at > as_of,
    )
    query = select(Report.id).where(Report.received_at < received_before, running)
    return sorted(session.scalars(query))


def _chosen(scope: InstrumentedAttribute[str], whole: str, by: str | None) -> ColumnElement[bool]:
    if by is None:
        return scope == whole
    if whole == CITY:
        return and_(scope.like(f"{by}:%"), scope.not_like("%/%"))
    return scope.like(f"{whole}/%" if whole.startswith("unit:") else f"%/{whole}")
