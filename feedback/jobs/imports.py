"""Files of another system's reports: checked when sent, taken over when wanted."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.check_import import check_import
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.run_import import run_import


def check(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Find out what the file that was sent would do."""
    (payload,) = payloads
    check_import(int(payload["import_id"]), city=city, now=now, claim=claim)


def run(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Take over the next part of the file."""
    (payload,) = payloads
    run_import(int(payload["import_id"]), city=city, now=now, claim=claim)
