"""Day rows of a whole or of its parts, and what ran on, for windows that have no ready row."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.domain.measures import CITY
from feedback.domain.periods import Window
from feedback.domain.states import Outcome, ReportState
from feedback.storage.models import Report, Round, StatisticsDay, StatisticsReady
from feedback.storage.queries.statistics import AT_ONCE, is_open


def day_rows(
    session: Session, whole: str, by: str | None, window: Window, *, times: bool
) -> Iterator[tuple[str, date, dict[str, Any], dict[str, Any] | None]]:
    """The day rows of a scope, or of its parts of a kind: scope, day, counts, and `times`.

    The counts are without the flows. The times are None unless they are wanted; they are much.
    """
    columns = [StatisticsDay.scope, StatisticsDay.day, StatisticsDay.counts["counts"]]
    if times:
        columns.append(StatisticsDay.times)
    query = select(*columns).where(
        StatisticsDay.day.between(window.first, window.last),
        _chosen(StatisticsDay.scope, whole, by),
    )
    for scope, day, counts, *told in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield scope, day, counts, told[0] if told else None


def day_flows(
    session: Session, whole: str, by: str | None, after: date, last: date
) -> Iterator[tuple[str, date, dict[str, int]]]:
    """The flows of the days of a scope, or of its parts of a kind, from after a day to another."""
    query = select(StatisticsDay.scope, StatisticsDay.day, StatisticsDay.counts["flows"]).where(
        StatisticsDay.day > after,
        StatisticsDay.day <= last,
        _chosen(StatisticsDay.scope, whole, by),
    )
    rows = session.execute(query.execution_options(yield_per=AT_ONCE))
    return ((scope, day, flows) for scope, day, flows in rows)


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
        is_open(),
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
