"""Letters of apology: drafted by the clock, printed when they are signed."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.draft_letters import draft_letters
from feedback.operations.outbox import Claim
from feedback.operations.print_letter import print_letter


def draft(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Draft the letters of the results that come late."""
    draft_letters(city=city, now=now, claim=claim)


def print_signed(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Print the one letter that was signed."""
    (payload,) = payloads
    print_letter(int(payload["letter_id"]), city=city, now=now, claim=claim)
