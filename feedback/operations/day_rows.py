"""Day rows: what each local day's cases add up to, for every scope.

A day is recomputed whole from history, or the part of a report in it is exchanged: what the report
added up to now is taken away, what it adds from now on is put in its place. Both are counted from
its history by the same functions, so that both ways lead to the same rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from feedback.delivery.asides import map_aside
from feedback.domain.calendar import Calendar
from feedback.domain.day_figures import DayFigures
from feedback.domain.histories import Entry
from feedback.domain.measures import contributions, flows, scopes
from feedback.domain.periods import ONE_DAY
from feedback.domain.timelines import ReportFacts, RoundFacts, facts
from feedback.operations.transaction import reading
from feedback.storage.models import StatisticsDay
from feedback.storage.queries import statistics
from feedback.storage.queries.figure_marks import Marks

DAYS_AT_ONCE = 31

Item = TypeVar("Item")
Stored = tuple[dict[str, Any], dict[str, Any]]  # counts and times as the store keeps them
Key = tuple[str, date]  # a scope and a day
Differences = tuple[dict[Key, Stored | None], Collection[Key]]  # None where no row should be
DayRows = dict[Key, DayFigures]
# The days of each scope that are different now, and by how much; None where they were counted anew.
Changed = dict[str, dict[date, DayFigures | None]]


@dataclass(frozen=True, slots=True)
class Turn:
    """One refresh: from the moment the rows stand at to the one they are brought to.

    `marks` are what it takes on; what is marked later is left to the next.
    """

    calendar: Calendar
    before: datetime | None
    as_of: datetime
    marks: Marks = field(default_factory=Marks)


# Whole days


def recompute(session: Session, turn: Turn, days: Collection[date]) -> DayRows:
    """The day rows of every scope on some days, whole, from history."""
    rows: DayRows = defaultdict(DayFigures)
    wanted = frozenset(days)
    report_ids = statistics.reports_on(
        session, sorted(wanted), spans_of(wanted, turn.calendar.zone)
    )
    for history in statistics.told_histories(session, report_ids, turn.marks):
        report = facts((entry for _, entry in history), turn.as_of)
        if report is not None:
            _count(report, turn.as_of, turn.calendar, rows, within=wanted)
    return {key: row for key, row in rows.items() if not row.empty}


def rewrite_days(session: Session, turn: Turn, days: Iterable[date], processes: int = 1) -> Changed:
    """Overwrite the rows of some days; what has become different by it.

    Several processes count them aside, from what is committed.
    """
    changed: Changed = defaultdict(dict)
    parts = list(chunks(sorted(days), DAYS_AT_ONCE))
    found: Iterable[Differences]
    if processes > 1 and len(parts) > 1:
        found = map_aside(partial(_differences_aside, turn), parts, processes)
    else:
        found = (_differences(session, turn, part) for part in parts)
    for rows, known in found:
        _overwrite(session, rows, known, turn.as_of)
        for scope, day in rows:
            changed[scope][day] = None
    return changed


def _differences_aside(turn: Turn, days: Collection[date]) -> Differences:
    with reading() as session:
        return _differences(session, turn, days)


def _differences(session: Session, turn: Turn, days: Collection[date]) -> Differences:
    """The rows of some days that are not stored as they should be, and those that are stored."""
    new = {key: _stored(row) for key, row in recompute(session, turn, days).items()}
    old = statistics.rows_of_days(session, days)
    rows = {key: new.get(key) for key in new | old if new.get(key) != old.get(key)}
    return rows, rows.keys() & old.keys()


# Reports that have changed


def exchange(
    session: Session, turn: Turn, *, rewritten: Collection[date]
) -> tuple[Changed, set[date]]:
    """Exchange what the marked reports add, and those the clock alone has moved.

    The days `rewritten` in this turn tell it already and are left alone. Returns what has become
    different, and the days whose rows cannot be right, since more was to be taken away than they
    hold: these must be recomputed whole.
    """
    changed: Changed = defaultdict(dict)
    broken: set[date] = set()
    if turn.before is None:
        return changed, broken
    report_ids = sorted({*turn.marks.reports, *_moved_by_the_clock(session, turn, turn.before)})
    for chunk in chunks(report_ids, statistics.AT_ONCE):
        deltas: DayRows = defaultdict(DayFigures)
        for history in statistics.told_histories(session, chunk, turn.marks):
            _exchange(history, turn, turn.before, deltas)
        wanted = {
            key: delta
            for key, delta in deltas.items()
            if key[1] not in rewritten and not delta.empty
        }
        rows: dict[Key, Stored | None] = {}
        stored = statistics.rows_at(session, wanted)
        for key, delta in wanted.items():
            row = DayFigures.from_json(*stored[key]) if key in stored else DayFigures()
            row.join(delta)
            if row.impossible:
                broken.add(key[1])
            rows[key] = None if row.empty else _stored(row)
            _note(changed, key, delta)
        _overwrite(session, rows, stored, turn.as_of)
    return changed, broken


def _note(changed: Changed, key: tuple[str, date], delta: DayFigures) -> None:
    scope, day = key
    earlier = changed[scope].get(day)
    if earlier is not None:
        earlier.join(delta)
    else:
        changed[scope][day] = delta


def _exchange(
    history: Sequence[tuple[int, Entry]], turn: Turn, before: datetime, to: DayRows
) -> None:
    report_id = history[0][1].report_id
    changed_by = turn.marks.reports.get(report_id)
    told = [e for version, e in history if changed_by is None or version < changed_by]
    sides = ((told, before, -1), ([entry for _, entry in history], turn.as_of, 1))
    for entries, moment, cases in sides:
        report = facts(entries, moment)
        if report is not None:
            _count(report, moment, turn.calendar, to, cases=cases)


def moved_by_the_clock(
    session: Session, calendar: Calendar, before: datetime, now: datetime
) -> bool:
    """Whether time alone has changed a figure since `before`."""
    return bool(_moved_by_the_clock(session, Turn(calendar, before, now), before))


def _moved_by_the_clock(session: Session, turn: Turn, before: datetime) -> set[int]:
    """Reports whose part in the figures the clock alone has changed.

    A due moment has passed, or a promised day is over; and while a lead waits past the due moment,
    that moment moves on.
    """
    first, today = turn.calendar.local_day(before), turn.calendar.local_day(turn.as_of)
    found = statistics.reports_due(session, before, turn.as_of)
    found |= statistics.reports_promised(session, first, today)
    for report_id, current in statistics.waiting_rounds(session):
        if current.due <= turn.as_of:
            days = {_due_day(current, at, turn.calendar) for at in (before, turn.as_of)}
            if len(days) > 1:
                found.add(report_id)
    return found


def _due_day(current: RoundFacts, as_of: datetime, calendar: Calendar) -> date | None:
    """The day a round counted as due on at a moment, if its due moment had passed by then."""
    due = current.due_at(as_of, calendar)
    return calendar.local_day(due) if due <= as_of else None


# How a report is counted and rows are kept


def _count(
    report: ReportFacts,
    as_of: datetime,
    calendar: Calendar,
    to: DayRows,
    *,
    within: Collection[date] | None = None,
    cases: int = 1,
) -> None:
    """Add what a report tells to the rows of its days and scopes, or take it away again."""
    known: dict[tuple[datetime, int | None, int | None], list[DayFigures]] = {}

    def rows(moment: datetime, unit_id: int | None, category_id: int | None) -> list[DayFigures]:
        """The rows of one moment, found once: most contributions of a report share it."""
        key = (moment, unit_id, category_id)
        found = known.get(key)
        if found is None:
            day = calendar.local_day(moment)
            named = scopes(unit_id, category_id, report.area_id)
            wanted = within is None or day in within
            found = known[key] = [to[scope, day] for scope in named] if wanted else []
        return found

    for one in contributions(report, as_of, calendar):
        for row in rows(one.moment, one.unit_id, report.category_id):
            row.add(one, cases)
    received_on = calendar.local_day(report.received_at)
    for flow in flows(report):
        for row in rows(flow.moment, flow.unit_id, flow.category_id):
            row.add_flow(cases * flow.change, received_on)


def _stored(row: DayFigures) -> Stored:
    return row.counts_to_json(), row.times_to_json()


def _overwrite(
    session: Session,
    rows: Mapping[Key, Stored | None],
    known: Collection[Key],
    as_of: datetime,
) -> None:
    """Put rows in the place of the known ones, which are stored; None leaves none."""
    scopes_by_day: dict[date, list[str]] = defaultdict(list)
    for scope, day in sorted(rows.keys() & set(known)):
        scopes_by_day[day].append(scope)
    for day, named in scopes_by_day.items():
        for some in chunks(named, statistics.AT_ONCE):
            session.execute(
                delete(StatisticsDay).where(StatisticsDay.day == day, StatisticsDay.scope.in_(some))
            )
    new = [
        {"scope": scope, "day": day, "counts": row[0], "times": row[1], "computed_at": as_of}
        for (scope, day), row in rows.items()
        if row is not None
    ]
    if new:
        session.execute(insert(StatisticsDay), new)


# Days as spans of time


def spans_of(days: Collection[date], zone: ZoneInfo) -> list[statistics.Span]:
    """Local days as spans of moments, neighbours made one."""
    spans: list[statistics.Span] = []
    for day in sorted(days):
        start, end = (datetime.combine(d, time(), zone) for d in (day, day + ONE_DAY))
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def chunks(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
