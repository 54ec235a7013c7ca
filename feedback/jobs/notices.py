"""Work on the notices queue."""

from datetime import datetime

from flask import current_app

from config import Settings
from feedback.jobs.letters.writing import write_message
from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.outbox import Claim
from feedback.operations.prepare_notices import prepare_notices
from feedback.operations.remind_staff import remind_staff
from feedback.operations.send_notice import send_notice


def prepare(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Write the notices of what happened to some reports."""
    changes = [(int(payload["report_id"]), int(payload["version"])) for payload in payloads]
    prepare_notices(changes, city=city, now=now, claim=claim)


def send(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Send the one notice that was written."""
    (payload,) = payloads
    send_notice(int(payload["notice_id"]), write=write_message, city=city, now=now, claim=claim)


def remind(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Write the reminders of a morning."""
    settings: Settings = current_app.extensions["settings"]
    days = settings.escalate_after_days
    remind_staff(escalate_after_days=days, city=city, now=now, claim=claim)
