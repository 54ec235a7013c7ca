"""Work that time alone brings to cases that wait for the citizen."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.end_waiting import end_waiting
from feedback.operations.outbox import Claim


def end(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Have cases go on whose limit of waiting is used up."""
    end_waiting(city=city, now=now, claim=claim)
