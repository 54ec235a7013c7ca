"""Work on the outbox itself."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.prune_outbox import prune_outbox


def prune(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Forget the work done long ago."""
    prune_outbox(city=city, now=now, claim=claim)
