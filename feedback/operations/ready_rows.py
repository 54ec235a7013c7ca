"""Ready rows: what a page shows of one scope over one window, from day rows and what is open."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.backlog import Backlog
from feedback.domain.calendar import Calendar
from feedback.domain.day_figures import StoredDay
from feedback.domain.day_sums import Total
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
from feedback.operations.window_sums import Deltas, Sums, dates_of, exchanged, sums_of_days
from feedback.storage.models import StatisticsReady
from feedback.storage.queries import statistics

SCOPES_AT_ONCE = 20


@dataclass(slots=True)
class Standing:
    """What one scope has open at a moment, by the day it came in, and what runs on of its times."""

    counts: dict[Figure, int] = field(default_factory=lambda: defaultdict(int))
    by_received: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    times: OpenTimes = field(default_factory=OpenTimes)


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment rows are made for; `begun` is the day the first report of all came in."""

    calendar: Calendar
    as_of: datetime
    begun: date

    @property
    def today(self) -> date:
        """The local day of it."""
        return self.calendar.local_day(self.as_of)


Present = tuple[Mapping[str, Standing], date]  # what each scope has open, and on which day


def windows_touched(days: Collection[date], today: date) -> list[Period]:
    """Every window that shows one of some days or is compared with it: the last days always."""
    found = {str(length): period_named(str(length), today) for length in ROLLING}
    for month in {day.replace(day=1) for day in (*days, today)}:  # days of a month touch the same
        found.update({period.name: period for period in periods_touched(month, today)})
    return list(found.values())


def rewrite_ready_rows(
    session: Session,
    calendar: Calendar,
    changed: Mapping[str, Deltas],
    as_of: datetime,
    *,
    new_day: bool = False,
) -> None:
    """Overwrite the ready rows of some scopes, of every window one of their days tells in.

    On a `new_day` windows have begun that have no row yet though there may be something to tell.

    A scope with nothing to tell has none. Of months, quarters and years in which something of a
    scope runs on, the rows are made anew too.
    """
    at = standing_by_scope(statistics.running_reports(session), calendar, as_of)
    moment = _moment(session, calendar, as_of)
    for chunk in chunks(sorted(changed), SCOPES_AT_ONCE):
        periods = {
            scope: _windows(changed[scope], at.get(scope), calendar, as_of) for scope in chunk
        }
        names = sorted({period.name for some in periods.values() for period in some})
        exchangeable = [scope for scope in chunk if None not in changed[scope].values()]
        kept = statistics.ready_sums(session, exchangeable, names)
        sums: dict[str, dict[str, Sums]] = {scope: {} for scope in chunk}
        for scope in exchangeable:
            now = _backlog(at, scope, moment.today)
            for period in periods[scope]:
                row = kept.get((scope, period.name))
                if row is None and new_day:
                    continue
                found = exchanged(row, period, changed[scope], now, moment.begun)
                if found is not None:
                    sums[scope][period.name] = found
        missing = {
            scope: [one for one in periods[scope] if one.name not in sums[scope]] for scope in chunk
        }
        for scope, days in _days(session, missing, moment.today):
            now = _backlog(at, scope, moment.today)
            sums[scope].update(sums_of_days(days, missing[scope], now))
            told = _figures(scope, periods[scope], sums[scope], at, moment)
            statistics.forget_ready_rows(session, [scope], [one.name for one in periods[scope]])
            _store(session, scope, told, sums[scope], as_of)


def _store(
    session: Session,
    scope: str,
    told: Mapping[str, Mapping[str, Any]],
    sums: Mapping[str, Sums],
    as_of: datetime,
) -> None:
    rows = [
        {
            "scope": scope,
            "period": name,
            "figures": figures,
            "sums": sums[name].to_json(),
            "data_time": as_of,
        }
        for name, figures in told.items()
    ]
    if rows:
        session.execute(insert(StatisticsReady), rows)


def _backlog(at: Mapping[str, Standing], scope: str, today: date) -> Backlog:
    """What a scope has open now."""
    return Backlog(today, at[scope].by_received if scope in at else {})


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
    *,
    days_as_of: Present | None = None,
) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """What the ready rows of some scopes hold, by window, from their day rows.

    The day rows may be ahead of the moment asked for: `days_as_of` is the moment they stand at,
    with what is open then. What was open at the end of an earlier day is reckoned back from there.
    """
    moment = _moment(session, calendar, as_of)
    present, today = days_as_of or (at, moment.today)
    for scope, days in _days(session, wanted, today):
        sums = sums_of_days(days, wanted[scope], _backlog(present, scope, today))
        yield scope, _figures(scope, wanted[scope], sums, at, moment)


def _days(
    session: Session, wanted: Mapping[str, Sequence[Period]], today: date
) -> Iterator[tuple[str, dict[date, StoredDay]]]:
    """The days of each scope that its windows need."""
    needed = {scope: periods for scope, periods in wanted.items() if periods}
    firsts = [period.before.first for periods in needed.values() for period in periods]
    days: dict[str, dict[date, StoredDay]] = {scope: {} for scope in wanted}
    if needed:
        for row in statistics.day_rows(session, list(needed), min(firsts), today):
            days[row.scope][row.day] = StoredDay.from_json(row.counts, row.times)
    while days:
        scope = next(iter(days))
        yield scope, days.pop(scope)


def _moment(session: Session, calendar: Calendar, as_of: datetime) -> Moment:
    begun = statistics.first_received(session) or as_of
    return Moment(calendar, as_of, calendar.local_day(begun))


def _figures(
    scope: str,
    periods: Iterable[Period],
    sums: Mapping[str, Sums],
    at: Mapping[str, Standing],
    moment: Moment,
) -> dict[str, dict[str, Any]]:
    """What a page needs of each window; of the one before only where it was counted whole."""
    own = at.get(scope, Standing())
    known: dict[Window, WindowFigures] = {}  # a month is the window before of the next
    told = {}
    for period in periods:
        one = sums[period.name]
        for window, total, backlog in (
            (period.window, one.own, one.backlog),
            (period.before, one.before, one.backlog_before),
        ):
            if window not in known:
                known[window] = _figures_of(total, own, window, backlog, moment.today)
        found, before = known[period.window], known[period.before]
        shown_anyway = scope == CITY and not period.over
        silent = found.empty and before.empty and not shown_anyway
        if not silent:
            compared = before if moment.begun <= period.before.first else None
            told[period.name] = {
                **dates_of(period),
                "figures": found.to_json(),
                "before": compared.to_json() if compared else None,
                "working_day_minutes": working_day_minutes(moment.calendar),
            }
    return told


def _figures_of(
    total: Total, own: Standing, window: Window, backlog: Backlog, today: date
) -> WindowFigures:
    """The figures of a window; what stands now is told of windows that end now."""
    found = window_figures(total, own.times, window, backlog)
    standing_now = own.counts if window.last == today else {}
    return WindowFigures({**found.counts, **standing_now}, found.speeds, backlog)


def working_day_minutes(calendar: Calendar) -> int:
    """How long a full working day is, for saying working minutes in days."""
    return max(
        sum(block.end_minute - block.start_minute for block in blocks) for blocks in calendar.weekly
    )
