"""A year of the calendar as a page shows it."""

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date

from feedback.domain.calendar import Calendar, DayException, DayKind
from feedback.operations.correct_calendar import WEEKDAYS, hours_words
from feedback.web.admin.changes import FIELDS, VALUES


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of a month. `kind` is empty for a day that follows its weekday."""

    day: date
    worked: bool
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month as weeks of seven days, Monday first; None where another month begins or ends."""

    name: str
    weeks: list[list[DayView | None]]


def months_of(calendar: Calendar, year: int) -> list[MonthView]:
    """The twelve months of a year."""
    weeks = Weeks(firstweekday=0)
    return [
        MonthView(
            format_date(date(year, month, 1), "LLLL"),
            [
                [_day(calendar, date(year, month, number)) if number else None for number in week]
                for week in weeks.monthdayscalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


def days_of(calendar: Calendar, year: int) -> list[dict[str, Any]]:
    """The days of a year that depart from their weekday, in order."""
    found = sorted(day for day in calendar.exceptions if day.year == year)
    return [day_view(calendar.exceptions[day]) for day in found]


def day_view(exception: DayException) -> dict[str, Any]:
    """One such day in words."""
    return {
        "day": exception.day,
        "weekday": format_date(exception.day, "EEEE"),
        "kind": exception.kind.value,
        "kind_word": kind_word(exception.kind),
        "hours": hours_words(exception.blocks),
        "name": exception.name,
        "source": exception.source,
    }


def week_of(calendar: Calendar) -> list[tuple[str, str, str]]:
    """Each weekday: its field, its name and its hours."""
    return [
        (field, str(FIELDS[field]), hours_words(blocks))
        for field, blocks in zip(WEEKDAYS, calendar.weekly, strict=True)
    ]


def kind_word(kind: DayKind) -> str:
    """Why a day departs from its weekday, in words."""
    return str(VALUES["day_kind", kind.value])


def _day(calendar: Calendar, day: date) -> DayView:
    exception = calendar.exceptions.get(day)
    worked = bool(calendar.blocks_on(day))
    if exception is None:
        return DayView(day, worked, "", "")
    words = f"{kind_word(exception.kind)}: {exception.name}"
    return DayView(day, worked, exception.kind.value, words)
