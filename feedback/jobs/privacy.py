"""What the clock does with personal data, and what is left to do after an erasure."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.apply_retention import apply_retention
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.remove_unused_files import remove_unused_files


def retain(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Anonymise the reports that have been kept for as long as they may be."""
    apply_retention(city=city, now=now, claim=claim)


def remove_files(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Remove the files of erased photos."""
    keys = [key for payload in payloads for key in payload["keys"]]
    remove_unused_files(keys, city=city, now=now, claim=claim)
