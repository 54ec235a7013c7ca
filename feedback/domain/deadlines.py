"""Promised moments: when a round is due, and what waiting for the citizen does to it.

A round's `original_due` is fixed when the round starts. Its `due` starts there and is moved by
extensions and by waiting. All moments are UTC at whole minutes; all minutes are minutes of the
service level's clock.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from feedback.domain.calendar import Calendar
from feedback.domain.errors import Invalid
from feedback.domain.states import Clock


@dataclass(frozen=True, slots=True)
class ServiceLevelTerms:
    """What one version of a service level promises.

    The time to resolve is either a number of working days, due at the end of the last one, or
    minutes of the clock. A round-the-clock level counts in minutes only: a day's end means
    nothing to it.
    """

    clock: Clock
    accept_minutes: int
    resolve_days: int | None
    resolve_minutes: int | None
    waiting_limit_minutes: int
    approval_needed: bool
    evidence_needed: bool

    def __post_init__(self) -> None:
        """Refuse terms that promise nothing, twice, or days round the clock (Invalid)."""
        if (self.resolve_days is None) == (self.resolve_minutes is None):
            raise Invalid({"resolve_days": "days_or_minutes"})
        if self.resolve_days is not None and self.clock is not Clock.WORKING:
            raise Invalid({"resolve_days": "days_need_the_working_clock"})
        if (self.resolve_days or self.resolve_minutes or 0) < 1:
            raise Invalid({"resolve_days": "too_small"})
        if self.accept_minutes < 1:
            raise Invalid({"accept_minutes": "too_small"})
        if self.waiting_limit_minutes < 0:
            raise Invalid({"waiting_limit_minutes": "negative"})


class WaitingTerms(Protocol):
    """What waiting is counted by: the clock, and how much of it may be added to `due`."""

    @property
    def clock(self) -> Clock: ...

    @property
    def waiting_limit_minutes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How far the due moment is away, or how long it has passed when `overdue`.

    `minutes` are whole minutes of `clock`. `working_days` are the working days after the earlier
    of the two local days, up to the later one: 0 is "today", 1 "the next working day"; on the
    round-the-clock clock it is 0 and the minutes say all.
    """

    overdue: bool
    clock: Clock
    working_days: int
    minutes: int


def clock_minutes_between(clock: Clock, calendar: Calendar, start: datetime, end: datetime) -> int:
    """Whole minutes of a clock between two aware moments, both at their whole minute.

    0 when `end` is not after `start`.
    """
    if clock is Clock.WORKING:
        return calendar.working_minutes_between(start, end)
    return calendar_minutes_between(start, end)


def calendar_minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes on everybody's clock between two aware moments, 0 when `end` is not after."""
    return max(0, int(end.timestamp() // 60) - int(start.timestamp() // 60))


def add_clock_minutes(clock: Clock, calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """The moment `minutes` of a clock after `start`. Below 0 is refused (Invalid).

    Raises NoWorkingTime where the calendar has no working time left.
    """
    if clock is Clock.WORKING:
        return calendar.add_working_minutes(start, minutes)
    if minutes < 0:
        raise Invalid({"minutes": "negative"})
    return whole_minute(start) + timedelta(minutes=minutes)


def original_due(terms: ServiceLevelTerms, calendar: Calendar, started_at: datetime) -> datetime:
    """When a round that starts at `started_at` is due.

    In days: the local day of the start is day 0, worked or not, and the round is due at the end
    of the n-th working day after it. In minutes: that many minutes of the clock.
    Raises NoWorkingTime where the calendar has no working time left.
    """
    if terms.resolve_days is not None:
        last_day = calendar.nth_working_day_after(
            calendar.local_day(started_at), terms.resolve_days
        )
        return calendar.end_of_working_day(last_day)
    return add_clock_minutes(terms.clock, calendar, started_at, terms.resolve_minutes or 0)


def waited_minutes(
    terms: WaitingTerms, calendar: Calendar, since: datetime, until: datetime, already: int
) -> int:
    """Minutes that one spell of waiting adds to `due`: its length, as far as the limit allows.

    `already` is what earlier spells of the same round have added.
    """
    allowance = max(0, terms.waiting_limit_minutes - already)
    return min(allowance, clock_minutes_between(terms.clock, calendar, since, until))


def waiting_ends_at(
    terms: WaitingTerms, calendar: Calendar, since: datetime, already: int
) -> datetime:
    """When a spell of waiting ends by itself, because the round's limit is used up."""
    allowance = max(0, terms.waiting_limit_minutes - already)
    return add_clock_minutes(terms.clock, calendar, since, allowance)


def due_after_waiting(
    terms: WaitingTerms, calendar: Calendar, due: datetime, waited: int
) -> datetime:
    """The due moment put off by `waited` minutes of the level's clock (see `waited_minutes`)."""
    return add_clock_minutes(terms.clock, calendar, due, waited)


def corrected_dues(
    terms: ServiceLevelTerms,
    calendar: tuple[Calendar, Calendar],
    started_at: datetime,
    dues: tuple[datetime, datetime],
) -> tuple[datetime, datetime]:
    """`original_due` and `due` of an open round after a correction of the calendar.

    `calendar` is the one before and the one after, `dues` the two moments as they stand. The first
    is promised anew by the calendar after; what waiting and extensions have put the second off by,
    in minutes of the clock by the calendar before, is kept.
    """
    before, after = calendar
    original = original_due(terms, after, started_at)
    put_off = clock_minutes_between(terms.clock, before, *dues)
    if not put_off:
        return original, original
    return original, add_clock_minutes(terms.clock, after, original, put_off)


def time_left(clock: Clock, calendar: Calendar, now: datetime, due: datetime) -> TimeLeft:
    """How far `due` is from `now`. Overdue means that the due moment has passed: due < now."""
    overdue = due < now
    first, last = (due, now) if overdue else (now, due)
    working_days = 0
    if clock is Clock.WORKING:
        first_day, last_day = calendar.local_day(first), calendar.local_day(last)
        working_days = calendar.working_days_between(first_day, last_day)
    minutes = clock_minutes_between(clock, calendar, first, last)
    return TimeLeft(overdue, clock, working_days, minutes)


def whole_minute(moment: datetime) -> datetime:
    """An aware moment in UTC with its seconds cut off."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
