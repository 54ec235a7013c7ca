"""What the figures are computed from, and the rows they are kept in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from feedback.domain.histories import Entry
from feedback.domain.measures import CITY
from feedback.domain.states import (
    FINISHED_REPORT_STATES,
    AssignmentState,
    Outcome,
    ReportState,
)
from feedback.domain.timelines import COUNTED_KINDS, HeldFacts, ReportFacts, RoundFacts
from feedback.storage.models import (
    Assignment,
    HistoryEntry,
    Report,
    Round,
    ServiceLevel,
    StatisticsDay,
    StatisticsReady,
)
from feedback.storage.queries import figure_marks
from feedback.storage.queries.figure_marks import Marks

Span = tuple[datetime, datetime]  # the end is not included
Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]

AT_ONCE = 1_000  # ids in one statement, and reports held in memory
SPANS_AT_ONCE = 50
OPEN_STATES = tuple(state for state in ReportState if state not in FINISHED_REPORT_STATES)


# When


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


def reports_due(session: Session, after: datetime, until: datetime) -> set[int]:
    """Reports with a due moment, of either kind, later than `after` and not later than `until`."""
    found: set[int] = set()
    for column in (Round.original_due, Round.due):
        query = select(Round.report_id).where(column > after, column <= until)
        found.update(session.scalars(query))
    return found


def reports_promised(session: Session, first: date, before: date) -> set[int]:
    """Reports of which something was promised for a day from `first` on, earlier than `before`."""
    query = select(Round.report_id).where(Round.promised_on >= first, Round.promised_on < before)
    return set(session.scalars(query))


# Histories


def reports_on(session: Session, days: Sequence[date], spans: Sequence[Span]) -> list[int]:
    """Reports with a moment that counts on one of the days, which are also given as spans.

    Every moment is a history entry's, but for due moments and promised days. Those whose lead
    waits now are always among them: their due moment moves on with the clock, in no column.
    """
    found = set(session.scalars(select(Round.report_id).where(Round.waiting_since.is_not(None))))
    for start in range(0, len(spans), SPANS_AT_ONCE):
        chunk = spans[start : start + SPANS_AT_ONCE]
        found.update(
            session.scalars(
                union(
                    *(select(of).where(_within(moment, chunk)) for moment, of in _DAY_MOMENTS),
                )
            )
        )
    promised = select(Round.report_id).where(Round.promised_on.in_(days))
    return sorted(found.union(session.scalars(promised)))


_DAY_MOMENTS: tuple[tuple[Moment, InstrumentedAttribute[int]], ...] = (
    (HistoryEntry.at, HistoryEntry.report_id),
    (Round.original_due, Round.report_id),
    (Round.due, Round.report_id),
)


def histories(session: Session, report_ids: Sequence[int]) -> Iterator[list[Entry]]:
    """The counted history of each report, oldest entry first, read many reports at a time."""
    for start in range(0, len(report_ids), AT_ONCE):
        for history in _versioned(session, report_ids[start : start + AT_ONCE]):
            yield [entry for _, entry in history]


def told_histories(
    session: Session, report_ids: Sequence[int], taken_on: Marks
) -> Iterator[list[tuple[int, Entry]]]:
    """The same with the version each entry came with, as far as a refresh may tell of it.

    What a change has written whose mark is not among those taken on is left out. Marks are read
    after the entries, so that no such change is missed, however late it commits.
    """
    for start in range(0, len(report_ids), AT_ONCE):
        some = report_ids[start : start + AT_ONCE]
        found = list(_versioned(session, some))
        later = figure_marks.later_changes(session, some, taken_on)
        for history in found:
            first = later.get(history[0][1].report_id)
            told = [one for one in history if first is None or one[0] < first]
            if told:
                yield told


def _versioned(session: Session, report_ids: Sequence[int]) -> Iterator[list[tuple[int, Entry]]]:
    rows = session.execute(
        select(
            HistoryEntry.report_version,
            HistoryEntry.report_id,
            HistoryEntry.at,
            HistoryEntry.kind,
            HistoryEntry.actor_kind,
            HistoryEntry.unit_id,
            HistoryEntry.public,
            HistoryEntry.data,
        )
        .where(HistoryEntry.report_id.in_(report_ids), HistoryEntry.kind.in_(COUNTED_KINDS))
        .order_by(HistoryEntry.report_id, HistoryEntry.id)
    )
    for _, entries in groupby(rows, key=itemgetter(1)):
        yield [(version, Entry(*entry)) for version, *entry in entries]


def is_open() -> ColumnElement[bool]:
    """A report is open. Spelt with the words themselves, or the index of these is not used."""
    words: Any = bindparam("open_states", OPEN_STATES, expanding=True, literal_execute=True)
    return Report.state.in_(words)


def running_reports(session: Session) -> list[ReportFacts]:
    """Every report of which some time runs on, from the live tables: the open ones, and those
    closed with a promise that nobody has shown to be kept.

    Read in one statement, so that what commits meanwhile is in it as a whole or not at all.
    """
    reports: dict[int, ReportFacts] = {}
    for report_id, received_at, category_id, area_id, answered_at, *row in session.execute(
        select(
            Report.id,
            Report.received_at,
            Report.category_id,
            Report.area_id,
            Report.first_answered_at,
            Round.number,
            Round.started_at,
            Round.clock,
            ServiceLevel.waiting_limit_minutes,
            Round.original_due,
            Round.due,
            Round.unit_id,
            Round.waited_minutes,
            Round.waiting_since,
            Round.closed_at,
            Round.outcome,
            Round.minutes,
            Round.promised_on,
            Round.promise_kept_at,
        )
        .outerjoin(Round, Round.report_id == Report.id)
        .outerjoin(ServiceLevel, ServiceLevel.id == Round.service_level_id)
        .where(_runs_on())
        .order_by(Report.id, Round.number)
    ):
        report = reports.get(report_id)
        if report is None:
            report = ReportFacts(report_id, received_at, category_id, area_id, answered_at)
            reports[report_id] = report
        if row[0] is not None:
            report.rounds.append(RoundFacts(*row))
    _add_holders(session, reports)
    return list(reports.values())


def waiting_rounds(session: Session) -> list[tuple[int, RoundFacts]]:
    """The rounds whose lead waits for a citizen now, by report, as far as due moments need."""
    rows = session.execute(
        select(
            Round.report_id,
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
        .join(ServiceLevel, ServiceLevel.id == Round.service_level_id)
        .where(Round.waiting_since.is_not(None))
        .order_by(Round.id)
    )
    return [(report_id, RoundFacts(*row)) for report_id, *row in rows]


def _add_holders(session: Session, reports: dict[int, ReportFacts]) -> None:
    """Who holds each open report, and to whom it lies dispatched and not taken up."""
    for report_id, unit_id in session.execute(
        select(Report.id, Assignment.unit_id)
        .join(Assignment, Assignment.id == Report.lead_assignment_id)
        .where(is_open(), Report.state != ReportState.RECEIVED)
    ):
        if report_id in reports:
            reports[report_id].holder_id = unit_id
    for row in session.execute(
        select(Assignment.report_id, Assignment.unit_id, Assignment.dispatched_at, Round.clock)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.state == AssignmentState.DISPATCHED)
        .order_by(Assignment.id)
    ):
        if row.report_id in reports:
            held = HeldFacts(row.unit_id, row.dispatched_at, row.clock)
            reports[row.report_id].held.append(held)


def _runs_on() -> ColumnElement[bool]:
    promised = select(Round.report_id).where(
        Round.outcome == Outcome.PLANNED, Round.promise_kept_at.is_(None)
    )
    awaited = and_(
        Report.state == ReportState.CLOSED,
        Report.outcome == Outcome.PLANNED,
        Report.id.in_(promised),
    )
    return or_(is_open(), awaited)


def running_at(session: Session, as_of: datetime) -> list[int]:
    """Reports of which some time may have run on at `as_of`: now, or changed since."""
    query = select(Report.id).where(or_(_runs_on(), Report.changed_at > as_of))
    return sorted(session.scalars(query))


# Rows


def day_rows(session: Session, scopes: Sequence[str], first: date, last: date) -> Iterator[Any]:
    """The day rows of some scopes from one day to another: scope, day, counts, times."""
    query = select(
        StatisticsDay.scope, StatisticsDay.day, StatisticsDay.counts, StatisticsDay.times
    ).where(StatisticsDay.scope.in_(scopes), StatisticsDay.day.between(first, last))
    yield from session.execute(query.execution_options(yield_per=AT_ONCE))


def day_counts(session: Session, scope: str, first: date, last: date) -> dict[date, dict[str, Any]]:
    """The counts of one scope's days from one day to another, without flows and times."""
    counts = StatisticsDay.counts["counts"].label("counts")
    rows = session.execute(_days_of(scope, first, last, counts))
    return {row.day: row.counts for row in rows}


def day_flows(session: Session, scope: str, first: date, last: date) -> dict[date, dict[str, Any]]:
    """The flows of one scope's days from one day to another; they grow with a city's years."""
    flows = StatisticsDay.counts["flows"].label("flows")
    rows = session.execute(_days_of(scope, first, last, flows))
    return {row.day: row.flows for row in rows}


def _days_of(scope: str, first: date, last: date, told: Any) -> Select[Any]:
    return select(StatisticsDay.day, told).where(
        StatisticsDay.scope == scope, StatisticsDay.day.between(first, last)
    )


def counts_between(
    session: Session, first: date, last: date
) -> list[tuple[str, date, dict[str, Any]]]:
    """The counts of every scope's days from one day to another."""
    rows = session.execute(
        select(StatisticsDay.scope, StatisticsDay.day, StatisticsDay.counts).where(
            StatisticsDay.day.between(first, last)
        )
    )
    return [(row.scope, row.day, row.counts) for row in rows]


def rows_of_days(session: Session, days: Iterable[date]) -> dict[tuple[str, date], Any]:
    """Counts and times of every scope on some days."""
    rows = session.execute(
        select(
            StatisticsDay.scope, StatisticsDay.day, StatisticsDay.counts, StatisticsDay.times
        ).where(StatisticsDay.day.in_(list(days)))
    )
    return {(scope, day): (counts, times) for scope, day, counts, times in rows}


def rows_at(session: Session, keys: Collection[tuple[str, date]]) -> dict[tuple[str, date], Any]:
    """Counts and times of some scopes on some days, by scope and day."""
    scopes_by_day: dict[date, list[str]] = defaultdict(list)
    for scope, day in sorted(keys):
        scopes_by_day[day].append(scope)
    found = {}
    for day, scopes in scopes_by_day.items():
        for start in range(0, len(scopes), AT_ONCE):
            some = scopes[start : start + AT_ONCE]
            rows = session.execute(
                select(StatisticsDay.scope, StatisticsDay.counts, StatisticsDay.times).where(
                    StatisticsDay.day == day, StatisticsDay.scope.in_(some)
                )
            )
            found.update({(scope, day): (counts, times) for scope, counts, times in rows})
    return found


def known_days(session: Session) -> list[date]:
    """Every day that has a row."""
    return list(session.scalars(select(StatisticsDay.day).distinct()))


def days_of_scopes(session: Session) -> dict[str, set[date]]:
    """The days each scope has a row for."""
    found: dict[str, set[date]] = {}
    for scope, day in session.execute(select(StatisticsDay.scope, StatisticsDay.day)):
        found.setdefault(scope, set()).add(day)
    return found


def known_scopes(session: Session) -> set[str]:
    """Every scope that has a row of either kind."""
    return set(session.scalars(union(select(StatisticsDay.scope), select(StatisticsReady.scope))))


def ready_rows(session: Session) -> Sequence[StatisticsReady]:
    """Every ready row."""
    return session.scalars(select(StatisticsReady).order_by(StatisticsReady.scope)).all()


def ready_row(session: Session, scope: str, period: str) -> StatisticsReady | None:
    """The ready row of one scope and window."""
    return session.get(StatisticsReady, (scope, period))


def ready_rows_of(
    session: Session, scopes: Sequence[str], periods: Sequence[str]
) -> Sequence[StatisticsReady]:
    """The ready rows of some scopes for some windows."""
    query = select(StatisticsReady).where(
        StatisticsReady.scope.in_(scopes), StatisticsReady.period.in_(periods)
    )
    return session.scalars(query).all()


def board(session: Session, period: str, kinds: Sequence[str]) -> Sequence[StatisticsReady]:
    """The ready rows of the city and of every scope of some kinds, for one window.

    A kind is "unit", "category" or "area".
    """
    scope = StatisticsReady.scope
    return session.scalars(
        select(StatisticsReady).where(
            StatisticsReady.period == period,
            or_(scope == CITY, *(scope.like(f"{kind}:%") for kind in kinds)),
            scope.not_like("%/%"),
        )
    ).all()


def crossed(session: Session, period: str, scope: str) -> Sequence[StatisticsReady]:
    """The ready rows of unit × category for one window: of one unit, or of one category."""
    column = StatisticsReady.scope
    pattern = f"{scope}/%" if scope.startswith("unit:") else f"%/{scope}"
    return session.scalars(
        select(StatisticsReady).where(StatisticsReady.period == period, column.like(pattern))
    ).all()


def _within(moment: Moment, spans: Sequence[Span]) -> ColumnElement[bool]:
    return or_(*(and_(moment >= start, moment < end) for start, end in spans))
