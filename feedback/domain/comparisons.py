"""What a window is held against: the one just before it, or the same one a year earlier."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from feedback.domain.periods import ONE_DAY, Period, PeriodKind, Window


class Against(StrEnum):
    """Which earlier window figures are compared with."""

    BEFORE = "before"
    YEAR = "year"


def year_earlier(period: Period) -> Window:
    """The same window one year earlier.

    The last days keep their number. Of a month, quarter or year the days of the calendar count: as
    many as have passed of it, and all when it is over, whether or not its February was longer.
    """
    if period.kind is PeriodKind.ROLLING:
        return Window.ending(_shifted(period.window.last), period.window.length)
    last = period.window.last
    at_end = (last + ONE_DAY).day == 1
    earlier = _last_of_month(last.year - 1, last.month) if at_end else _shifted(last)
    return Window(_shifted(period.window.first), earlier)


def _shifted(day: date) -> date:
    """The day of the same name a year earlier; the 28th where there is no 29th of February."""
    return min(
        date(day.year - 1, day.month, 1) + (day.day - 1) * ONE_DAY,
        _last_of_month(day.year - 1, day.month),
    )


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
