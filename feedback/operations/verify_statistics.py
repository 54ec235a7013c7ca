"""Whether the stored figures are what history says: everything is computed aside and compared."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from feedback.domain.calendar import Calendar
from feedback.domain.periods import Period, period_named
from feedback.domain.timelines import ReportFacts, facts
from feedback.operations.city import City
from feedback.operations.day_rows import DAYS_AT_ONCE, Turn, chunks, recompute
from feedback.operations.figures import every_day
from feedback.operations.ready_rows import ready_figures, standing_by_scope, windows_touched
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import transaction
from feedback.storage.database import take_turn
from feedback.storage.queries import figure_marks, statistics


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored row that is not what it should be; None where one of the two does not exist."""

    row: str
    stored: object
    expected: object


def verify_statistics(*, city: City) -> list[Difference]:
    """Every stored row that differs from its recomputation at its own data time; there are none.

    What has just changed and waits to be counted is not expected of them; days that wait to be
    recomputed whole are left out.
    """
    with transaction(city) as session:
        take_turn(session, "statistics")
        as_of = statistics.data_time(session)
        if as_of is None:
            return []
        calendar = working_calendar(session, city)
        found = [
            *_different_days(session, calendar, as_of),
            *_different_ready_rows(session, calendar, as_of),
            *_missing_ready_rows(session, calendar, as_of),
        ]
        waiting = {f"day {day}" for day in figure_marks.marks(session).days}
        return [one for one in found if one.row.partition(",")[0] not in waiting]


def _different_days(session: Session, calendar: Calendar, as_of: datetime) -> Iterator[Difference]:
    for days in chunks(sorted(every_day(session, calendar, as_of)), DAYS_AT_ONCE):
        stored = statistics.rows_of_days(session, days)
        expected = {
            key: (row.counts_to_json(), row.times_to_json())
            for key, row in recompute(session, Turn(calendar, None, as_of), days).items()
        }
        for scope, day in sorted(stored | expected):
            pair = stored.get((scope, day)), expected.get((scope, day))
            if pair[0] != pair[1]:
                yield Difference(f"day {day}, {scope}", *pair)


def _different_ready_rows(
    session: Session, calendar: Calendar, latest: datetime
) -> Iterator[Difference]:
    """Ready rows have data times of their own: the moment their scope last changed.

    The day rows stand at the latest of them.
    """
    present = standing_by_scope(_running_then(session, latest), calendar, latest)
    days_as_of = present, calendar.local_day(latest)
    rows = sorted(statistics.ready_rows(session), key=lambda row: row.data_time)
    for as_of, group in groupby(rows, key=lambda row: row.data_time):
        stored = {(row.scope, row.period): row.figures for row in group}
        today = calendar.local_day(as_of)
        at = standing_by_scope(_running_then(session, as_of), calendar, as_of)
        wanted: dict[str, list[Period]] = defaultdict(list)
        for scope, name in stored:
            wanted[scope].append(period_named(name, today))
        expected = {
            (scope, period): figures
            for scope, windows in ready_figures(
                session, calendar, wanted, at, as_of, days_as_of=days_as_of
            )
            for period, figures in windows.items()
        }
        for key in sorted(stored | expected):
            if stored.get(key) != expected.get(key):
                yield Difference(_name(*key), stored.get(key), expected.get(key))


def _missing_ready_rows(
    session: Session, calendar: Calendar, as_of: datetime
) -> Iterator[Difference]:
    """Scopes that have something to tell and no ready row for a window it lies in."""
    today = calendar.local_day(as_of)
    at = standing_by_scope(_running_then(session, as_of), calendar, as_of)
    ready = {(row.scope, row.period) for row in statistics.ready_rows(session)}
    missing: dict[str, list[Period]] = defaultdict(list)
    for scope, days in statistics.days_of_scopes(session).items():
        for period in windows_touched(days, today):
            if (scope, period.name) not in ready and any(day in period.window for day in days):
                missing[scope].append(period)
    for scope, windows in ready_figures(session, calendar, missing, at, as_of):
        for name, figures in windows.items():
            yield Difference(_name(scope, name), None, figures)


def _name(scope: str, period: str) -> str:
    return f"ready {scope}, {period}"


def _running_then(session: Session, as_of: datetime) -> Iterator[ReportFacts]:
    """The reports of which some time ran on at a moment, from history."""
    for entries in statistics.histories(session, statistics.running_at(session, as_of)):
        report = facts(entries, as_of)
        if report is not None and (report.open or report.promise_open):
            yield report
