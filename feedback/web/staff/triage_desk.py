"""What the page of a case offers to the operations centre."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import request

from feedback.domain.geography import distance_metres
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    FINISHED_REPORT_STATES,
    AssignmentState,
    CaseRequestState,
    RejectionReason,
    ReportState,
    Visibility,
)
from feedback.extensions import db
from feedback.operations.decide_visibility import ALWAYS_PRIVATE
from feedback.operations.reasons import MAX_REASON
from feedback.storage.models import Assignment, CaseRequest, HistoryEntry, Report
from feedback.storage.queries import categories, nearby, report_pages, requests, triage, units
from feedback.web import context
from feedback.web.presenting import area_name, media_url, name_of, title_of, unit_name
from feedback.web.staff.history import rejection_word
from feedback.web.staff.people import is_dispatcher
from feedback.web.staff.rejections import suggested_texts
from feedback.web.staff.steps import is_live
from feedback.wording import _

NEAR_METRES = 300
NEAR_PERIOD = timedelta(days=30)
MOST_LOOKED_AT, MOST_SHOWN = 60, 6
BEING_WORKED = frozenset(
    {AssignmentState.DISPATCHED, AssignmentState.IN_PROGRESS, AssignmentState.WAITING}
)
MORE_AT_ONCE = 3


def triage_desk(report: Report, history: Sequence[HistoryEntry], form: str) -> dict[str, Any]:
    """The template's values for the forms of a dispatcher; `desk` is None for anybody else.

    `form` is the name of the form that came back, if one did.
    """
    if not is_dispatcher():
        return {"desk": None}
    session, today = db.session(), context.today()
    live = [a for a in report.assignments if is_live(a, report)]
    offered = categories.categories_on(session, today)
    return {
        "desk": {
            "to_send": report.state is ReportState.RECEIVED,
            "at_work": [_part(a) for a in live if a.state in BEING_WORKED],
            "could_lead": [_part(a) for a in live if a.id != report.lead_assignment_id],
            "live": bool(live),
            "to_decide": _to_decide(report),
            "returns": [_return(a, history) for a in report.assignments if a.return_undecided],
            "requests": [
                _asked_for(one, report)
                for one in requests.of_report(session, report.id)
                if one.state is CaseRequestState.OPEN
            ],
            "refused": report.state is ReportState.REJECTED,
            "asked_again": _asked_again(report, history),
            "root": _root(report),
            "repeated_by": [
                (r.code, title_of(r)) for r in nearby.duplicates_of(session, report.id)
            ],
            "may_repeat": report.state not in FINISHED_REPORT_STATES,
            "near": _near(report) if report.state not in FINISHED_REPORT_STATES else [],
            "near_metres": NEAR_METRES,
            "visibility_choices": _visibility_choices(report),
            "limit": MAX_REASON,
        },
        "category_choices": [(category.id, name_of(category)) for category in offered],
        "unit_choices": [(u.id, unit_name(u)) for u in units.units_on(session, today)],
        "reason_choices": [(r.value, rejection_word(r).capitalize()) for r in RejectionReason],
        "suggested_texts": suggested_texts(report.language),
        "chosen_units": _chosen_units() if form == "dispatch" else [""] * MORE_AT_ONCE,
    }


def _to_decide(report: Report) -> bool:
    """Whether the report stands in the dispatchers' list."""
    return bool(triage.views_of(db.session(), [report.id])[report.id])


def _chosen_units() -> list[str]:
    """The further units of a form that came back, the chosen ones first."""
    sent = [one for one in request.form.getlist("other_unit_ids") if one]
    return [*sent, *[""] * MORE_AT_ONCE][: max(MORE_AT_ONCE, len(sent))]


def _part(assignment: Assignment) -> tuple[int, str]:
    return assignment.id, unit_name(assignment.unit)


def _return(assignment: Assignment, history: Sequence[HistoryEntry]) -> dict[str, Any]:
    returned = next(
        e
        for e in reversed(history)
        if e.assignment_id == assignment.id and e.kind is HistoryKind.RETURNED
    )
    return {
        "assignment_id": assignment.id,
        "unit": unit_name(assignment.unit),
        "reason": returned.note,
        "at": returned.at,
    }


def _asked_for(asked: CaseRequest, report: Report) -> dict[str, Any]:
    asking = next(a for a in report.assignments if a.id == asked.assignment_id)
    return {
        "id": asked.id,
        "kind": asked.kind.value,
        "unit": unit_name(asking.unit),
        "asked_by": asked.asked_by.name if asked.asked_by else "",
        "asked_at": asked.asked_at,
        "reason": asked.reason,
        "wanted_unit_id": asked.wanted_unit_id,
        "wanted_unit": unit_name(asked.wanted_unit),
        "wanted_due": asked.wanted_due,
        "due": asking.due,
    }


def _asked_again(report: Report, history: Sequence[HistoryEntry]) -> dict[str, Any] | None:
    if report.state is not ReportState.REJECTED or report.asked_again_at is None:
        return None
    asked = [e for e in history if e.kind is HistoryKind.ASKED_AGAIN]
    return {"at": report.asked_again_at, "reason": asked[-1].note if asked else ""}


def _root(report: Report) -> dict[str, Any] | None:
    if report.state is not ReportState.DUPLICATE or report.root_id is None:
        return None
    root = db.session().get_one(Report, report.root_id)
    return {
        "code": root.code,
        "title": title_of(root),
        "state": root.state.value,
        "outcome": root.outcome,
    }


def _near(report: Report) -> list[dict[str, Any]]:
    """Cases that may be the same, the nearest first."""
    session, found = db.session(), []
    for other in nearby.candidates(
        session, report, metres=NEAR_METRES, period=NEAR_PERIOD, limit=MOST_LOOKED_AT
    ):
        metres = _metres_between(report, other)
        if metres is None or metres <= NEAR_METRES:
            found.append((NEAR_METRES if metres is None else metres, other))
    found = sorted(found, key=lambda pair: (pair[0], -pair[1].id))[:MOST_SHOWN]
    thumbs = report_pages.thumbnails(session, [other.id for _metres, other in found])
    return [
        {
            "code": other.code,
            "title": title_of(other),
            "place": other.address_text or area_name(other.area),
            "metres": round(metres) if _metres_between(report, other) is not None else None,
            "received_at": other.received_at,
            "state": other.state.value,
            "outcome": other.outcome,
            "thumb_url": media_url(thumbs.get(other.id, "")),
        }
        for metres, other in found
    ]


def _metres_between(one: Report, other: Report) -> float | None:
    if one.latitude is None or one.longitude is None:
        return None
    if other.latitude is None or other.longitude is None:
        return None
    here, there = (one.latitude, one.longitude), (other.latitude, other.longitude)
    return distance_metres(here, there)


def _visibility_choices(report: Report) -> list[tuple[str, str]]:
    """What the dispatcher may have the public see instead; nothing where it stays private."""
    if report.state in ALWAYS_PRIVATE:
        return []
    words = {
        Visibility.PUBLIC: _("Everybody may read it"),
        Visibility.PENDING: _("Nobody for now: it is looked at later"),
        Visibility.PRIVATE: _("Nobody but the reporter"),
    }
    return [(one.value, said) for one, said in words.items() if one is not report.visibility]
