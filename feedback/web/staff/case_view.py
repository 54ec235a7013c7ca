"""The parts of a case's page that everybody at a desk sees: plain values for the template."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from feedback.domain import deadlines
from feedback.domain.calendar import Calendar
from feedback.domain.histories import HistoryKind
from feedback.domain.states import PhotoPurpose, ReportState
from feedback.extensions import db
from feedback.operations.reference import terms_of
from feedback.storage.models import Assignment, Document, HistoryEntry, Photo, Report, Round
from feedback.storage.queries import cases
from feedback.storage.queries.cases import Names
from feedback.web import context
from feedback.web.deadlines import deadline_of
from feedback.web.messages import outcome_word
from feedback.web.presenting import (
    area_name,
    is_evidence_of,
    name_of,
    photo_view,
    proves,
    report_deadline,
    title_of,
    unit_name,
)
from feedback.web.staff import history as words
from feedback.web.staff.conversation import paper_view
from feedback.web.staff.reasons import COMINGS_BACK, why_here
from feedback.wording import _


def report_view(
    report: Report, pictures: Sequence[Photo], calendar: Calendar, now: datetime
) -> dict[str, Any]:
    """The report itself."""
    return {
        "code": report.code,
        "version": report.version,
        "title": title_of(report),
        "state": report.state.value,
        "outcome": report.outcome,
        "visibility": report.visibility.value,
        "category": name_of(report.category),
        "category_id": report.category_id,
        "area": area_name(report.area),
        "address": report.address_text,
        "point": None
        if report.latitude is None
        else {
            "latitude": report.latitude,
            "longitude": report.longitude,
            "accuracy": report.accuracy_m,
        },
        "rounds_point": bool(report.category and report.category.rounds_point),
        "text": report.text,
        "received_at": report.received_at,
        "claimed_at": report.claimed_at,
        "channel": report.channel.value,
        "rejection_text": report.rejection_text,
        "deadline": report_deadline(report, calendar, now),
        "photos": [photo_view(p) for p in pictures if p.purpose is PhotoPurpose.REPORT],
    }


def term_view(report: Report, calendar: Calendar, now: datetime) -> dict[str, Any] | None:
    """The latest round's deadlines: what was promised first, and what holds now."""
    if not report.rounds:
        return None
    current = report.rounds[-1]
    due = _due_with_waiting(current, calendar, now)
    level = current.service_level
    return {
        "number": current.number,
        "level": name_of(level),
        "started_at": current.started_at,
        "original_due": current.original_due,
        "due": due,
        "moved": due != current.original_due,
        "waiting": current.waiting_since is not None,
        "closed_at": current.closed_at,
        "deadline": deadline_of(due, current.clock, calendar, now, closed_at=current.closed_at),
        "approval_needed": level.approval_needed,
        "evidence_needed": level.evidence_needed,
    }


def _due_with_waiting(current: Round, calendar: Calendar, now: datetime) -> datetime:
    """The due moment, put off by what the citizen has been waited for so far."""
    if current.waiting_since is None:
        return current.due
    terms = terms_of(current.service_level)
    waited = deadlines.waited_minutes(
        terms, calendar, current.waiting_since, now, current.waited_minutes
    )
    return deadlines.due_after_waiting(terms, calendar, current.due, waited)


def assignment_view(
    assignment: Assignment,
    report: Report,
    pictures: Sequence[Photo],
    papers: Sequence[Document],
) -> dict[str, Any]:
    """A unit's part in it, with its answer."""
    return {
        "unit": unit_name(assignment.unit),
        "state": assignment.state.value,
        "leads": assignment.id == report.lead_assignment_id,
        "handler": assignment.handler.name if assignment.handler else "",
        "outcome": outcome_word(assignment.outcome),
        "text": assignment.answer_text,
        "promised_on": assignment.promised_on,
        "kept_at": assignment.round.promise_kept_at
        if assignment.id == report.lead_assignment_id
        else None,
        "answered_at": assignment.answered_at,
        "photos": [photo_view(p) for p in pictures if is_evidence_of(p, assignment)],
        "documents": [
            paper_view(report.code, paper) for paper in papers if proves(paper, assignment)
        ],
    }


def routing_reasons(history: Sequence[HistoryEntry], names: Names) -> list[str]:
    """Why the report lies where it lies, newest first."""
    by_rule = [words.routing_reason(e, names) for e in history if e.kind is HistoryKind.ROUTED]
    by_hand = [
        _("Sent by hand: %(who)s → %(unit)s", who=words.who_did(e), unit=unit_name(e.unit))
        for e in history
        if e.kind is HistoryKind.DISPATCHED and not e.data.get("rule_id")
    ]
    return (by_rule + by_hand)[::-1]


def why_it_is_here(report: Report, history: Sequence[HistoryEntry]) -> str:
    """Why a received report lies with the dispatchers; nothing for any other."""
    if report.state is not ReportState.RECEIVED:
        return ""
    return why_here(report, next((e for e in reversed(history) if e.kind in COMINGS_BACK), None))


def ratings_view(report: Report, pictures: Sequence[Photo]) -> list[dict[str, Any]]:
    """What the citizen said of the results, without who it was."""
    return [
        {
            "level": rating.level.value,
            "at": rating.rated_at,
            "comment": rating.comment,
            "photos": [photo_view(p) for p in pictures if p.rating_id == rating.id],
        }
        for rating in cases.ratings(db.session(), report.id)
    ]


def map_view(report: Report) -> dict[str, Any]:
    """What the map of the place is drawn with."""
    settings = context.settings()
    return {
        "tiles_url": settings.map_tiles_url,
        "tiles_attribution": settings.map_tiles_attribution,
        "approximate": bool(report.area and report.area.approximate),
    }
