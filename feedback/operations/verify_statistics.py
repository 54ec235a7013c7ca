"""Whether the stored figures are what history says: everything is computed aside and compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.calendar import Calendar
from feedback.domain.timelines import ReportFacts, facts
from feedback.operations.city import City
from feedback.operations.figures import (
    DAYS_AT_ONCE,
    chunks,
    ready_figures,
    recompute,
    standing_by_scope,
)
from feedback.operations.rebuild_statistics import every_day
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import transaction
from feedback.storage.database import take_turn
from feedback.storage.queries import statistics


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored row that is not what it should be; None where one of the two does not exist."""

    row: str
    stored: dict[str, Any] | None
    expected: dict[str, Any] | None


def verify_statistics(*, city: City) -> list[Difference]:
    """Every stored row that differs from its recomputation at its own data time; there are none.

    Days that wait to be recomputed, because a change has just marked them, are left out.
    """
    with transaction(city) as session:
        take_turn(session, "statistics")
        as_of = statistics.data_time(session)
        if as_of is None:
            return []
        calendar = working_calendar(session, city)
        found = [
            *_different_days(session, city, calendar, as_of),
            *_different_ready_rows(session, calendar),
            *_missing_ready_rows(session, calendar, as_of),
        ]
        waiting = {f"day {day}" for day in statistics.dirty_days(session).values()}
        return [one for one in found if one.row.partition(",")[0] not in waiting]


def _different_days(
    session: Session, city: City, calendar: Calendar, as_of: datetime
) -> Iterator[Difference]:
    for days in chunks(sorted(every_day(session, city, as_of)), DAYS_AT_ONCE):
        stored = statistics.rows_of_days(session, days)
        expected = {
            key: row.to_json() for key, row in recompute(session, calendar, days, as_of).items()
        }
        for scope, day in sorted(stored | expected):
            pair = stored.get((scope, day)), expected.get((scope, day))
            if pair[0] != pair[1]:
                yield Difference(f"day {day}, {scope}", *pair)


def _different_ready_rows(session: Session, calendar: Calendar) -> Iterator[Difference]:
    """Ready rows have data times of their own: the moment their scope last changed."""
    rows = sorted(statistics.ready_rows(session), key=lambda row: row.data_time)
    for as_of, group in groupby(rows, key=lambda row: row.data_time):
        stored = {(row.scope, row.window_days): row.figures for row in group}
        at = standing_by_scope(_open_then(session, as_of), calendar, as_of)
        wanted = sorted({scope for scope, _ in stored})
        expected = {
            (scope, window): figures
            for scope, windows in ready_figures(session, calendar, wanted, at, as_of)
            for window, figures in windows.items()
        }
        for key in sorted(stored | expected):
            if stored.get(key) != expected.get(key):
                name = f"ready {key[0]}, {key[1]} days"
                yield Difference(name, stored.get(key), expected.get(key))


def _missing_ready_rows(
    session: Session, calendar: Calendar, as_of: datetime
) -> Iterator[Difference]:
    """Scopes that have something to tell and no ready row."""
    at = standing_by_scope(_open_then(session, as_of), calendar, as_of)
    ready = {row.scope for row in statistics.ready_rows(session)}
    missing = sorted(statistics.known_scopes(session) - ready)
    for scope, windows in ready_figures(session, calendar, missing, at, as_of):
        for window, figures in windows.items():
            yield Difference(f"ready {scope}, {window} days", None, figures)


def _open_then(session: Session, as_of: datetime) -> Iterator[ReportFacts]:
    """The reports that were open at a moment, from history."""
    for entries in statistics.histories(session, statistics.open_at(session, as_of)):
        report = facts(entries, as_of)
        if report is not None and report.open:
            yield report
