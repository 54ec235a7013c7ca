"""The times that are measured, and the clock each is counted on.

Figures on the working clock and on the round-the-clock clock are never pooled: a time is measured
under a `TimeKey`, and what is kept under one key is of one clock only.
"""

from enum import StrEnum
from functools import cache
from typing import NamedTuple

from feedback.domain.states import Clock


class Duration(StrEnum):
    """What is timed: from → to (clock). "Level's" is the clock of the service level."""

    DISPATCH = "time_to_dispatch"  # received → first dispatched (calendar)
    FIRST_ANSWER = "first_answer"  # received → first question, public note or answer (calendar)
    ACCEPT = "time_to_accept"  # dispatched to a unit → taken up there (level's)
    ANSWER = "time_to_answer"  # round start → close, the lead's waiting taken out (level's)
    FIX = "time_to_fix"  # first dispatch → fixed, or the promise kept (level's)
    FELT = "time_felt"  # received → last close, nothing taken out (calendar)


BY_CALENDAR = (Duration.DISPATCH, Duration.FIRST_ANSWER, Duration.FELT)
BY_LEVEL = (Duration.ACCEPT, Duration.ANSWER, Duration.FIX)


class TimeKey(NamedTuple):
    """A duration on one clock. The calendar's minutes are those of the round-the-clock clock."""

    duration: Duration
    clock: Clock

    @property
    def name(self) -> str:
        """As rows and addresses name it: "time_to_answer/working"."""
        return f"{self.duration.value}/{self.clock.value}"

    @staticmethod
    @cache
    def named(name: str) -> "TimeKey":
        """The inverse of `name`. Raises ValueError."""
        duration, _, clock = name.partition("/")
        return TimeKey(Duration(duration), Clock(clock))


TIME_KEYS = (
    *(TimeKey(duration, Clock.ROUND_THE_CLOCK) for duration in BY_CALENDAR),
    *(TimeKey(duration, clock) for duration in BY_LEVEL for clock in Clock),
)
