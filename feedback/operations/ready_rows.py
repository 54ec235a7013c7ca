"""Ready rows: what a page shows of one scope over one window, from day rows and what is open."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from feedback.domain.windows import OpenTimes, WindowFigures, tells_nothing, window_figures
from feedback.operations.day_rows import chunks
from feedback.operations.window_sums import (
    Deltas,
    Kept,
    Present,
    Sums,
    dates_of,
    exchanged,
    moves_before,
    sums_of_days,
)
from feedback.storage.models import StatisticsReady
from feedback.storage.queries import kept_sums, statistics

SCOPES_AT_ONCE = 20
ROWS_AT_ONCE = 50


@dataclass(slots=True)
class Standing:
    """What one scope has open at a moment, by the day it came in, and what runs on of its times."""

    counts: dict[Figure, int] = field(default_factory=lambda: defaultdict(int))
    by_received: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    times: OpenTimes = field(default_factory=OpenTimes)

    def backlog(self, today: date) -> Backlog:
        """What is open, as the stock at the end of the day."""
        return Backlog(today, self.by_received)


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


StandingOn = tuple[Mapping[str, Standing], date]  # what each scope has open, and on which day


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
    anew: bool = False,
) -> None:
    """Overwrite the ready rows of some scopes, of every window one of their days tells in.

    A scope with nothing to tell has none. `anew` on a new day: windows have begun that have no row
    yet, and those of months, quarters and years in which something of a scope runs on are made
    again, for it has run on for a day.
    """
    at = standing_by_scope(statistics.running_reports(session), calendar, as_of, of=changed)
    moment = _moment(session, calendar, as_of)
    for chunk in chunks(sorted(changed), SCOPES_AT_ONCE):
        periods = {scope: windows_touched(changed[scope], moment.today) for scope in chunk}
        if anew:
            for scope in chunk:
                periods[scope] = _with_running(periods[scope], at.get(scope), moment)
        kept = _kept(session, periods, changed, at)
        sums: dict[str, dict[str, Sums]] = {scope: {} for scope in chunk}
        for scope, period in _pairs(periods):
            row = kept.get((scope, period.name))
            if None in changed[scope].values() or (row is None and anew):
                continue
            own = at.get(scope, Standing())
            present = Present(own.backlog(moment.today), own.times, moment.begun)
            found = exchanged(row, period, changed[scope], present)
            if found is not None:
                sums[scope][period.name] = found
        missing = {
            scope: [one for one in periods[scope] if one.name not in sums[scope]] for scope in chunk
        }
        rows = _Writer(session)
        for scope, days in _days(session, missing, moment.today):
            own = at.get(scope, Standing())
            sums[scope].update(sums_of_days(days, missing[scope], own.backlog(moment.today)))
            told = _figures(scope, periods[scope], sums[scope], at, moment)
            names = {period.name for period in periods[scope]}
            known = {name for name in names if (scope, name) in kept}
            # Of a scope whose days were counted anew no row was read: whichever there is, goes.
            gone = names if None in changed[scope].values() else known - told.keys()
            kept_sums.forget_ready_rows(session, scope, gone)
            rows.put(_rows(scope, told, sums[scope], as_of), known)
        rows.write()


def _pairs(periods: Mapping[str, Sequence[Period]]) -> Iterator[tuple[str, Period]]:
    return ((scope, period) for scope, some in periods.items() for period in some)


def _kept(
    session: Session,
    periods: Mapping[str, Sequence[Period]],
    changed: Mapping[str, Deltas],
    at: Mapping[str, Standing],
) -> dict[tuple[str, str], Kept]:
    """What the ready rows hold of scopes whose days have all changed by a known difference."""
    scopes = [scope for scope in periods if None not in changed[scope].values()]
    named = {(scope, period.name): period for scope, period in _pairs(periods)}
    names = sorted({name for scope, name in named if scope in scopes})
    rows = kept_sums.ready_sums(session, scopes, names)
    found = {key: Kept(*row) for key, row in rows.items() if key in named}
    needed = [
        key
        for key, one in found.items()
        if moves_before(one, named[key], changed[key[0]], at.get(key[0], Standing()).times)
    ]
    befores = kept_sums.ready_sums_before(session, needed)
    return {key: replace(one, sums_before=befores.get(key)) for key, one in found.items()}


def _rows(
    scope: str, told: Mapping[str, Mapping[str, Any]], sums: Mapping[str, Sums], as_of: datetime
) -> Iterator[dict[str, Any]]:
    """Rows as the store keeps them; what is untouched of the window before is left out."""
    for name, figures in told.items():
        before = sums[name].before
        yield {
            "scope": scope,
            "period": name,
            "figures": figures,
            "data_time": as_of,
            "sums": sums[name].own.to_json(),
            **({"sums_before": before.to_json()} if before else {}),
        }


class _Writer:
    """Gathers rows, for many are written faster together than by themselves."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._new: list[dict[str, Any]] = []
        self._whole: list[dict[str, Any]] = []
        self._partly: list[dict[str, Any]] = []

    def put(self, rows: Iterable[dict[str, Any]], known: Collection[str]) -> None:
        """Rows of a scope, to be inserted, or to overwrite those of the known windows."""
        for row in rows:
            kind = self._whole if "sums_before" in row else self._partly
            (kind if row["period"] in known else self._new).append(row)
        if len(self._new) + len(self._whole) + len(self._partly) > ROWS_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what has been gathered."""
        for some in (self._whole, self._partly):
            kept_sums.overwrite_ready_rows(self._session, some)
        if self._new:
            self._session.execute(insert(StatisticsReady), self._new)
        self._new, self._whole, self._partly = [], [], []


def _with_running(windows: Iterable[Period], own: Standing | None, moment: Moment) -> list[Period]:
    found = {period.name: period for period in windows}
    for day in own.times.by_day if own else ():
        found.update({period.name: period for period in periods_with(day, moment.today)})
    return list(found.values())


def standing_by_scope(
    reports: Iterable[ReportFacts],
    calendar: Calendar,
    as_of: datetime,
    *,
    of: Collection[str] | None = None,
) -> dict[str, Standing]:
    """What each scope has open at `as_of`, and what runs on; of some scopes, or of all."""
    found: dict[str, Standing] = defaultdict(Standing)

    def concerned(unit_id: int | None, report: ReportFacts) -> Iterator[Standing]:
        for scope in scopes(unit_id, report.category_id, report.area_id):
            if of is None or scope in of:
                yield found[scope]

    for report in reports:
        received_on = calendar.local_day(report.received_at)
        for one in standing(report, as_of, calendar):
            for own in concerned(one.unit_id, report):
                own.counts[one.figure] += 1
                if one.figure is Figure.OPEN:
                    own.by_received[received_on] += 1
        for running in open_times(report, as_of, calendar):
            day = calendar.local_day(running.moment)
            for own in concerned(running.unit_id, report):
                own.times.add(day, running.key, running.minutes)
    return dict(found)


def ready_figures(
    session: Session,
    calendar: Calendar,
    wanted: Mapping[str, Sequence[Period]],
    at: Mapping[str, Standing],
    as_of: datetime,
    *,
    days_as_of: StandingOn | None = None,
) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """What the ready rows of some scopes hold, by window, from their day rows.

    The day rows may be ahead of the moment asked for: `days_as_of` is the moment they stand at,
    with what is open then. What was open at the end of an earlier day is reckoned back from there.
    """
    moment = _moment(session, calendar, as_of)
    present, today = days_as_of or (at, moment.today)
    for scope, days in _days(session, wanted, today):
        stock = present.get(scope, Standing()).backlog(today)
        sums = sums_of_days(days, wanted[scope], stock)
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

    def of(window: Window, total: Total, backlog: Backlog) -> WindowFigures:
        if window not in known:
            known[window] = _figures_of(total, own, window, backlog, moment.today)
        return known[window]

    told = {}
    for period in periods:
        one = sums[period.name]
        found = of(period.window, one.own, one.backlog)
        compared = one.told_before
        nothing_before = compared is None or tells_nothing(compared)
        if one.before is not None:
            before = of(period.before, one.before, one.backlog_before)
            nothing_before = before.empty
            compared = before.to_json() if moment.begun <= period.before.first else None
        shown_anyway = scope == CITY and not period.over
        if shown_anyway or not (found.empty and nothing_before):
            told[period.name] = {
                **dates_of(period),
                "figures": found.to_json(),
                "before": compared,
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
