"""Reports of months, quarters and years: ordered by the clock, made when they are ordered."""

from datetime import datetime

from feedback.jobs.payloads import Payloads
from feedback.operations.city import City
from feedback.operations.make_period_report import make_period_report
from feedback.operations.order_period_report import order_due_reports
from feedback.operations.outbox import Claim
from feedback.wording.period_files import write_files


def order(_payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Order the reports of the periods that have ended."""
    order_due_reports(city=city, now=now, claim=claim)


def make(payloads: Payloads, city: City, now: datetime, claim: Claim) -> None:
    """Make the one report that was ordered."""
    (payload,) = payloads
    report_id = int(payload["period_report_id"])
    make_period_report(report_id, write=write_files, city=city, now=now, claim=claim)
