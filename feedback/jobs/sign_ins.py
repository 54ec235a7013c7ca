"""Work on the record of signing in."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.sign_in_record import prune_sign_ins


def prune(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Forget what was noted long ago, and sessions whose time is over."""
    prune_sign_ins(city=city, now=now, claim=claim)
