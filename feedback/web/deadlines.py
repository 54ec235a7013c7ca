"""Deadlines as people read them: "còn 5 giờ làm việc", "quá hạn 2 ngày"."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from feedback.domain.calendar import Calendar
from feedback.domain.deadlines import time_left
from feedback.domain.states import Clock

Kind = Literal["left", "overdue", "waiting", "met", "late"]
Unit = Literal["minute", "hour", "day"]
MINUTE: Unit = "minute"
HOUR: Unit = "hour"
DAY: Unit = "day"
SOON_MINUTES = 8 * 60
MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a chip or sentence says of a due moment.

    `amount` counts `unit`s, working ones when `working`; `soon` is within about a working day.
    """

    kind: Kind
    due: datetime
    amount: int
    unit: Unit
    working: bool
    soon: bool


def deadline_of(
    due: datetime,
    clock: Clock,
    calendar: Calendar,
    now: datetime,
    *,
    closed_at: datetime | None = None,
    waiting: bool = False,
) -> Deadline:
    """The deadline of a round as it stands now, or as it stood at its close.

    Time left counts on the round's clock. Time overdue is plain time: late is late on a Sunday too.
    """
    at = closed_at or now
    left = time_left(clock, calendar, at, due)
    working = clock is Clock.WORKING and not left.overdue
    if working and left.working_days > 1:
        amount, unit = left.working_days, DAY
    else:
        minutes = left.minutes if working else int(abs(due - at).total_seconds() // 60)
        amount, unit = _largest_unit(minutes, days=not working)
    return Deadline(
        kind=_kind(left.overdue, closed_at is not None, waiting),
        due=due,
        amount=amount,
        unit=unit,
        working=working,
        soon=not left.overdue and left.minutes <= SOON_MINUTES,
    )


def _largest_unit(minutes: int, *, days: bool) -> tuple[int, Unit]:
    if days and minutes >= MINUTES_A_DAY:
        return minutes // MINUTES_A_DAY, DAY
    if minutes >= MINUTES_AN_HOUR:
        return minutes // MINUTES_AN_HOUR, HOUR
    return minutes, MINUTE


def _kind(overdue: bool, closed: bool, waiting: bool) -> Kind:
    if closed:
        return "late" if overdue else "met"
    if waiting:
        return "waiting"
    return "overdue" if overdue else "left"
