"""Work on the statistics queue. What is to be recomputed stands in the store, not in payloads."""

import time
from datetime import UTC, datetime, timedelta

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.correct_calendar import move_open_rounds
from feedback.operations.note_passed_dues import note_passed_dues
from feedback.operations.outbox import Claim
from feedback.operations.publish_ratings import publish_ratings
from feedback.operations.rebuild_statistics import rebuild_statistics
from feedback.operations.refresh_statistics import figures_lag, refresh_statistics
from feedback.operations.refresh_wall import refresh_wall
from feedback.operations.refresh_windows import refresh_windows

GO_ON = timedelta(seconds=30)  # other work on the queue waits no longer than this
PAUSE_SECONDS = 0.05  # writers come in between, where only one can write at a time


def refresh(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Have the figures tell what has changed, and for a while what changes meanwhile.

    On a busy day a job for each handful of changes would spend more on starting than on figures.
    The wall is made anew beside: should that fail, the next minute makes it good.
    """
    refresh_statistics(city=city, now=now, claim=claim)
    refresh_wall(city=city, now=now)
    time.sleep(PAUSE_SECONDS)
    while figures_lag() and (at := datetime.now(UTC)) < now + GO_ON:
        refresh_statistics(city=city, now=at)
        refresh_wall(city=city, now=at)
        time.sleep(PAUSE_SECONDS)


def note_dues(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Have the figures refreshed when a due moment has passed."""
    note_passed_dues(city=city, now=now, claim=claim)


def move_windows(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Move every rolling window on to the new day."""
    refresh_windows(city=city, now=now, claim=claim)


def move_open(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Bring rounds that began by an older calendar under the one in force."""
    move_open_rounds(city=city, now=now, claim=claim)


def publish(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Publish the ratings of months that are over."""
    publish_ratings(city=city, now=now, claim=claim)


def rebuild(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Recompute the last days, as many as were asked for."""
    days = max(int(payload["days"]) for payload in payloads)
    rebuild_statistics(days, city=city, now=now, claim=claim)
