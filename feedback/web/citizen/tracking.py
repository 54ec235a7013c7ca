"""A report followed by its secret link: the receipt and the page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import ngettext

from feedback.domain.errors import Conflict
from feedback.domain.states import FINISHED_REPORT_STATES, Clock, ReportState, Visibility
from feedback.extensions import db
from feedback.operations.ask_again import asking_until
from feedback.operations.reference import working_calendar
from feedback.operations.reopen_report import reopening_ends
from feedback.storage.models import HistoryEntry, Rating, Report
from feedback.storage.queries import followers, histories, photos, report_pages
from feedback.web.addresses import full_url
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.letters import papers_of
from feedback.web.citizen.links import report_behind
from feedback.web.citizen.questions import proofs, questions_to
from feedback.web.context import city, now
from feedback.web.presenting import answer_view, event_views, page_view
from feedback.web.qr_codes import drawn


@pages.get("/r/<code>/<token>")
def show(code: str, token: str) -> str:
    """The reporter's own page of a report."""
    report = report_behind(code, token)
    session = db.session()
    calendar = working_calendar(session, city())
    pictures = photos.of_report(session, report.id)
    history = histories.of_report(session, report.id)
    root_code = report_pages.published_code_of(session, report.root_id)
    return render_template(
        "citizen/report.html",
        report=page_view(report, pictures, calendar, now(), root_code=root_code),
        answer=answer_view(report, pictures, calendar, proofs(report, code, token)),
        events=event_views(
            history, pictures, own=True, root_code=root_code, papers=papers_of(report, code, token)
        ),
        questions=questions_to(report, history, code, token),
        public_url=(
            full_url("public.show_report", code=report.code)
            if report.visibility is Visibility.PUBLIC
            else None
        ),
        also=followers.counts(session, [report.id]).get(report.id, 0),
        **rating_and_reopening(report, code, token),
        **taking_back(report, history, code, token),
    )


@pages.get("/r/<code>/<token>/receipt")
def receipt(code: str, token: str) -> str:
    """What the reporter keeps: code, link, its QR, and until when an answer comes."""
    report = report_behind(code, token)
    calendar = working_calendar(db.session(), city())
    secret_url = full_url("citizen.show", code=report.code, token=token)
    return render_template(
        "citizen/receipt.html",
        report=page_view(report, [], calendar, now()),
        submission_id=report.submission_id,
        promise_words=promise_words(report),
        secret_url=secret_url,
        qr_svg=drawn(secret_url),
        contact_given=report.reporter_id is not None,
    )


def promise_words(report: Report) -> str:
    """The service level's promise in words; nothing before the report is dispatched."""
    if not report.rounds:
        return ""
    level = report.rounds[-1].service_level
    if level.clock is Clock.WORKING and level.resolve_days:
        return str(
            ngettext(
                "Within %(num)s working day, counted from the day it was sent on.",
                "Within %(num)s working days, counted from the day it was sent on.",
                level.resolve_days,
            )
        )
    hours = (level.resolve_minutes or 0) // 60
    return str(
        ngettext(
            "Within %(num)s hour, nights and holidays included.",
            "Within %(num)s hours, nights and holidays included.",
            hours,
        )
    )


def rating_and_reopening(report: Report, code: str, token: str) -> dict[str, Any]:
    """What a reporter may still say about a closed report."""
    closed = report.state is ReportState.CLOSED and report.rounds
    rating = report_pages.latest_rating(db.session(), report.rounds[-1].id) if closed else None
    until = reopening_until(report)
    link: dict[str, Any] = {"code": code, "token": token}
    return {
        "can_rate": bool(closed) and rating is None,
        "rating": _said(rating),
        "rating_url": url_for("citizen.rate", **link),
        "can_reopen": until is not None and now() <= until,
        "reopen_until": until,
        "reopen_url": url_for("citizen.reopen", **link),
        "report_url": url_for("citizen.show", **link),
    }


def taking_back(
    report: Report, history: Sequence[HistoryEntry], code: str, token: str
) -> dict[str, Any]:
    """What a reporter may do about a report that is not finished, or was refused."""
    refused = report.state is ReportState.REJECTED
    until = asking_until(history) if refused else None
    link: dict[str, Any] = {"code": code, "token": token}
    return {
        "can_withdraw": report.state not in FINISHED_REPORT_STATES,
        "withdraw_url": url_for("citizen.withdraw", **link),
        "can_ask_again": until is not None and now() <= until,
        "asked_again": refused and report.asked_again_at is not None,
        "ask_again_until": until,
        "ask_again_url": url_for("citizen.ask_for_second_look", **link),
    }


def _said(rating: Rating | None) -> dict[str, Any] | None:
    if rating is None:
        return None
    return {"level": rating.level, "at": rating.rated_at, "comment": rating.comment}


def reopening_until(report: Report) -> datetime | None:
    """Until when the reporter may have the report taken up again, if it is closed."""
    if report.state is not ReportState.CLOSED or not report.rounds:
        return None
    try:
        return reopening_ends(report.rounds[-1], city())
    except Conflict:
        return None
