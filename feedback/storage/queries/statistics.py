"""What the figures are computed from, and the rows they are kept in."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from feedback.domain.histories import Entry
from feedback.domain.measures import CITY, STANDING, Figure
from feedback.domain.states import FINISHED_REPORT_STATES, ReportState
from feedback.domain.timelines import COUNTED_KINDS, ReportFacts, RoundFacts
from feedback.storage.models import (
    Area,
    Category,
    HistoryEntry,
    Rating,
    Report,
    Round,
    ServiceLevel,
    StatisticsDay,
    StatisticsDirty,
    StatisticsReady,
    Unit,
)

Span = tuple[datetime, datetime]  # the end is not included
Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]

AT_ONCE = 1_000  # ids in one statement, and reports held in memory
SPANS_AT_ONCE = 50
DAY_MOMENTS: tuple[tuple[Moment, InstrumentedAttribute[int]], ...] = (
    (Report.received_at, Report.id),
    (Round.started_at, Round.report_id),
    (Round.original_due, Round.report_id),
    (Round.due, Round.report_id),
    (Round.closed_at, Round.report_id),
    (Rating.rated_at, Rating.report_id),
)
OPEN_STATES = tuple(state for state in ReportState if state not in FINISHED_REPORT_STATES)


# What has to be done


def dirty_days(session: Session) -> dict[int, date]:
    """Every mark on a day that must be recomputed, by its id."""
    rows = session.execute(select(StatisticsDirty.id, StatisticsDirty.day))
    return {row.id: row.day for row in rows}


def data_time(session: Session) -> datetime | None:
    """The moment the figures stand at; None when none have been computed."""
    return session.scalar(
        select(func.max(StatisticsReady.data_time)).where(StatisticsReady.scope == CITY)
    )


def latest_change(session: Session) -> datetime | None:
    """When the latest change of any report was made."""
    return session.scalar(select(Report.changed_at).order_by(Report.changed_at.desc()).limit(1))


def first_received(session: Session) -> datetime | None:
    """When the first report came in."""
    return session.scalar(select(Report.received_at).order_by(Report.received_at).limit(1))


def due_moments(session: Session, after: datetime, until: datetime) -> set[datetime]:
    """Due moments of rounds, both kinds, later than `after` and not later than `until`."""
    found: set[datetime] = set()
    for column in (Round.original_due, Round.due):
        found.update(session.scalars(select(column).where(column > after, column <= until)))
    return found


# Histories


def reports_on(session: Session, spans: Sequence[Span]) -> list[int]:
    """Reports with a moment that counts in one of the spans, and those whose lead waits now.

    The due moment of a waiting round moves on with the clock and stands in no column.
    """
    found = set(session.scalars(select(Report.id).where(Report.state == ReportState.WAITING)))
    for start in range(0, len(spans), SPANS_AT_ONCE):
        chunk = spans[start : start + SPANS_AT_ONCE]
        found.update(
            session.scalars(
                union(*(select(of).where(_within(moment, chunk)) for moment, of in DAY_MOMENTS))
            )
        )
    return sorted(found)


def histories(session: Session, report_ids: Sequence[int]) -> Iterator[list[Entry]]:
    """The counted history of each report, oldest entry first, read many reports at a time."""
    for start in range(0, len(report_ids), AT_ONCE):
        rows = session.execute(
            select(
                HistoryEntry.report_id,
                HistoryEntry.at,
                HistoryEntry.kind,
                HistoryEntry.actor_kind,
                HistoryEntry.unit_id,
                HistoryEntry.public,
                HistoryEntry.data,
            )
            .where(
                HistoryEntry.report_id.in_(report_ids[start : start + AT_ONCE]),
                HistoryEntry.kind.in_(COUNTED_KINDS),
            )
            .order_by(HistoryEntry.report_id, HistoryEntry.id)
        )
        for _, entries in groupby(rows, key=itemgetter(0)):
            yield [Entry(*entry) for entry in entries]


def open_reports(session: Session) -> list[ReportFacts]:
    """Every open report with its open round, from the live tables."""
    rows = session.execute(
        select(
            Report.id,
            Report.received_at,
            Report.category_id,
            Report.area_id,
            Round.number,
            Round.started_at,
            Round.clock,
            ServiceLevel.waiting_limit_minutes,
            Round.original_due,
            Round.due,
            Round.unit_id,
            Round.waited_minutes,
            Round.waiting_since,
        )
        .outerjoin(Round, and_(Round.report_id == Report.id, Round.closed_at.is_(None)))
        .outerjoin(ServiceLevel, ServiceLevel.id == Round.service_level_id)
        .where(Report.state.in_(OPEN_STATES))
        .order_by(Report.id)
    )
    return [
        ReportFacts(*row[:4], rounds=[RoundFacts(*row[4:])] if row.number is not None else [])
        for row in rows
    ]


# Rows


def day_rows(
    session: Session, scopes: Sequence[str], first: date, last: date
) -> dict[str, dict[date, dict[str, Any]]]:
    """The day rows of some scopes from one day to another, by scope and day."""
    rows = session.execute(
        select(StatisticsDay.scope, StatisticsDay.day, StatisticsDay.figures).where(
            StatisticsDay.scope.in_(scopes), StatisticsDay.day.between(first, last)
        )
    )
    found: dict[str, dict[date, dict[str, Any]]] = {scope: {} for scope in scopes}
    for scope, day, figures in rows:
        found[scope][day] = figures
    return found


def rows_of_days(session: Session, days: Iterable[date]) -> dict[tuple[str, date], dict[str, Any]]:
    """The day rows of every scope on some days."""
    rows = session.execute(
        select(StatisticsDay.scope, StatisticsDay.day, StatisticsDay.figures).where(
            StatisticsDay.day.in_(list(days))
        )
    )
    return {(scope, day): figures for scope, day, figures in rows}


def known_days(session: Session) -> list[date]:
    """Every day that has a row."""
    return list(session.scalars(select(StatisticsDay.day).distinct()))


def known_scopes(session: Session) -> set[str]:
    """Every scope that has a row of either kind."""
    return set(session.scalars(union(select(StatisticsDay.scope), select(StatisticsReady.scope))))


def ready_rows(session: Session) -> Sequence[StatisticsReady]:
    """Every ready row."""
    return session.scalars(select(StatisticsReady).order_by(StatisticsReady.scope)).all()


def ready_row(session: Session, scope: str, window_days: int) -> StatisticsReady | None:
    """The ready row of one scope and window."""
    return session.get(StatisticsReady, (scope, window_days))


def board(session: Session, window_days: int) -> Sequence[StatisticsReady]:
    """The ready rows of the city, its units and its categories for one window."""
    scope = StatisticsReady.scope
    return session.scalars(
        select(StatisticsReady).where(
            StatisticsReady.window_days == window_days,
            or_(scope == CITY, scope.like("unit:%"), scope.like("category:%")),
            scope.not_like("%/%"),
        )
    ).all()


# The cases behind a figure


def cases_in(
    session: Session,
    figure: Figure,
    span: Span,
    as_of: datetime,
    *,
    unit_id: int | None,
    category_id: int | None,
    area_id: int | None,
) -> list[int]:
    """Reports that may have added to a figure in a span and a scope at `as_of`.

    A report changed since may have stood elsewhere then, and the due moment of a waiting one
    stands in no column, so these are always looked at.
    """
    moment = _moment_of(figure)
    of_report = moment is None or moment is Report.received_at
    unit = Report.unit_id if of_report else Round.unit_id
    wanted = ((unit, unit_id), (Report.category_id, category_id), (Report.area_id, area_id))
    there = [column == value for column, value in wanted if value is not None]
    if moment is None:
        there.append(Report.state.in_(OPEN_STATES))
    else:
        there += [moment >= span[0], moment < span[1]]
    query = select(Report.id).outerjoin(Round, Round.report_id == Report.id)
    if moment is Rating.rated_at:
        query = query.outerjoin(Rating, Rating.round_id == Round.id)
    unsure = or_(Report.changed_at > as_of, Report.state == ReportState.WAITING)
    return sorted(session.scalars(query.where(or_(and_(*there), unsure)).distinct()))


def open_at(session: Session, as_of: datetime) -> list[int]:
    """Reports that may have been open at `as_of`: those open now, and those changed since."""
    query = select(Report.id).where(or_(Report.state.in_(OPEN_STATES), Report.changed_at > as_of))
    return sorted(session.scalars(query))


def _moment_of(figure: Figure) -> Moment | None:
    """The column that holds a figure's moment; None for what stands now."""
    if figure in STANDING:
        return None
    return next(column for prefix, column in _MOMENTS if figure.startswith(prefix))


_MOMENTS: tuple[tuple[str, Moment], ...] = (
    ("received", Report.received_at),
    ("excluded", Report.received_at),
    ("started", Round.started_at),
    ("finished", Round.started_at),
    ("due_original", Round.original_due),
    ("due", Round.due),
    ("closed", Round.closed_at),
    ("rated", Rating.rated_at),
)


def listed_reports(session: Session, report_ids: Sequence[int]) -> dict[int, Report]:
    """Reports for a list, by id."""
    rows = session.scalars(
        select(Report)
        .where(Report.id.in_(report_ids))
        .options(joinedload(Report.category), joinedload(Report.area))
    )
    return {report.id: report for report in rows}


# Names


def units(session: Session) -> Sequence[Unit]:
    """Every unit there is or was."""
    return session.scalars(select(Unit)).all()


def categories(session: Session) -> Sequence[Category]:
    """Every category there is or was."""
    return session.scalars(select(Category)).all()


def unit(session: Session, unit_id: int | None) -> Unit | None:
    """The unit of a scope."""
    return session.get(Unit, unit_id) if unit_id is not None else None


def category(session: Session, category_id: int | None) -> Category | None:
    """The category of a scope."""
    return session.get(Category, category_id) if category_id is not None else None


def area(session: Session, area_id: int | None) -> Area | None:
    """The area of a scope."""
    return session.get(Area, area_id) if area_id is not None else None


def _within(moment: Moment, spans: Sequence[Span]) -> ColumnElement[bool]:
    return or_(*(and_(moment >= start, moment < end) for start, end in spans))
