"""Reports of periods, made as the job makes them."""

from datetime import datetime

from feedback.operations.make_period_report import make_period_report
from feedback.operations.order_period_report import correct_period_report, order_period_report
from feedback.wording.period_files import write_files
from tests.factories.base import the_city


def create_period_report(period: str, now: datetime, *, scope: str = "city") -> int:
    """The report of a period that is over, with its files; its id."""
    city = the_city()
    report_id = order_period_report(period=period, scope=scope, city=city, now=now)
    make_period_report(report_id, write=write_files, city=city, now=now)
    return report_id


def create_correction(report_id: int, now: datetime, *, reason: str) -> int:
    """A further edition of a report, with its files; its id."""
    city = the_city()
    further = correct_period_report(report_id, reason=reason, city=city, now=now, account_id=None)
    make_period_report(further, write=write_files, city=city, now=now)
    return further
