"""The rows the statistics pages read, kept equal to what history says.

Day rows are recomputed whole from history and overwritten; ready rows are sums of day rows, with
the open rounds of the live tables. One refresh runs at a time. It reads the marks on dirty days
first, then everything else, and removes exactly the marks it read: a change that commits meanwhile
leaves its own mark behind, so the next refresh sees it whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from feedback.domain.calendar import Calendar
from feedback.domain.measures import (
    CITY,
    DayFigures,
    contributions,
    open_minutes,
    scopes,
    standing,
)
from feedback.domain.timelines import ReportFacts, RoundFacts, facts
from feedback.domain.windows import (
    WINDOWS,
    OpenRounds,
    Window,
    WindowFigures,
    series,
    window_figures,
)
from feedback.operations.city import City
from feedback.operations.reference import working_calendar
from feedback.storage.database import take_turn
from feedback.storage.models import StatisticsDay, StatisticsDirty, StatisticsReady
from feedback.storage.queries import statistics

DAYS_AT_ONCE = 31
SCOPES_AT_ONCE = 100
DAYS_KEPT_READY = 2 * max(WINDOWS)  # the longest window and the one before it
ONE_DAY = timedelta(days=1)

Item = TypeVar("Item")
DayRows = dict[tuple[str, date], DayFigures]


@dataclass(slots=True)
class Standing:
    """What one scope has open at a moment."""

    figures: DayFigures = field(default_factory=DayFigures)
    rounds: OpenRounds = field(default_factory=OpenRounds)


def bring_up_to_date(
    session: Session,
    city: City,
    now: datetime,
    *,
    days: Collection[date] = (),
    every_scope: bool = False,
) -> None:
    """Recompute every day that is out of date, and `days`, then the ready rows they change.

    On a new day, or when asked to, the ready rows of every scope are made anew. The data time is
    `now`, or the moment of the latest change where another clock is ahead; it never goes back.
    """
    take_turn(session, "statistics")
    marks = statistics.dirty_days(session)
    before = statistics.data_time(session)
    latest = statistics.latest_change(session)
    as_of = max(moment for moment in (now, before, latest) if moment is not None)
    calendar = working_calendar(session, city)
    today = calendar.local_day(as_of)
    stale = {*marks.values(), *days, *days_passed(session, calendar, before, as_of)}
    new_day = before is None or calendar.local_day(before) != today
    if stale or new_day or every_scope:
        changed = rewrite_days(session, calendar, [d for d in stale if d <= today], as_of)
        known = statistics.known_scopes(session) if new_day or every_scope else changed
        rewrite_ready_rows(session, calendar, {CITY, *known, *changed}, as_of)
    for ids in chunks(list(marks), statistics.AT_ONCE):
        session.execute(delete(StatisticsDirty).where(StatisticsDirty.id.in_(ids)))


def days_passed(
    session: Session, calendar: Calendar, before: datetime | None, as_of: datetime
) -> set[date]:
    """The days whose figures the clock alone has changed since `before`: due moments that passed.

    While a lead waits past the due moment, that moment moves on and may change its day.
    """
    days: set[date] = set()
    if before is not None:
        passed = statistics.due_moments(session, before, as_of)
        days.update(calendar.local_day(moment) for moment in passed)
    for report in statistics.open_reports(session):
        for current in report.rounds:
            if current.waiting_since is not None and current.due <= as_of:
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
    report_ids = statistics.reports_on(session, spans_of(wanted, calendar.zone))
    for entries in statistics.histories(session, report_ids):
        report = facts(entries, as_of)
        if report is None:
            continue
        for one in contributions(report, as_of, calendar):
            day = calendar.local_day(one.moment)
            if day in wanted:
                for scope in scopes(one.unit_id, report.category_id, report.area_id):
                    rows[scope, day].add(one)
    return dict(rows)


def rewrite_days(
    session: Session, calendar: Calendar, days: Iterable[date], as_of: datetime
) -> set[str]:
    """Overwrite the rows of some days; the scopes in which anything became different."""
    changed: set[str] = set()
    for chunk in chunks(sorted(days), DAYS_AT_ONCE):
        new = {
            key: row.to_json() for key, row in recompute(session, calendar, chunk, as_of).items()
        }
        old = statistics.rows_of_days(session, chunk)
        different = {
            scope for scope, day in new | old if new.get((scope, day)) != old.get((scope, day))
        }
        for some in chunks(sorted(different), SCOPES_AT_ONCE):
            session.execute(
                delete(StatisticsDay).where(
                    StatisticsDay.day.in_(chunk), StatisticsDay.scope.in_(some)
                )
            )
        rows = [
            {"scope": scope, "day": day, "figures": figures, "computed_at": as_of}
            for (scope, day), figures in new.items()
            if scope in different
        ]
        if rows:
            session.execute(insert(StatisticsDay), rows)
        changed |= different
    return changed


# Ready rows


def rewrite_ready_rows(
    session: Session, calendar: Calendar, wanted: Collection[str], as_of: datetime
) -> None:
    """Overwrite the ready rows of some scopes; a scope with nothing to tell has none."""
    at = standing_by_scope(statistics.open_reports(session), calendar, as_of)
    for chunk in chunks(sorted(set(wanted)), SCOPES_AT_ONCE):
        session.execute(delete(StatisticsReady).where(StatisticsReady.scope.in_(chunk)))
        rows = [
            {"scope": scope, "window_days": window, "figures": figures, "data_time": as_of}
            for scope, windows in ready_figures(session, calendar, chunk, at, as_of)
            for window, figures in windows.items()
        ]
        if rows:
            session.execute(insert(StatisticsReady), rows)


def standing_by_scope(
    reports: Iterable[ReportFacts], calendar: Calendar, as_of: datetime
) -> dict[str, Standing]:
    """What each scope has open at `as_of`."""
    found: dict[str, Standing] = defaultdict(Standing)
    for report in reports:
        places = scopes(report.unit_id, report.category_id, report.area_id)
        for one in standing(report, as_of, calendar):
            for scope in places:
                found[scope].figures.add(one)
        under_way = open_minutes(report, as_of, calendar)
        if under_way is not None:
            current, minutes = under_way
            day = calendar.local_day(current.started_at)
            for scope in places:
                found[scope].rounds.add(day, current.clock, minutes)
    return dict(found)


def ready_figures(
    session: Session,
    calendar: Calendar,
    wanted: Sequence[str],
    at: Mapping[str, Standing],
    as_of: datetime,
) -> Iterator[tuple[str, dict[int, dict[str, Any]]]]:
    """What the ready rows of some scopes hold, by window, from their day rows."""
    last = calendar.local_day(as_of)
    stored = statistics.day_rows(session, wanted, last - (DAYS_KEPT_READY - 1) * ONE_DAY, last)
    begun_at = statistics.first_received(session) or as_of
    begun = calendar.local_day(begun_at)
    for scope in wanted:
        days = {day: DayFigures.from_json(row) for day, row in stored[scope].items()}
        if not days and scope not in at and scope != CITY:
            continue
        own = at.get(scope, Standing())
        rows = {}
        for length in WINDOWS:
            window = Window.ending(last, length)
            rows[length] = _ready(days, own, window, compared=begun <= window.before.first)
            rows[length]["working_day_minutes"] = working_day_minutes(calendar)
            if scope == CITY:
                rows[length]["series"] = _series(days, window)
        yield scope, rows


def _ready(
    days: Mapping[date, DayFigures], at: Standing, window: Window, *, compared: bool
) -> dict[str, Any]:
    """The figures of a window; those of the one before only if it was counted whole."""
    figures = window_figures(days, at.rounds, window)
    figures = WindowFigures({**figures.counts, **at.figures.counts}, figures.speeds)
    before = window_figures(days, at.rounds, window.before) if compared else None
    return {
        "first": window.first.isoformat(),
        "last": window.last.isoformat(),
        "figures": figures.to_json(),
        "before": before.to_json() if before else None,
    }


def _series(days: Mapping[date, DayFigures], window: Window) -> list[dict[str, Any]]:
    points = [asdict(point) for point in series(days, window)]
    return [{**point, "day": point["day"].isoformat()} for point in points]


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
