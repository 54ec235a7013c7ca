"""The report of a month, quarter or year is ordered; a job makes it."""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.events import Event
from feedback.domain.measures import CITY
from feedback.domain.period_reports import (
    KINDS,
    LONGEST_REASON,
    ReportStage,
    periods_to_report,
)
from feedback.domain.periods import Period, period_named
from feedback.domain.text import normalise
from feedback.operations.city import City
from feedback.operations.list_cases import parse_scope
from feedback.operations.outbox import Claim, complete, promise
from feedback.operations.transaction import transaction
from feedback.storage.database import take_turn
from feedback.storage.models import PeriodReport
from feedback.storage.queries import figure_cases, period_reports, statistics

TURN = "period_reports"


def order_period_report(
    *, period: str, scope: str = CITY, city: City, now: datetime, account_id: int | None = None
) -> int:
    """Order the report of a period over the city or a unit; the id of the one there is or will be.

    Where there is one already nothing happens. Raises Invalid naming `period` (none of that name,
    not over yet, or before the first report) or `scope`.
    """
    with transaction(city) as session:
        take_turn(session, TURN)
        wanted = _period(session, period, city, now)
        check_scope(session, scope)
        return _order(session, wanted, scope, now, account_id)


def correct_period_report(
    report_id: int, *, reason: str, city: City, now: datetime, account_id: int | None
) -> int:
    """Order a further edition by today's data; the former stays as it is. The new one's id.

    Raises NotFound, Invalid naming `reason`, and Conflict unless the report is the latest edition
    and finished.
    """
    words = normalise(reason)
    if not words or len(words) > LONGEST_REASON:
        raise Invalid({"reason": "too_long" if words else "required"})
    with transaction(city) as session:
        take_turn(session, TURN)
        former = period_reports.one(session, report_id)
        if former is None:
            raise NotFound("period_report_not_found")
        latest = period_reports.editions(session, former.period, former.scope)[0]
        if latest.id != former.id:
            raise Conflict("period_report_corrected")
        if former.stage is not ReportStage.READY:
            raise Conflict("period_report_unfinished")
        wanted = _period(session, former.period, city, now)
        edition = PeriodReport(scope=former.scope, edition=former.edition + 1, reason=words)
        return _add(session, wanted, edition, now, account_id)


def order_due_reports(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Order the reports of the latest month, quarter and year that are over, where there are none.

    Of the city, and of every unit whose reports somebody gets. Doing it again orders nothing.
    Raises WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        take_turn(session, TURN)
        first = statistics.first_received(session)
        if first is not None:
            begun, today = (moment.astimezone(city.zone).date() for moment in (first, now))
            for period in periods_to_report(begun, today):
                wanted = {CITY, *period_reports.subscribed_scopes(session, period.kind)}
                for scope in sorted(wanted):
                    _order(session, period, scope, now, None)
        complete(session, claim, now)


def check_scope(session: Session, scope: str) -> None:
    """A report is of the city or of one unit. Raises Invalid naming `scope` for anything else."""
    try:
        parsed = parse_scope(scope)
    except NotFound:
        raise Invalid({"scope": "unknown"}) from None
    if scope not in {CITY, f"unit:{parsed.unit_id}"}:
        raise Invalid({"scope": "unknown"})
    if scope != CITY and figure_cases.unit(session, parsed.unit_id) is None:
        raise Invalid({"scope": "unknown"})


def _period(session: Session, name: str, city: City, now: datetime) -> Period:
    try:
        period = period_named(name, now.astimezone(city.zone).date())
    except ValueError:
        raise Invalid({"period": "unknown_window"}) from None
    if period.kind not in KINDS:
        raise Invalid({"period": "unknown_window"})
    if not period.over:
        raise Invalid({"period": "period_not_over"})
    first = statistics.first_received(session)
    if first is None or period.window.last < first.astimezone(city.zone).date():
        raise Invalid({"period": "nothing_in_period"})
    return period


def _order(
    session: Session, period: Period, scope: str, now: datetime, account_id: int | None
) -> int:
    known = period_reports.editions(session, period.name, scope)
    if known:
        return known[0].id
    return _add(session, period, PeriodReport(scope=scope, edition=1, reason=""), now, account_id)


def _add(
    session: Session, period: Period, report: PeriodReport, now: datetime, account_id: int | None
) -> int:
    report.period, report.kind = period.name, period.kind
    report.stage = ReportStage.ORDERED
    report.ordered_at, report.ordered_by_id = now, account_id
    session.add(report)
    session.flush()
    promise(session, Event.PERIOD_REPORT_ORDERED, now, period_report_id=report.id)
    return report.id
