"""The dispatcher's list: everything that waits for a decision only the operations centre takes."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for

from feedback.extensions import db
from feedback.storage.models import Report
from feedback.storage.queries import categories, places, report_pages, triage
from feedback.storage.queries.triage import Position, View
from feedback.web import context
from feedback.web.forms import as_key
from feedback.web.presenting import area_name, media_url, name_of, title_of
from feedback.web.staff.lists import carried
from feedback.web.staff.reasons import TELLING, Reason, reasons_of
from feedback.web.staff.triage_address import read_triage_address

pages = Blueprint("triage", __name__)
PAGE_SIZE = 30


@pages.get("/staff/triage")
def show() -> str:
    """One view of the reports to decide on, the longest waiting first."""
    session, asked, after = db.session(), read_triage_address(request.args), _after()
    view, wanted, filters = asked.view, asked.wanted, asked.filters
    found = triage.waiting(session, view, wanted, after, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    ids = [report.id for report in shown]
    views = triage.views_of(session, ids)
    entries = triage.entries_of(session, ids, TELLING)
    thumbs = report_pages.thumbnails(session, ids)
    today = context.today()
    return render_template(
        "staff/triage.html",
        view=view.value,
        views=[one.value for one in View],
        counts=triage.counts(session, wanted),
        count_cap=triage.COUNT_CAP,
        items=[
            _item(r, reasons_of(r, views[r.id], entries[r.id]), thumbs.get(r.id, "")) for r in shown
        ],
        filters=filters,
        carried=carried("triage", view.value, filters),
        category_choices=[(c.id, name_of(c)) for c in categories.categories_on(session, today)],
        area_choices=[(a.id, area_name(a)) for a in places.names_on(session, today)],
        first_url=url_for("triage.show", view=view.value, **filters) if after else None,
        next_url=_next_url(view, filters, shown[-1]) if len(found) > PAGE_SIZE else None,
    )


def _item(report: Report, reasons: list[Reason], thumb_key: str) -> dict[str, Any]:
    return {
        "code": report.code,
        "title": title_of(report),
        "category": name_of(report.category),
        "place": area_name(report.area) or report.address_text,
        "received_at": report.received_at,
        "state": report.state.value,
        "outcome": report.outcome,
        "thumb_url": media_url(thumb_key),
        "reasons": reasons,
    }


def _after() -> Position | None:
    moment, _mark, report_id = request.args.get("after", "").partition("_")
    try:
        return Position(datetime.fromisoformat(moment).astimezone(), as_key(report_id))
    except (ValueError, OverflowError):
        return None


def _next_url(view: View, filters: dict[str, Any], last: Report) -> str:
    after = f"{last.received_at.isoformat()}_{last.id}"
    return url_for("triage.show", view=view.value, after=after, **filters)
