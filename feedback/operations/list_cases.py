"""The cases behind a figure: the same contributions, listed instead of counted."""

import re
from collections.abc import Iterable, Iterator, Sequence
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
from feedback.domain.windows import WindowFigures
from feedback.operations.city import City
from feedback.operations.day_rows import spans_of
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import reading
from feedback.storage.queries import figure_cases, statistics
from feedback.storage.queries.figure_cases import Wanted
from feedback.storage.types import can_be_key

_ID = r"[1-9]\d{0,18}"
_SCOPE = re.compile(
    rf"{CITY}|unit:(?P<unit>{_ID})(?:/category:(?P<both>{_ID}))?|category:(?P<category>{_ID})"
    rf"|area:(?P<area>{_ID})"
)

CaseKey = tuple[datetime, int, int]  # moment, report, round
_WITHOUT_MOMENT = "promised"  # a promise is for a day, no column holds a moment


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a figure. `minutes` is a finished round's time to answer on its clock."""

    report_id: int
    unit_id: int | None
    round_number: int | None
    moment: datetime
    minutes: int | None

    @property
    def key(self) -> CaseKey:
        """Its place in a list: by moment, report and round."""
        return (self.moment, self.report_id, self.round_number or 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope's name taken apart; what it does not name is None."""

    name: str
    unit_id: int | None = None
    category_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some of the cases of a figure, how many there are in all, and whether more come behind."""

    cases: list[Case]
    count: int
    more: bool


def list_cases(
    *, figure: Figure, scope: Scope, period: str, as_of: datetime, city: City
) -> list[Case]:
    """Exactly the cases a figure counted at its data time `as_of`, the latest moment first.

    Computed from history, so it answers for any moment, but slowly for wide windows. Raises
    NotFound for a window that has no such name or had not begun.
    """
    with reading() as session:
        calendar = working_calendar(session, city)
        wanted = _wanted(calendar, figure, scope, period, as_of)
        report_ids = figure_cases.cases_in(session, wanted)
        return _sorted(_cases(session, calendar, scope, wanted, report_ids))


def page_of_cases(
    *,
    figure: Figure,
    scope: Scope,
    period: str,
    as_of: datetime,
    behind: CaseKey | None,
    size: int,
    city: City,
) -> CasePage:
    """The first `size` of `list_cases` that come behind a case, and the count of all.

    Only as much history is read as the page needs, where the stored figure tells the count.
    Raises NotFound as `list_cases`.
    """
    with reading() as session:
        calendar = working_calendar(session, city)
        wanted = _wanted(calendar, figure, scope, period, as_of)
        count = _stored_count(session, figure, scope, period, as_of)
        if count is None or figure.startswith(_WITHOUT_MOMENT):
            report_ids = figure_cases.cases_in(session, wanted)
            found = _sorted(_cases(session, calendar, scope, wanted, report_ids))
            count, found = len(found), cases_behind(found, behind)
        else:
            found = _first_cases(session, calendar, scope, wanted, behind=behind, size=size + 1)
        return CasePage(found[:size], count, len(found) > size)


def _first_cases(
    session: Session,
    calendar: Calendar,
    scope: Scope,
    wanted: Wanted,
    *,
    behind: CaseKey | None,
    size: int,
) -> list[Case]:
    """The first cases behind one, from the columns that tell where the next lie."""
    unsure = figure_cases.unsure_cases(session, wanted)
    known = set(_cases(session, calendar, scope, wanted, unsure))
    # The same report may have another case at the very moment the page before ended with.
    reached = None if behind is None else (behind[0], behind[1] + 1)
    while True:
        batch = figure_cases.latest_cases(session, wanted, reached, 2 * size)
        report_ids = sorted({report_id for _, report_id in batch})
        at_hand = set(batch)
        known.update(
            case
            for case in _cases(session, calendar, scope, wanted, report_ids)
            if (case.moment, case.report_id) in at_hand
        )
        reached = batch[-1] if len(batch) == 2 * size else None
        found = cases_behind(_sorted(known), behind)
        if reached is None:
            return found
        complete = [case for case in found if (case.moment, case.report_id) >= reached]
        if len(complete) >= size:
            return complete


def _stored_count(
    session: Session, figure: Figure, scope: Scope, period: str, as_of: datetime
) -> int | None:
    """What the figure's row says at `as_of`; None where it stands at another moment."""
    row = statistics.ready_row(session, scope.name, period)
    if row is None or row.data_time != as_of:
        return None
    figures = WindowFigures.from_json(row.figures["figures"])
    return figures.count(figure)


def _sorted(cases: Iterable[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: case.key, reverse=True)


def cases_behind(found: Sequence[Case], behind: CaseKey | None) -> list[Case]:
    """Those of a list, the latest first, that come behind a case; all without one."""
    return [case for case in found if behind is None or case.key < behind]


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


def _wanted(
    calendar: Calendar, figure: Figure, scope: Scope, period: str, as_of: datetime
) -> Wanted:
    window = window_of(period, calendar.local_day(as_of))
    (span,) = spans_of(window.days, calendar.zone)
    return Wanted(figure, window, span, as_of, scope.unit_id, scope.category_id, scope.area_id)


def _cases(
    session: Session,
    calendar: Calendar,
    scope: Scope,
    wanted: Wanted,
    report_ids: Sequence[int],
) -> Iterator[Case]:
    """The cases of some reports that were counted."""
    figure, as_of = wanted.figure, wanted.as_of
    counted = standing if figure in STANDING else contributions
    for entries in statistics.histories(session, report_ids):
        report = facts(entries, as_of)
        if report is None:
            continue
        for one in counted(report, as_of, calendar):
            inside = figure in STANDING or calendar.local_day(one.moment) in wanted.window
            if one.figure is figure and inside and scope.name in _scopes(report, one):
                yield Case(report.report_id, one.unit_id, one.round_number, one.moment, one.minutes)


def _scopes(report: ReportFacts, one: Contribution) -> tuple[str, ...]:
    return scopes(one.unit_id, report.category_id, report.area_id)
