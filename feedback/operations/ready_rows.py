"""Ready rows: what a page shows of one scope over one window, from day rows and what is open."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.backlog import Backlog, backlogs_before
from feedback.domain.calendar import Calendar
from feedback.domain.day_figures import StoredDay
from feedback.domain.day_sums import DaySums
from feedback.domain.measures import CITY, Figure, open_times, scopes, standing
from feedback.domain.periods import (
    ROLLING,
    Period,
    Window,
    period_named,
    periods_touched,
    periods_with,
)
from feedback.domain.timelines import ReportFacts
from feedback.domain.windows import OpenTimes, WindowFigures, window_figures
from feedback.operations.day_rows import chunks
from feedback.storage.models import StatisticsReady
from feedback.storage.queries import statistics

SCOPES_AT_ONCE = 20


@dataclass(slots=True)
class Standing:
    """What one scope has open at a moment, by the day it came in, and what runs on of its times."""

    counts: dict[Figure, int] = field(default_factory=lambda: defaultdict(int))
    by_received: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    times: OpenTimes = field(default_factory=OpenTimes)


def windows_touched(days: Collection[date], today: date) -> list[Period]:
    """Every window that shows one of some days or is compared with it: the last days always."""
    found = {str(length): period_named(str(length), today) for length in ROLLING}
    for month in {day.replace(day=1) for day in (*days, today)}:  # days of a month touch the same
        found.update({period.name: period for period in periods_touched(month, today)})
    return list(found.values())


def rewrite_ready_rows(
    session: Session, calendar: Calendar, wanted: Mapping[str, Collection[date]], as_of: datetime
) -> None:
    """Overwrite the ready rows of some scopes, of every window one of their days tells in.

    A scope with nothing to tell has none. Of months, quarters and years in which something of a
    scope runs on, the rows are made anew too.
    """
    at = standing_by_scope(statistics.running_reports(session), calendar, as_of)
    for chunk in chunks(sorted(wanted), SCOPES_AT_ONCE):
        periods = {
            scope: _windows(wanted[scope], at.get(scope), calendar, as_of) for scope in chunk
        }
        for scope in chunk:
            names = [period.name for period in periods[scope]]
            statistics.forget_ready_rows(session, [scope], names)
        rows = [
            {"scope": scope, "period": period, "figures": figures, "data_time": as_of}
            for scope, found in ready_figures(session, calendar, periods, at, as_of)
            for period, figures in found.items()
        ]
        if rows:
            session.execute(insert(StatisticsReady), rows)


def _windows(
    days: Collection[date], own: Standing | None, calendar: Calendar, as_of: datetime
) -> list[Period]:
    today = calendar.local_day(as_of)
    found = {period.name: period for period in windows_touched(days, today)}
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
        sums = DaySums(days[scope])
        backlogs = backlogs_before(
            Backlog(today, own.by_received), changes, {window.last for window in windows}
        )
        counted = {
            window: _figures_of(sums, own, window, backlogs[window.last], today)
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
    days: DaySums, own: Standing, window: Window, backlog: Backlog, today: date
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
