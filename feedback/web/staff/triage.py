"""The dispatcher's list: reports that no rule could send on, or that came back."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.extensions import db
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.reject_report import reject_report
from feedback.storage.models import HistoryEntry, Report
from feedback.storage.queries import report_pages, triage
from feedback.storage.queries.triage import Position
from feedback.web import context
from feedback.web.forms import as_key
from feedback.web.presenting import area_name, media_url, name_of, title_of
from feedback.web.staff import people
from feedback.web.staff.case_page import visible_report
from feedback.web.staff.reasons import COMINGS_BACK, why_here
from feedback.web.staff.schemas import DispatchIn, RejectIn
from feedback.web.staff.taking_steps import take_step
from feedback.web.wording import _

pages = Blueprint("triage", __name__)
PAGE_SIZE = 30


@pages.get("/staff/triage")
def show() -> str:
    """The reports to decide on, the longest waiting first."""
    session, after = db.session(), _after()
    found = triage.waiting(session, after, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    ids = [report.id for report in shown]
    returns = triage.last_entries(session, ids, COMINGS_BACK)
    thumbs = report_pages.thumbnails(session, ids)
    count = triage.count(session)
    return render_template(
        "staff/triage.html",
        items=[_item(r, returns.get(r.id), thumbs.get(r.id, "")) for r in shown],
        count=min(count, triage.COUNT_CAP),
        count_capped=count > triage.COUNT_CAP,
        first_url=url_for("triage.show") if after else None,
        next_url=_next_url(shown[-1]) if len(found) > PAGE_SIZE else None,
    )


@pages.post("/staff/reports/<code>/dispatch")
def dispatch(code: str) -> ResponseReturnValue:
    """Send a report to a unit by hand."""
    report_id = visible_report(code).id

    def act(sent: dict[str, Any]) -> None:
        dispatch_report(report_id, **sent, **_by())

    return take_step(code, "dispatch", DispatchIn, act, _("The report is on its way to the unit."))


@pages.post("/staff/reports/<code>/reject")
def reject(code: str) -> ResponseReturnValue:
    """Refuse a report with a reason and a text for the citizen."""
    report_id = visible_report(code).id

    def act(sent: dict[str, Any]) -> None:
        reason = sent.pop("reason_code")
        reject_report(report_id, reason=reason, **sent, **_by())

    return take_step(
        code, "reject", RejectIn, act, _("The report is refused; the citizen reads why.")
    )


def _item(report: Report, returned: HistoryEntry | None, thumb_key: str) -> dict[str, Any]:
    return {
        "code": report.code,
        "title": title_of(report),
        "category": name_of(report.category),
        "place": area_name(report.area) or report.address_text,
        "received_at": report.received_at,
        "thumb_url": media_url(thumb_key),
        "why": why_here(report, returned),
        "note": returned.note if returned else "",
    }


def _by() -> dict[str, Any]:
    return {"actor": people.current_actor(), "city": context.city(), "now": context.now()}


def _after() -> Position | None:
    moment, _mark, report_id = request.args.get("after", "").partition("_")
    try:
        return Position(datetime.fromisoformat(moment).astimezone(), as_key(report_id))
    except (ValueError, OverflowError):
        return None


def _next_url(last: Report) -> str:
    return url_for("triage.show", after=f"{last.received_at.isoformat()}_{last.id}")
