"""The cases behind a figure: the same contributions, listed instead of counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from feedback.domain.calendar import Calendar
from feedback.domain.errors import NotFound
from feedback.domain.measures import (
    CITY,
    STANDING,
    Contribution,
    Figure,
    contributions,
    scopes,
    standing,
)
from feedback.domain.periods import Window, period_named
from feedback.domain.timelines import ReportFacts, facts
from feedback.operations.city import City
from feedback.operations.day_rows import spans_of
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import reading
from feedback.storage.queries import figure_cases, statistics
from feedback.storage.types import can_be_key

_ID = r"[1-9]\d{0,18}"
_SCOPE = re.compile(
    rf"{CITY}|unit:(?P<unit>{_ID})(?:/category:(?P<both>{_ID}))?|category:(?P<category>{_ID})"
    rf"|area:(?P<area>{_ID})"
)


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a figure. `minutes` is a finished round's time to answer on its clock."""

    report_id: int
    unit_id: int | None
    round_number: int | None
    moment: datetime
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope's name taken apart; what it does not name is None."""

    name: str
    unit_id: int | None = None
    category_id: int | None = None
    area_id: int | None = None


def list_cases(
    *, figure: Figure, scope: Scope, period: str, as_of: datetime, city: City
) -> list[Case]:
    """Exactly the cases a figure counted at its data time `as_of`, the latest moment first.

    Computed from history, so it answers for any moment, but slowly for wide windows. Raises
    NotFound for a window that has no such name or had not begun.
    """
    with reading() as session:
        calendar = working_calendar(session, city)
        window = window_of(period, calendar.local_day(as_of))
        found = _cases(session, calendar, figure, scope, (window, as_of))
        return sorted(found, key=lambda case: (case.moment, case.report_id), reverse=True)


def window_of(period: str, today: date) -> Window:
    """The days of a named window on a day. Raises NotFound."""
    try:
        return period_named(period, today).window
    except ValueError:
        raise NotFound("unknown_window") from None


def parse_scope(name: str) -> Scope:
    """A scope by its name, "unit:5/category:3". Raises NotFound for what is none."""
    match = _SCOPE.fullmatch(name)
    if match is None:
        raise NotFound("unknown_scope")
    words = match["unit"], match["category"] or match["both"], match["area"]
    ids = [int(word) if word else None for word in words]
    if not all(one is None or can_be_key(one) for one in ids):
        raise NotFound("unknown_scope")
    return Scope(name, *ids)


def _cases(
    session: Session,
    calendar: Calendar,
    figure: Figure,
    scope: Scope,
    period: tuple[Window, datetime],
) -> Iterator[Case]:
    window, as_of = period
    (span,) = spans_of(window.days, calendar.zone)
    counted = standing if figure in STANDING else contributions
    report_ids = figure_cases.cases_in(
        session,
        figure,
        window,
        span,
        as_of,
        unit_id=scope.unit_id,
        category_id=scope.category_id,
        area_id=scope.area_id,
    )
    for entries in statistics.histories(session, report_ids):
        report = facts(entries, as_of)
        if report is None:
            continue
        for one in counted(report, as_of, calendar):
            inside = figure in STANDING or calendar.local_day(one.moment) in window
            if one.figure is figure and inside and scope.name in _scopes(report, one):
                yield Case(report.report_id, one.unit_id, one.round_number, one.moment, one.minutes)


def _scopes(report: ReportFacts, one: Contribution) -> tuple[str, ...]:
    return scopes(one.unit_id, report.category_id, report.area_id)
