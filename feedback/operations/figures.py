"""The rows the statistics pages read, kept equal to what history says.

Day rows are recomputed whole from history and overwritten; ready rows are sums of day rows, with
the open rounds of the live tables. One refresh runs at a time. It reads the marks on dirty days
first, then everything else, and removes exactly the marks it read: a change that commits meanwhile
leaves its own mark behind, so the next refresh sees it whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from feedback.domain.backlog import Backlog, backlogs_before
from feedback.domain.calendar import Calendar
from feedback.domain.day_figures import DayFigures, StoredDay
from feedback.domain.measures import (
    CITY,
    Figure,
    contributions,
    flows,
    open_times,
    scopes,
    standing,
)
from feedback.domain.periods import (
    ONE_DAY,
    ROLLING,
    Period,
    Window,
    period_named,
    periods_touched,
    periods_with,
)
from feedback.domain.timelines import ReportFacts, RoundFacts, facts
from feedback.domain.windows import OpenTimes, WindowFigures, window_figures
from feedback.operations.city import City
from feedback.operations.reference import working_calendar
from feedback.storage.database import take_turn
from feedback.storage.models import StatisticsDay, StatisticsDirty, StatisticsReady
from feedback.storage.queries import statistics

DAYS_AT_ONCE = 31
SCOPES_AT_ONCE = 20

Item = TypeVar("Item")
DayRows = dict[tuple[str, date], DayFigures]


@dataclass(slots=True)
class Standing:
    """What one scope has open at a moment, by the day it came in, and what runs on of its times."""

    counts: dict[Figure, int] = field(default_factory=lambda: defaultdict(int))
    by_received: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    times: OpenTimes = field(default_factory=OpenTimes)


def bring_up_to_date(
    session: Session,
    city: City,
    now: datetime,
    *,
    days: Collection[date] = (),
    every_scope: bool = False,
) -> None:
    """Recompute every day that is out of date, and `days`, then the ready rows they change.

    On a new day, or when asked to, the ready rows of every scope are made anew; the first time of
    all, every day. The data time is `now`, or the moment of the latest change where another clock
    is ahead; it never goes back.
    """
    take_turn(session, "statistics")
    marks = statistics.dirty_days(session)
    before = statistics.data_time(session)
    latest = statistics.latest_change(session)
    as_of = max(moment for moment in (now, before, latest) if moment is not None)
    calendar = working_calendar(session, city)
    today = calendar.local_day(as_of)
    stale = {*marks.values(), *days, *days_passed(session, calendar, before, as_of)}
    if before is None:
        stale |= every_day(session, calendar, as_of)
    new_day = before is None or calendar.local_day(before) != today
    if stale or new_day or every_scope:
        stale = {day for day in stale if day <= today}
        changed = rewrite_days(session, calendar, stale, as_of)
        known = statistics.known_scopes(session) if new_day or every_scope else set()
        touched = windows_touched(stale, today)
        rewrite_ready_rows(session, calendar, {CITY, *known, *changed}, as_of, touched)
    for ids in chunks(list(marks), statistics.AT_ONCE):
        session.execute(delete(StatisticsDirty).where(StatisticsDirty.id.in_(ids)))


def every_day(session: Session, calendar: Calendar, now: datetime) -> set[date]:
    """Every local day that has figures or could have some."""
    first = statistics.first_received(session)
    days = set(statistics.known_days(session))
    if first is not None:
        days.update(Window(calendar.local_day(first), calendar.local_day(now)).days)
    return days


def days_passed(
    session: Session, calendar: Calendar, before: datetime | None, as_of: datetime
) -> set[date]:
    """The days whose figures the clock alone has changed since `before`.

    Those of due moments that have passed, and promised days that are over. While a lead waits past
    the due moment, that moment moves on and may change its day.
    """
    days: set[date] = set()
    if before is not None:
        passed = statistics.due_moments(session, before, as_of)
        days.update(calendar.local_day(moment) for moment in passed)
        first, today = calendar.local_day(before), calendar.local_day(as_of)
        if first < today:
            days |= statistics.promised_days(session, first, today)
    for current in statistics.waiting_rounds(session):
        if current.due <= as_of:
            counted_on = {_due_day(current, at, calendar) for at in (before, as_of)}
            days.update(day for day in counted_on if day is not None and len(counted_on) > 1)
    return days


def _due_day(current: RoundFacts, as_of: datetime | None, calendar: Calendar) -> date | None:
    """The day a round counted as due on at a moment, if its due moment had passed by then."""
    if as_of is None:
        return None
    due = current.due_at(as_of, calendar)
    return calendar.local_day(due) if due <= as_of else None


# Day rows


def recompute(
    session: Session, calendar: Calendar, days: Collection[date], as_of: datetime
) -> DayRows:
    """The day rows of every scope on some days, whole, from history up to `as_of`."""
    rows: DayRows = defaultdict(DayFigures)
    wanted = frozenset(days)
    spans = spans_of(wanted, calendar.zone)
    report_ids = statistics.reports_on(session, sorted(wanted), spans)
    for entries in statistics.histories(session, report_ids):
        report = facts(entries, as_of)
        if report is not None:
            _count(report, as_of, calendar, wanted, rows)
    return {key: row for key, row in rows.items() if not row.empty}


def _count(
    report: ReportFacts, as_of: datetime, calendar: Calendar, wanted: Collection[date], to: DayRows
) -> None:
    for one in contributions(report, as_of, calendar):
        day = calendar.local_day(one.moment)
        if day in wanted:
            for scope in scopes(one.unit_id, report.category_id, report.area_id):
                to[scope, day].add(one)
    received_on = calendar.local_day(report.received_at)
    for flow in flows(report):
        day = calendar.local_day(flow.moment)
        if day in wanted:
            for scope in scopes(flow.unit_id, flow.category_id, report.area_id):
                to[scope, day].add_flow(flow.change, received_on)


def rewrite_days(
    session: Session, calendar: Calendar, days: Iterable[date], as_of: datetime
) -> set[str]:
    """Overwrite the rows of some days; the scopes in which anything became different."""
    changed: set[str] = set()
    for chunk in chunks(sorted(days), DAYS_AT_ONCE):
        new = {
            key: (row.counts_to_json(), row.times_to_json())
            for key, row in recompute(session, calendar, chunk, as_of).items()
        }
        old = statistics.rows_of_days(session, chunk)
        different = {key for key in new | old if new.get(key) != old.get(key)}
        for some in chunks(sorted({scope for scope, _ in different}), statistics.AT_ONCE):
            session.execute(
                delete(StatisticsDay).where(
                    StatisticsDay.day.in_(chunk), StatisticsDay.scope.in_(some)
                )
            )
        scopes_changed = {scope for scope, _ in different}
        rows = [
            {"scope": scope, "day": day, "counts": counts, "times": times, "computed_at": as_of}
            for (scope, day), (counts, times) in new.items()
            if scope in scopes_changed
        ]
        if rows:
            session.execute(insert(StatisticsDay), rows)
        changed |= scopes_changed
    return changed


# Ready rows


def windows_touched(days: Collection[date], today: date) -> list[Period]:
    """Every window that shows one of some days or is compared with it: the last days always."""
    found = {str(length): period_named(str(length), today) for length in ROLLING}
    for day in {*days, today}:
        found.update({period.name: period for period in periods_touched(day, today)})
    return list(found.values())


def rewrite_ready_rows(
    session: Session,
    calendar: Calendar,
    wanted: Collection[str],
    as_of: datetime,
    windows: Sequence[Period],
) -> None:
    """Overwrite the ready rows of some scopes and windows; a scope with nothing to tell has none.

    Of months, quarters and years in which something of a scope runs on, the rows are made anew too.
    """
    at = standing_by_scope(statistics.running_reports(session), calendar, as_of)
    for chunk in chunks(sorted(set(wanted)), SCOPES_AT_ONCE):
        periods = {scope: _with_running(windows, at.get(scope), calendar, as_of) for scope in chunk}
        names = sorted({period.name for some in periods.values() for period in some})
        for scope in chunk:
            own = [period.name for period in periods[scope]]
            statistics.forget_ready_rows(session, [scope], own or names)
        rows = [
            {"scope": scope, "period": period, "figures": figures, "data_time": as_of}
            for scope, found in ready_figures(session, calendar, periods, at, as_of)
            for period, figures in found.items()
        ]
        if rows:
            session.execute(insert(StatisticsReady), rows)


def _with_running(
    windows: Sequence[Period], own: Standing | None, calendar: Calendar, as_of: datetime
) -> list[Period]:
    today = calendar.local_day(as_of)
    found = {period.name: period for period in windows}
    for day in own.times.by_day if own else ():
        found.update({period.name: period for period in periods_with(day, today)})
    return list(found.values())


def standing_by_scope(
    reports: Iterable[ReportFacts], calendar: Calendar, as_of: datetime
) -> dict[str, Standing]:
    """What each scope has open at `as_of`, and what runs on."""
    found: dict[str, Standing] = defaultdict(Standing)
    for report in reports:
        received_on = calendar.local_day(report.received_at)
        for one in standing(report, as_of, calendar):
            for scope in scopes(one.unit_id, report.category_id, report.area_id):
                found[scope].counts[one.figure] += 1
                if one.figure is Figure.OPEN:
                    found[scope].by_received[received_on] += 1
        for running in open_times(report, as_of, calendar):
            day = calendar.local_day(running.moment)
            for scope in scopes(running.unit_id, report.category_id, report.area_id):
                found[scope].times.add(day, running.key, running.minutes)
    return dict(found)


def ready_figures(
    session: Session,
    calendar: Calendar,
    wanted: Mapping[str, Sequence[Period]],
    at: Mapping[str, Standing],
    as_of: datetime,
) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """What the ready rows of some scopes hold, by window, from their day rows."""
    today = calendar.local_day(as_of)
    needed = [period.before.first for periods in wanted.values() for period in periods]
    days: dict[str, dict[date, StoredDay]] = {scope: {} for scope in wanted}
    for row in statistics.day_rows(session, list(wanted), min(needed, default=today), today):
        days[row.scope][row.day] = StoredDay.from_json(row.counts, row.times)
    begun_at = statistics.first_received(session) or as_of
    begun = calendar.local_day(begun_at)
    for scope, periods in wanted.items():
        if not days[scope] and scope not in at and scope != CITY:
            continue
        own = at.get(scope, Standing())
        changes = {day: figures.flows for day, figures in days[scope].items()}
        # A month is the window before of the next: each is counted once.
        windows = {w for period in periods for w in (period.window, period.before)}
        backlogs = backlogs_before(
            Backlog(today, own.by_received), changes, {window.last for window in windows}
        )
        counted = {
            window: _figures_of(days[scope], own, window, backlogs[window.last], today)
            for window in windows
        }
        told = {}
        for period in periods:
            found, before = counted[period.window], counted[period.before]
            shown_anyway = scope == CITY and not period.over
            silent = found.empty and before.empty and not shown_anyway
            if not silent:
                compared = before if begun <= period.before.first else None
                told[period.name] = _ready(period, found, compared, calendar)
        yield scope, told


def _figures_of(
    days: Mapping[date, StoredDay], own: Standing, window: Window, backlog: Backlog, today: date
) -> WindowFigures:
    """The figures of a window; what stands now is told of windows that end now."""
    found = window_figures(days, own.times, window, backlog)
    standing_now = own.counts if window.last == today else {}
    return WindowFigures({**found.counts, **standing_now}, found.speeds, backlog)


def _ready(
    period: Period, figures: WindowFigures, before: WindowFigures | None, calendar: Calendar
) -> dict[str, Any]:
    """What a page needs of a window; the one before only where it was counted whole."""
    return {
        "first": period.window.first.isoformat(),
        "last": period.window.last.isoformat(),
        "before_first": period.before.first.isoformat(),
        "before_last": period.before.last.isoformat(),
        "figures": figures.to_json(),
        "before": before.to_json() if before else None,
        "working_day_minutes": working_day_minutes(calendar),
    }


def working_day_minutes(calendar: Calendar) -> int:
    """How long a full working day is, for saying working minutes in days."""
    return max(
        sum(block.end_minute - block.start_minute for block in blocks) for blocks in calendar.weekly
    )


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
