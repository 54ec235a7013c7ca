"""Work on reports that may repeat something closed."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.note_repeats import note_repeats
from feedback.operations.outbox import Claim


def note(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Note at each close which new reports repeat it."""
    report_ids = sorted({int(payload["report_id"]) for payload in payloads})
    note_repeats(report_ids, city=city, now=now, claim=claim)
