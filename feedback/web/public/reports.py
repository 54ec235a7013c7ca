"""Published reports: the list and each one's page."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.codes import parse_code
from feedback.domain.states import ReportState
from feedback.extensions import db
from feedback.operations.follow_report import can_be_followed
from feedback.operations.followers import CONFIRM_WITHIN
from feedback.operations.reference import working_calendar
from feedback.storage.models import Report
from feedback.storage.queries import (
    categories,
    documents,
    followers,
    histories,
    photos,
    places,
    report_pages,
)
from feedback.storage.queries.report_pages import ListFilter, Position
from feedback.storage.types import can_be_key
from feedback.web.addresses import full_url
from feedback.web.context import city, now, today
from feedback.web.devices import known_device
from feedback.web.documents import DocumentView, send_document
from feedback.web.forms import as_key, searched
from feedback.web.presenting import (
    answer_view,
    answered_by,
    area_name,
    event_views,
    list_view,
    name_of,
    page_view,
)
from feedback.web.public.blueprint import pages

PAGE_SIZE = 20
SHOWN_STATES = (
    ReportState.DISPATCHED,
    ReportState.IN_PROGRESS,
    ReportState.WAITING,
    ReportState.ANSWERED,
    ReportState.CLOSED,
)


@pages.get("/reports")
def list_reports() -> ResponseReturnValue:
    """Published reports, newest first; a full code typed as search leads to its report."""
    wanted, session = _wanted(), db.session()
    code = parse_code(wanted.words)
    if code is not None and report_pages.public_by_code(session, code) is not None:
        return redirect(url_for("public.show_report", code=code))
    found = report_pages.public_list(session, wanted, _after(), PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    thumbs = report_pages.thumbnails(session, [report.id for report in shown])
    count = report_pages.public_count(session, wanted)
    filters = _given_filters()
    return render_template(
        "public/list.html",
        reports=[list_view(report, thumbs.get(report.id, "")) for report in shown],
        count=min(count, report_pages.COUNT_CAP),
        count_capped=count > report_pages.COUNT_CAP,
        filters=filters,
        filtered=bool(filters),
        category_choices=[(c.id, name_of(c)) for c in categories.categories_on(session, today())],
        area_choices=[(a.id, area_name(a)) for a in places.areas_on(session, today())],
        states=SHOWN_STATES,
        first_url=url_for("public.list_reports", **filters) if _after() else None,
        next_url=_next_url(filters, shown[-1]) if len(found) > PAGE_SIZE else None,
    )


@pages.get("/reports/<code>")
def show_report(code: str) -> ResponseReturnValue:
    """A published report. Private, pending and missing ones answer alike."""
    known = parse_code(code)
    if known is None:
        raise NotFound
    if known != code and report_pages.public_by_code(db.session(), known) is not None:
        return redirect(url_for("public.show_report", code=known))
    return report_page(known)


def report_page(
    code: str, *, values: Mapping[str, Any] | None = None, errors: dict[str, str] | None = None
) -> str:
    """The page of a published report by its code, with a form that came back where there is one.

    Raises NotFound.
    """
    session = db.session()
    report_id = report_pages.public_by_code(session, code)
    report = report_pages.with_all(session, report_id) if report_id else None
    if report is None:
        raise NotFound
    calendar = working_calendar(session, city())
    pictures = photos.of_report(session, report.id)
    root_code = report_pages.published_code_of(session, report.root_id)
    return render_template(
        "public/report.html",
        report=page_view(report, pictures, calendar, now(), root_code=root_code),
        answer=answer_view(report, pictures, calendar, _proofs(report)),
        events=event_views(
            histories.of_report(session, report.id), pictures, own=False, root_code=root_code
        ),
        public_url=full_url("public.show_report", code=code),
        following=_following(report),
        form=defaultdict(lambda: None, values or {}),
        errors=errors or {},
    )


def _following(report: Report) -> dict[str, Any]:
    """How many others see it too, whether this device is one of them, and what it may do."""
    session, device = db.session(), known_device()
    mine = followers.of_device(session, report.id, device) if device else None
    return {
        "count": followers.counts(session, [report.id]).get(report.id, 0),
        "open": can_be_followed(report),
        "mine": mine is not None,
        "news": mine is not None and mine.confirmed_at is not None,
        "asked": mine is not None and mine.sealed is not None,
        "days_to_confirm": CONFIRM_WITHIN.days,
        "url": url_for("public.follow", code=report.code),
        "news_url": url_for("public.ask_news", code=report.code),
        "stop_url": url_for("public.unfollow", code=report.code),
    }


@pages.get("/reports/<code>/documents/<int:document_id>")
def document(code: str, document_id: int) -> ResponseReturnValue:
    """A document that proves the answer of a published report, and no other."""
    session = db.session()
    known = report_pages.public_by_code(session, parse_code(code) or "")
    report = report_pages.with_all(session, known) if known is not None else None
    lead = answered_by(report) if report is not None else None
    if lead is None or not can_be_key(document_id):
        raise NotFound
    found = [one for one in documents.evidence_of(session, lead.id) if one.id == document_id]
    return send_document(found[0] if found else None)


def _proofs(report: Report) -> list[DocumentView]:
    lead = answered_by(report)
    found = documents.evidence_of(db.session(), lead.id) if lead else []
    return [
        DocumentView(
            one.name, one.size, url_for("public.document", code=report.code, document_id=one.id)
        )
        for one in found
    ]


def _given_filters() -> dict[str, Any]:
    names = ("q", "category", "area", "state")
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def _wanted() -> ListFilter:
    """The filters of the address; what cannot be read narrows nothing."""
    state = request.args.get("state", "")
    return ListFilter(
        words=searched(),
        category_id=request.args.get("category", type=as_key),
        area_id=request.args.get("area", type=as_key),
        state=ReportState(state) if state in set(ReportState) else None,
    )


def _after() -> Position | None:
    moment, _, report_id = request.args.get("after", "").partition("_")
    try:
        return Position(datetime.fromisoformat(moment).astimezone(), as_key(report_id))
    except (ValueError, OverflowError):
        return None


def _next_url(filters: dict[str, Any], last: Report) -> str:
    after = f"{last.received_at.isoformat()}_{last.id}"
    return url_for("public.list_reports", after=after, **filters)
