"""The report of the latest month that is over, so that a supervisor finds one."""

from datetime import datetime

from feedback.domain.period_reports import periods_to_report
from feedback.operations.city import City
from feedback.operations.make_period_report import make_period_report
from feedback.operations.order_period_report import order_period_report
from feedback.operations.transaction import reading
from feedback.storage.queries import statistics
from feedback.wording.period_files import write_files


def write_period_report(city: City, now: datetime) -> None:
    """Make it, where there were reports then; the figures have to be up to date."""
    with reading() as session:
        first = statistics.first_received(session)
    if first is None:
        return
    begun, today = (moment.astimezone(city.zone).date() for moment in (first, now))
    for month in periods_to_report(begun, today)[:1]:
        report_id = order_period_report(period=month.name, city=city, now=now)
        make_period_report(report_id, write=write_files, city=city, now=now)
