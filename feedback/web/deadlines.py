"""Deadlines as people read them: "còn 5 giờ làm việc", "quá hạn 2 ngày"."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from feedback.domain.calendar import Calendar
from feedback.domain.deadlines import time_left
from feedback.domain.states import Clock

SOON_MINUTES = 8 * 60
MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a chip or sentence says of a due moment.

    `amount` counts `unit`s, working ones when `working`; `soon` is within about a working day.
    """

    kind: Literal["left", "overdue", "waiting", "met", "late"]
    due: datetime
    amount: int
    unit: Literal["minute", "hour", "day"]
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
    """The deadline of a round as it stands now, or as it stood at its close."""
    left = time_left(clock, calendar, closed_at or now, due)
    working = clock is Clock.WORKING and not left.overdue
    if left.working_days > 1 or (left.working_days == 1 and left.overdue):
        amount, unit = left.working_days, "day"
    elif left.minutes >= MINUTES_A_DAY and clock is Clock.ROUND_THE_CLOCK:
        amount, unit = left.minutes // MINUTES_A_DAY, "day"
    elif left.minutes >= MINUTES_AN_HOUR:
        amount, unit = left.minutes // MINUTES_AN_HOUR, "hour"
    else:
        amount, unit = left.minutes, "minute"
    return Deadline(
        kind=_kind(left.overdue, closed_at is not None, waiting),
        due=due,
        amount=amount,
        unit=unit,  # type: ignore[arg-type]  # one of the three words above
        working=working,
        soon=not left.overdue and left.minutes <= SOON_MINUTES,
    )


def _kind(
    overdue: bool, closed: bool, waiting: bool
) -> Literal["left", "overdue", "waiting", "met", "late"]:
    if closed:
        return "late" if overdue else "met"
    if waiting:
        return "waiting"
    return "overdue" if overdue else "left"
