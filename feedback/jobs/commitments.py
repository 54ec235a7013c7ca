"""Sheets of what units undertake: printed when a target changes."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.print_commitment import print_commitment
from feedback.wording.commitments import commitment_words


def print_sheet(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Print the sheet of the one unit and period whose targets have changed."""
    (payload,) = payloads
    unit_id, period = int(payload["unit_id"]), str(payload["period"])
    print_commitment(unit_id, period, commitment_words, city=city, now=now, claim=claim)
