"""A case as its page shows it: one report, what may be done with it, and what happened so far."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from werkzeug.exceptions import NotFound

from feedback.domain import deadlines
from feedback.domain.calendar import Calendar
from feedback.domain.codes import parse_code
from feedback.domain.errors import Conflict
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import may_see_case
from feedback.domain.states import Outcome, PhotoPurpose, RejectionReason, ReportState
from feedback.domain.text import TraceKind, normalise, private_traces
from feedback.extensions import db
from feedback.operations.answer_case import MAX_ANSWER
from feedback.operations.photos import MAX_PHOTOS
from feedback.operations.reference import terms_of, working_calendar
from feedback.storage.models import Assignment, HistoryEntry, Photo, Report, Round
from feedback.storage.queries import (
    accounts,
    cases,
    categories,
    followers,
    histories,
    photos,
    units,
)
from feedback.storage.queries.cases import Names
from feedback.web import context
from feedback.web.deadlines import deadline_of
from feedback.web.messages import explain, outcome_word
from feedback.web.presenting import (
    area_name,
    name_of,
    photo_view,
    report_deadline,
    title_of,
    unit_name,
)
from feedback.web.staff import history as words
from feedback.web.staff import people
from feedback.web.staff.reasons import COMINGS_BACK, why_here
from feedback.web.staff.rejections import suggested_texts
from feedback.web.staff.steps import Steps, own_assignment, steps_for
from feedback.web.uploads import FormPhotos
from feedback.web.wording import _


@dataclass(slots=True)
class Sent:
    """A form that came back: its name, what was typed, and why it was not accepted."""

    form: str
    values: Mapping[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    photos: FormPhotos = field(default_factory=lambda: FormPhotos([]))
    conflict: Conflict | None = None
    seen_version: int | None = None


def visible_report(code: str) -> Report:
    """The report behind a code, if the person at the desk may see it.

    Raises NotFound for a missing report and for another unit's alike.
    """
    report = cases.by_code(db.session(), parse_code(code) or "")
    if report is None:
        raise NotFound
    if not may_see_case(people.current_actor(), frozenset(a.unit_id for a in report.assignments)):
        raise NotFound
    return report


def case_page(code: str, sent: Sent | None = None) -> str:
    """The page of a case, with a form that came back where there is one."""
    report = visible_report(code)
    session, now, actor = db.session(), context.now(), people.current_actor()
    calendar = working_calendar(session, context.city())
    history = histories.of_report(session, report.id)
    names = cases.names_in(session, history)
    pictures = photos.of_report(session, report.id)
    steps, own = steps_for(report, actor), own_assignment(report, actor)
    sent = sent or Sent("", {})
    return render_template(
        "staff/case.html",
        report=_report(report, pictures, calendar, now),
        term=_term(report, calendar, now),
        assignments=[_assignment(a, report, pictures) for a in report.assignments],
        own=own and {"state": own.state.value, "handler_id": own.handler_id},
        steps=steps,
        history=list(reversed(words.lines(history, names))),
        reasons=_routing_reasons(history, names),
        why_here=_why_here(report, history),
        ratings=_ratings(report, pictures),
        also=followers.counts(session, [report.id]).get(report.id, 0),
        conflict=_conflict(report, sent, names),
        sent=sent,
        form=defaultdict(lambda: None, sent.values),
        errors=sent.errors,
        kept_photos=sent.photos.ids,
        traces=_traces(sent),
        map=_map(report),
        **_choices(report, own, steps),
    )


def _report(
    report: Report, pictures: Sequence[Photo], calendar: Calendar, now: datetime
) -> dict[str, Any]:
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


def _term(report: Report, calendar: Calendar, now: datetime) -> dict[str, Any] | None:
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


def _assignment(
    assignment: Assignment, report: Report, pictures: Sequence[Photo]
) -> dict[str, Any]:
    return {
        "unit": unit_name(assignment.unit),
        "state": assignment.state.value,
        "leads": assignment.id == report.lead_assignment_id,
        "handler": assignment.handler.name if assignment.handler else "",
        "outcome": outcome_word(assignment.outcome),
        "text": assignment.answer_text,
        "promised_on": assignment.promised_on,
        "answered_at": assignment.answered_at,
        "photos": [photo_view(p) for p in pictures if p.assignment_id == assignment.id],
    }


def _routing_reasons(history: Sequence[HistoryEntry], names: Names) -> list[str]:
    """Why the report lies where it lies, newest first."""
    by_rule = [words.routing_reason(e, names) for e in history if e.kind is HistoryKind.ROUTED]
    by_hand = [
        _("Sent by hand: %(who)s → %(unit)s", who=words.who_did(e), unit=unit_name(e.unit))
        for e in history
        if e.kind is HistoryKind.DISPATCHED and not e.data.get("rule_id")
    ]
    return (by_rule + by_hand)[::-1]


def _why_here(report: Report, history: Sequence[HistoryEntry]) -> str:
    """Why a received report lies with the dispatchers; nothing for any other."""
    if report.state is not ReportState.RECEIVED:
        return ""
    return why_here(report, next((e for e in reversed(history) if e.kind in COMINGS_BACK), None))


def _ratings(report: Report, pictures: Sequence[Photo]) -> list[dict[str, Any]]:
    return [
        {
            "level": rating.level.value,
            "at": rating.rated_at,
            "comment": rating.comment,
            "photos": [photo_view(p) for p in pictures if p.rating_id == rating.id],
        }
        for rating in cases.ratings(db.session(), report.id)
    ]


def _conflict(report: Report, sent: Sent, names: Names) -> dict[str, Any] | None:
    """What happened to the report since the person looked at it."""
    if sent.conflict is None:
        return None
    since: Sequence[HistoryEntry] = []
    if sent.seen_version is not None:
        since = histories.after_version(db.session(), report.id, sent.seen_version)
    return {"sentence": explain(sent.conflict), "changes": words.lines(since, names)}


def _traces(sent: Sent) -> list[tuple[str, str]]:
    """What looks private in the answer that came back: (what it is, the words)."""
    if sent.form != "answer":
        return []
    text = normalise(str(sent.values.get("text") or ""))
    kinds = {
        TraceKind.PHONE: _("a phone number"),
        TraceKind.EMAIL: _("an e-mail address"),
        TraceKind.IDENTITY_NUMBER: _("an identity number"),
        TraceKind.BANK_NUMBER: _("a bank account number"),
    }
    return [(kinds[trace.kind], text[trace.start : trace.end]) for trace in private_traces(text)]


def _choices(report: Report, own: Assignment | None, steps: Steps) -> dict[str, Any]:
    """What the forms on the page offer to choose from."""
    session, today = db.session(), context.today()
    choices: dict[str, Any] = {
        "limits": {"photos": MAX_PHOTOS[PhotoPurpose.EVIDENCE], "text": MAX_ANSWER},
        "today": today,
        "outcomes": [(o.value, outcome_word(o.value)) for o in Outcome],
    }
    if steps.name_handler and own:
        people_there = accounts.of_unit(session, own.unit_id)
        choices["handler_choices"] = [(account.id, account.name) for account in people_there]
    if steps.triage:
        offered = categories.categories_on(session, today)
        choices["category_choices"] = [(category.id, name_of(category)) for category in offered]
        choices["unit_choices"] = [(u.id, unit_name(u)) for u in units.units_on(session, today)]
        choices["reason_choices"] = [
            (r.value, words.rejection_word(r).capitalize()) for r in RejectionReason
        ]
        choices["suggested_texts"] = suggested_texts(report.language)
    return choices


def _map(report: Report) -> dict[str, Any]:
    settings = context.settings()
    return {
        "tiles_url": settings.map_tiles_url,
        "tiles_attribution": settings.map_tiles_attribution,
        "approximate": bool(report.area and report.area.approximate),
    }
