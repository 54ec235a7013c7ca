"""Work on the wall of the operations centre."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.refresh_wall import refresh_wall


def refresh(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Make the snapshot of the wall anew."""
    refresh_wall(city=city, now=now, claim=claim)
