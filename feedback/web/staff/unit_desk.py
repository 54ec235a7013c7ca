"""What the page of a case offers to the unit that handles it."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from feedback.domain.actors import Actor
from feedback.domain.permissions import parties_of
from feedback.domain.states import CaseRequestKind, CaseRequestState, Outcome, PhotoPurpose
from feedback.domain.text import TraceKind, normalise, private_traces
from feedback.domain.transitions import Party
from feedback.extensions import db
from feedback.operations.answer_case import MAX_ANSWER
from feedback.operations.case_requests import MAX_REASON
from feedback.operations.documents import MAX_DOCUMENTS
from feedback.operations.end_waiting import waits_until
from feedback.operations.photos import MAX_PHOTOS
from feedback.operations.reference import Reference
from feedback.storage.models import Assignment, CaseRequest, Report
from feedback.storage.queries import accounts, requests, units
from feedback.storage.queries.messages import Waiting
from feedback.web import context
from feedback.web.messages import outcome_word
from feedback.web.presenting import unit_name
from feedback.web.staff import people
from feedback.web.staff.reply_texts import texts_for
from feedback.web.staff.sent import Sent
from feedback.web.staff.steps import Steps
from feedback.wording import _

CHECKED_TEXTS = {"answer": "text", "ask": "question", "note": "text", "promise": "text"}


def unit_desk(report: Report, own: Assignment | None, steps: Steps, sent: Sent) -> dict[str, Any]:
    """The template's values for the forms of a unit; `own` is the viewer's own assignment."""
    session, actor = db.session(), people.current_actor()
    handlers = []
    if steps.name_handler and own:
        people_there = accounts.of_unit(session, own.unit_id)
        handlers = [(account.id, account.name) for account in people_there]
    asked = requests.of_report(session, report.id)
    still_open = {r.kind for r in asked if own and r.assignment_id == own.id and _is_open(r)}
    return {
        "own": _own(report, own),
        "limits": {
            "photos": MAX_PHOTOS[PhotoPurpose.EVIDENCE],
            "documents": MAX_DOCUMENTS,
            "text": MAX_ANSWER,
            "reason": MAX_REASON,
        },
        "today": context.today(),
        "outcomes": [(o.value, outcome_word(o.value)) for o in Outcome],
        "handler_choices": handlers,
        "reply_texts": texts_for(report, own) if own and (steps.answer or steps.ask) else [],
        "requests": _requests(report, asked, actor),
        "can_propose": steps.propose and CaseRequestKind.TRANSFER not in still_open,
        "can_extend": steps.extend and CaseRequestKind.EXTENSION not in still_open,
        "other_units": _other_units(own) if steps.propose and own else [],
        "kept_photos": sent.photos.ids,
        "kept_documents": sent.documents.ids,
        "traces": _traces(sent),
    }


def _own(report: Report, own: Assignment | None) -> dict[str, Any] | None:
    if own is None:
        return None
    leads = own.id == report.lead_assignment_id
    case = Waiting(
        report_id=report.id,
        assignment_id=own.id,
        service_level_id=own.round.service_level_id,
        leads=leads,
        waiting_since=own.waiting_since,
        round_waiting_since=own.round.waiting_since,
        waited_minutes=own.round.waited_minutes,
    )
    reference = Reference(db.session(), context.city())
    return {
        "state": own.state.value,
        "handler_id": own.handler_id,
        "leads": leads,
        "promised_on": own.promised_on,
        "replied_at": own.replied_at,
        "waits_until": waits_until(reference, case) if own.waiting_since else None,
    }


def _other_units(own: Assignment) -> list[tuple[int, str]]:
    offered = units.units_on(db.session(), context.today())
    return [(unit.id, unit_name(unit)) for unit in offered if unit.id != own.unit_id]


def _is_open(request: CaseRequest) -> bool:
    return request.state is CaseRequestState.OPEN


def _requests(report: Report, asked: Sequence[CaseRequest], actor: Actor) -> list[dict[str, Any]]:
    """What the units have asked for, newest first, with what became of it."""
    at_unit = {assignment.id: assignment for assignment in report.assignments}
    return [
        {
            "kind": request.kind.value,
            "state": request.state.value,
            "unit": unit_name(at_unit[request.assignment_id].unit),
            "wanted_unit": unit_name(request.wanted_unit),
            "wanted_due": request.wanted_due,
            "reason": request.reason,
            "who": request.asked_by.name if request.asked_by else "",
            "at": request.asked_at,
            "decided_at": request.decided_at,
            "decision_reason": request.decision_reason,
            "take_back_url": url_for("unit.take_back", code=report.code, request_id=request.id)
            if _is_open(request) and _may_take_back(request, at_unit, actor)
            else "",
        }
        for request in asked
    ]


def _may_take_back(request: CaseRequest, at_unit: dict[int, Assignment], actor: Actor) -> bool:
    parties = parties_of(actor, at_unit[request.assignment_id].unit_id)
    mine = Party.UNIT in parties and request.asked_by_id == actor.account_id
    return mine or Party.HEAD in parties


def _traces(sent: Sent) -> list[tuple[str, str]]:
    """What looks private in the text that came back: (what it is, the words)."""
    if sent.form not in CHECKED_TEXTS:
        return []
    text = normalise(str(sent.values.get(CHECKED_TEXTS[sent.form]) or ""))
    kinds = {
        TraceKind.PHONE: _("a phone number"),
        TraceKind.EMAIL: _("an e-mail address"),
        TraceKind.IDENTITY_NUMBER: _("an identity number"),
        TraceKind.BANK_NUMBER: _("a bank account number"),
    }
    return [(kinds[trace.kind], text[trace.start : trace.end]) for trace in private_traces(text)]
