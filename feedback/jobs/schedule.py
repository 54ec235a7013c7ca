"""What happens by the clock, as data; `relay.py` looks at it all the time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from feedback.domain.events import Event


class Rhythm(Protocol):
    """When something happens again and again."""

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The last moment at or before `now`, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Every:
    """At each whole multiple of `period`, a divisor of a day, counted in UTC."""

    period: timedelta

    def latest(self, now: datetime, _zone: ZoneInfo) -> datetime:
        """See Rhythm."""
        epoch = datetime(2000, 1, 1, tzinfo=UTC)
        return epoch + (now - epoch) // self.period * self.period


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at a time on people's clocks."""

    at: time

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """See Rhythm."""
        local = now.astimezone(zone)
        moment = datetime.combine(local.date(), self.at, zone)
        if moment > local:
            moment = datetime.combine(local.date() - timedelta(days=1), self.at, zone)
        return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the schedule; `name` is its key in the store and must not change."""

    name: str
    rhythm: Rhythm
    event: Event
    payload: Mapping[str, Any] = field(default_factory=dict)


SCHEDULE = (
    Line("due_moments", Every(timedelta(minutes=1)), Event.DUE_MOMENTS_PASSED),
    Line("waiting_limits", Every(timedelta(minutes=1)), Event.WAITING_LIMITS_PASSED),
    Line("wall", Every(timedelta(minutes=1)), Event.MINUTE_PASSED),
    Line("end_of_day", Daily(time(0, 0)), Event.DAY_ENDED),
    Line("nightly_rebuild", Daily(time(2, 30)), Event.REBUILD_WANTED, {"days": 40}),
    Line("left_uploads", Every(timedelta(hours=1)), Event.UPLOADS_LEFT_BEHIND),
    Line("retention", Daily(time(3, 0)), Event.RETENTION_ENDED),
    Line("old_work", Daily(time(3, 30)), Event.OLD_WORK_PILED_UP),
    Line("letters", Every(timedelta(hours=1)), Event.RESULTS_COME_LATE),
    Line("period_reports", Daily(time(4, 30)), Event.PERIODS_ENDED),
    Line("staff_reminders", Daily(time(7, 30)), Event.WORKDAY_BEGUN),
)
