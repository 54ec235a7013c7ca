"""Working time: the city's weekly hours, its holidays and its swapped-in days, as plain data.

One sentence defines everything here: *a UTC minute is worked when the wall clock of the city,
read at that minute, stands inside a block of that local day.* Every moment counts at its whole
minute (seconds are cut off), so results are exact whole minutes, and a change to or from summer
time needs no rule of its own: a skipped hour has no minutes, a repeated one has twice as many.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from feedback.domain.errors import DomainError, Invalid

MINUTES_A_DAY = 24 * 60
SEARCH_DAYS = 2 * 366  # longer without working time means a broken calendar, not a long holiday
ONE_DAY = timedelta(days=1)

Span = tuple[int, int]  # UTC minutes since 1970, the end not included


class NoWorkingTime(DomainError):
    """The calendar has no working time for about two years on end; `params["after"]` says when."""


class DayKind(StrEnum):
    """Why a day departs from the weekly hours."""

    HOLIDAY = "holiday"
    IN_LIEU = "in_lieu"
    SWAPPED_IN = "swapped_in"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True, order=True)
class Block:
    """Unbroken working hours, in minutes of the local day; `end_minute` is not included."""

    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        """Refuse hours outside the day (Invalid)."""
        if not 0 <= self.start_minute < self.end_minute <= MINUTES_A_DAY:
            raise Invalid({"blocks": "hours_outside_the_day"})


@dataclass(frozen=True, slots=True)
class DayException:
    """One day that departs from the weekly hours, with the document that says so.

    A holiday and a day off in lieu have no blocks; a swapped-in day has some; a closure may
    leave some (the office shuts at noon).
    """

    day: date
    kind: DayKind
    blocks: tuple[Block, ...]
    name: str
    source: str

    def __post_init__(self) -> None:
        """Refuse blocks that overlap or do not go with the kind (Invalid)."""
        _check_blocks(self.blocks)
        if self.kind is DayKind.SWAPPED_IN and not self.blocks:
            raise Invalid({"blocks": "working_day_without_hours"})
        if self.kind in {DayKind.HOLIDAY, DayKind.IN_LIEU} and self.blocks:
            raise Invalid({"blocks": "day_off_with_hours"})


@dataclass(frozen=True)
class Calendar:
    """Working hours of one city in one version; equal calendars answer equally.

    `weekly` holds the blocks of Monday to Sunday, `exceptions` the days that depart from them.
    Years are worked out when first asked for and kept, so that long spans cost two look-ups.
    """

    weekly: tuple[tuple[Block, ...], ...]
    exceptions: Mapping[date, DayException] = field(hash=False)
    zone: ZoneInfo
    version: int
    _years: dict[int, "_Year"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep a copy of the exceptions nobody can change; refuse contradictions (Invalid)."""
        if len(self.weekly) != 7:
            raise Invalid({"weekly": "seven_days_needed"})
        for blocks in self.weekly:
            _check_blocks(blocks)
        if any(day != exception.day for day, exception in self.exceptions.items()):
            raise Invalid({"exceptions": "filed_under_another_day"})
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def local_day(self, moment: datetime) -> date:
        """The city's date at an aware moment."""
        return _aware(moment).astimezone(self.zone).date()

    def blocks_on(self, day: date) -> tuple[Block, ...]:
        """Working hours of a local day; empty on a day off."""
        exception = self.exceptions.get(day)
        return self.weekly[day.weekday()] if exception is None else exception.blocks

    def is_working_day(self, day: date) -> bool:
        """Whether at least one minute of the local day is worked."""
        return day in self._year(day.year).spans_by_day

    def end_of_working_day(self, day: date) -> datetime:
        """The UTC moment at which work ends on a working day. A day off is refused (Invalid)."""
        spans = self._year(day.year).spans_by_day.get(day)
        if spans is None:
            raise Invalid({"day": "not_a_working_day"}, day=day)
        return _moment(spans[-1][1])

    def nth_working_day_after(self, day: date, n: int) -> date:
        """The n-th working day after a day, which is itself day 0, worked or not; n ≥ 1.

        Raises Invalid for n < 1 and NoWorkingTime after about two years without a working day.
        """
        if n < 1:
            raise Invalid({"n": "too_small"})
        found, idle = 0, 0
        while found < n:
            day += ONE_DAY
            if self.is_working_day(day):
                found, idle = found + 1, 0
                continue
            idle += 1
            if idle > SEARCH_DAYS:
                raise NoWorkingTime("no_working_time", after=day - idle * ONE_DAY)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to and with `last`; 0 when not after."""
        days = (first + n * ONE_DAY for n in range(1, (last - first).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from `start` (counted) to `end` (not counted), aware moments.

        Both count at their whole minute. 0 when `end` is not after `start`. It adds up: a–b and
        b–c make a–c.
        """
        first, last = _minute(start), _minute(end)
        if last <= first:
            return 0
        first_year, last_year = self.local_day(start).year, self.local_day(end).year
        whole_years = sum(self._year(year).total for year in range(first_year, last_year))
        before_start = self._year(first_year).worked_before(first)
        return whole_years + self._year(last_year).worked_before(last) - before_start

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """The first UTC moment with `minutes` working minutes between `start` and it.

        0 gives `start` at its whole minute, worked or not. A result that uses up a block is the
        end of that block, not the start of the next. Raises Invalid below 0, and NoWorkingTime
        where two whole years have no working minute.
        """
        if minutes < 0:
            raise Invalid({"minutes": "negative"})
        first = _minute(start)
        if minutes == 0:
            return _moment(first)
        year = self.local_day(start).year
        wanted = self._year(year).worked_before(first) + minutes
        idle = 0
        while wanted > self._year(year).total:
            idle = 0 if self._year(year).total else idle + 1
            if idle == 2:
                raise NoWorkingTime("no_working_time", after=_moment(first))
            wanted -= self._year(year).total
            year += 1
        return _moment(self._year(year).end_of_worked(wanted))

    def _year(self, year: int) -> "_Year":
        """The worked minutes of a local year, from the cache or made now."""
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _Year.of(self, year)
        return known

    def _spans_on(self, day: date) -> tuple[Span, ...]:
        """The worked UTC minutes of a local day as spans in order."""
        blocks = self.blocks_on(day)
        if not blocks:
            return ()
        start = _local_midnight(day, self.zone, fold=0)
        end = _local_midnight(day + ONE_DAY, self.zone, fold=1)
        if start.utcoffset() == end.utcoffset():
            base = _minute(start)
            return tuple((base + b.start_minute, base + b.end_minute) for b in blocks)
        return self._spans_on_a_clock_change(day, blocks)

    def _spans_on_a_clock_change(self, day: date, blocks: tuple[Block, ...]) -> tuple[Span, ...]:
        """The same on a day whose clock is put forward or back: the definition, minute by minute.

        Midnight itself may be skipped or repeated, so a little more than the day is looked at.
        """
        midnights = [
            _minute(_local_midnight(edge, self.zone, fold))
            for edge in (day, day + ONE_DAY)
            for fold in (0, 1)
        ]
        worked = []
        for minute in range(min(midnights), max(midnights)):
            local = _moment(minute).astimezone(self.zone)
            of_day = local.hour * 60 + local.minute
            if local.date() == day and any(b.start_minute <= of_day < b.end_minute for b in blocks):
                worked.append((minute, minute + 1))
        return _joined(worked)


@dataclass(frozen=True, slots=True)
class _Year:
    """The worked minutes of one local year: spans in order, and how much was worked before each."""

    spans_by_day: dict[date, tuple[Span, ...]]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    worked: tuple[int, ...]  # minutes up to the end of each span
    total: int

    @classmethod
    def of(cls, calendar: Calendar, year: int) -> "_Year":
        """Work a year out, day by day."""
        first = date(year, 1, 1)
        days = (first + n * ONE_DAY for n in range((date(year, 12, 31) - first).days + 1))
        by_day = {day: spans for day in days if (spans := calendar._spans_on(day))}
        in_order = sorted(span for of_day in by_day.values() for span in of_day)
        worked = tuple(accumulate(end - start for start, end in in_order))
        starts, ends = tuple(s for s, _ in in_order), tuple(e for _, e in in_order)
        return cls(by_day, starts, ends, worked, worked[-1] if worked else 0)

    def worked_before(self, minute: int) -> int:
        """Minutes of this year worked before a UTC minute."""
        at = bisect_right(self.starts, minute) - 1
        if at < 0:
            return 0
        return self.worked[at] - max(0, self.ends[at] - minute)

    def end_of_worked(self, wanted: int) -> int:
        """The UTC minute at which the `wanted`-th worked minute of this year has passed."""
        at = bisect_left(self.worked, wanted)
        return self.ends[at] - (self.worked[at] - wanted)


def _check_blocks(blocks: tuple[Block, ...]) -> None:
    """Refuse blocks out of order or overlapping (Invalid)."""
    if any(a.end_minute > b.start_minute for a, b in pairwise(blocks)):
        raise Invalid({"blocks": "overlap_or_out_of_order"})


def _aware(moment: datetime) -> datetime:
    """The moment itself; one without a zone is a mistake of the caller (ValueError)."""
    if moment.utcoffset() is None:
        raise ValueError("an aware datetime is needed")
    return moment


def _minute(moment: datetime) -> int:
    """Whole minutes since 1970 of an aware moment, seconds cut off."""
    return int(_aware(moment).timestamp() // 60)


def _moment(minute: int) -> datetime:
    """The UTC moment of a whole minute since 1970."""
    return datetime.fromtimestamp(minute * 60, UTC)


def _local_midnight(day: date, zone: ZoneInfo, fold: int) -> datetime:
    """The start of a local day; `fold` chooses where midnight is skipped or comes twice."""
    return datetime.combine(day, time(fold=fold), zone)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order with those that touch made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
