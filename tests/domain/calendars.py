"""Calendars the tests count with: the hours of a city hall and the real days off of Vietnam.

The days off are those the government announced for civil servants: public holidays with their
days in lieu, and the Saturdays worked in exchange. "1/2" is the second of January of the year.
"""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from feedback.domain.calendar import Block, Calendar, DayException, DayKind

HUE = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
TWO_BLOCKS = (Block(7 * 60 + 30, 11 * 60 + 30), Block(13 * 60, 17 * 60))
NINE_TO_FIVE = (Block(9 * 60, 17 * 60),)

DAYS_OFF = {
    2019: "1/1 4/2 5/2 6/2 7/2 8/2 15/4 29/4 30/4 1/5 2/9",
    2020: "1/1 23/1 24/1 27/1 28/1 29/1 2/4 30/4 1/5 2/9",
    2021: "1/1 10/2 11/2 12/2 15/2 16/2 21/4 30/4 3/5 2/9 3/9",
    2022: "3/1 31/1 1/2 2/2 3/2 4/2 11/4 2/5 3/5 1/9 2/9",
    2023: "2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9",
    2024: "1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9",
    2025: "1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9",
    2026: "1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9 24/11",
}
WORKED_SATURDAYS = {2019: "4/5", 2024: "4/5", 2025: "26/4", 2026: "10/1 22/8"}


def create_calendar(
    *,
    hours: tuple[Block, ...] = TWO_BLOCKS,
    exceptions: Iterable[DayException] = (),
    zone: ZoneInfo = HUE,
    version: int = 1,
) -> Calendar:
    """A calendar worked Monday to Friday at the same hours."""
    weekly = (hours,) * 5 + ((), ())
    return Calendar(weekly, {one.day: one for one in exceptions}, zone, version)


def create_day(
    day: date, kind: DayKind = DayKind.HOLIDAY, blocks: tuple[Block, ...] = ()
) -> DayException:
    """One exceptional day."""
    return DayException(day, kind, blocks, name="a day", source="a notice")


def create_vietnamese_calendar(hours: tuple[Block, ...] = TWO_BLOCKS) -> Calendar:
    """The years 2019–2026 as they were announced."""
    off = [create_day(day) for day in _dates(DAYS_OFF)]
    worked = [create_day(day, DayKind.SWAPPED_IN, hours) for day in _dates(WORKED_SATURDAYS)]
    return create_calendar(hours=hours, exceptions=off + worked)


def _dates(by_year: dict[int, str]) -> list[date]:
    pairs = [(year, word.split("/")) for year, line in by_year.items() for word in line.split()]
    return [date(year, int(month), int(day)) for year, (day, month) in pairs]
