"""The windows figures are shown for: the last days, and months, quarters and years.

A window has a name, which rows and addresses know it by: "30", "2026-11", "2026-Q4", "2026".
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

ROLLING = (7, 30, 90, 365)
ONE_DAY = timedelta(days=1)
DAYS_KNOWN = 4_096  # whose windows are remembered
_NAME = re.compile(r"(?P<days>7|30|90|365)|(?P<year>20\d\d)(-(?P<part>Q[1-4]|0[1-9]|1[0-2]))?")


class PeriodKind(StrEnum):
    """How long a window is."""

    ROLLING = "rolling"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Window:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> "Window":
        """The window of `days` days that ends with `last`."""
        return cls(last - timedelta(days=days - 1), last)

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Window":
        """The window of the same length just before."""
        return Window.ending(self.first - ONE_DAY, self.length)

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=n) for n in range(self.length)]

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Period:
    """A named window, as it stands on some day: one that is not over yet ends with that day.

    `before` is what it is compared with: as many days of the window just before, when it is not
    over; else the whole of it.
    """

    name: str
    kind: PeriodKind
    window: Window
    before: Window
    over: bool


def period_named(name: str, today: date) -> Period:
    """The window of a name on a day. Raises ValueError for no name, or what has not begun."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"no window is named {name!r}")
    if match["days"]:
        window = Window.ending(today, int(name))
        return Period(name, PeriodKind.ROLLING, window, window.before, over=False)
    part, year = match["part"], int(match["year"])
    if part is None:
        return _period(PeriodKind.YEAR, date(year, 1, 1), today)
    if part.startswith("Q"):
        return _period(PeriodKind.QUARTER, date(year, 3 * int(part[1]) - 2, 1), today)
    return _period(PeriodKind.MONTH, date(year, int(part), 1), today)


@lru_cache(DAYS_KNOWN)
def periods_with(day: date, today: date) -> tuple[Period, ...]:
    """The month, quarter and year a day lies in."""
    firsts = {
        kind: date(day.year, (day.month - 1) // months * months + 1, 1)
        for kind, months in _MONTHS.items()
    }
    return tuple(_period(kind, first, today) for kind, first in firsts.items())


@lru_cache(DAYS_KNOWN)
def periods_touched(day: date, today: date) -> tuple[Period, ...]:
    """Every month, quarter and year that shows a day: those it lies in, and those just after,
    which are compared with them."""
    found = []
    for period in periods_with(day, today):
        found.append(period)
        following = _next_first(period.window.first, _MONTHS[period.kind])
        if following <= today:
            found.append(_period(period.kind, following, today))
    return tuple(found)


def periods_since(first: date, today: date) -> list[Period]:
    """Every month, quarter and year from the one a day lies in to the present ones."""
    found = []
    for kind, months in _MONTHS.items():
        start = date(first.year, (first.month - 1) // months * months + 1, 1)
        while start <= today:
            found.append(_period(kind, start, today))
            start = _next_first(start, months)
    return found


def _period(kind: PeriodKind, first: date, today: date) -> Period:
    if first > today:
        raise ValueError(f"{first} has not begun")
    months = _MONTHS[kind]
    last = _next_first(first, months) - ONE_DAY
    before = _window_before(first, months)
    if last <= today:
        whole = Window(first, last)
        return Period(_name(kind, first), kind, whole, before, over=last < today)
    passed = Window(first, today)
    as_far = min(before.last, before.first + timedelta(days=passed.length - 1))
    return Period(_name(kind, first), kind, passed, Window(before.first, as_far), over=False)


def _window_before(first: date, months: int) -> Window:
    last = first - ONE_DAY
    start = date(last.year, last.month, 1)
    for _ in range(months - 1):
        earlier = start - ONE_DAY
        start = date(earlier.year, earlier.month, 1)
    return Window(start, last)


def _next_first(first: date, months: int) -> date:
    last = first
    for _ in range(months):
        last = date(last.year, last.month, monthrange(last.year, last.month)[1]) + ONE_DAY
    return last


def _name(kind: PeriodKind, first: date) -> str:
    if kind is PeriodKind.YEAR:
        return f"{first.year}"
    if kind is PeriodKind.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return f"{first:%Y-%m}"
