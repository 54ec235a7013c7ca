"""Days off that a package knows of, as proposals: only people decide what the calendar holds.

The package lags behind the government's yearly notices and lacks some swaps.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import holidays

from feedback.domain.calendar import DayKind

COUNTRY = "VN"
LANGUAGE = "vi"
_IN_LIEU = ("(nghỉ bù)", "(thay cho")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A day that may depart from its weekday; a swapped-in one is worked like a full day."""

    day: date
    kind: DayKind
    name: str


def proposals(year: int, known: Collection[date]) -> list[Proposal]:
    """What the package knows of a year and the calendar does not, in the order of the days."""
    found = holidays.country_holidays(COUNTRY, years=year, language=LANGUAGE)
    off = [Proposal(day, _kind(name), name) for day, name in found.items()]
    worked = [
        Proposal(day, DayKind.SWAPPED_IN, f"Làm bù ngày {day:%d/%m/%Y}")
        for day in found.weekend_workdays
    ]
    wanted = [one for one in (*off, *worked) if one.day.year == year and one.day not in known]
    return sorted(wanted, key=lambda one: one.day)


def _kind(name: str) -> DayKind:
    return DayKind.IN_LIEU if any(sign in name for sign in _IN_LIEU) else DayKind.HOLIDAY
