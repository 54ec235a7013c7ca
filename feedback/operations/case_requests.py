"""What a unit asks the operations centre for about its case: what every such request shares."""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.errors import Conflict, Invalid
from feedback.domain.states import AssignmentState, CaseRequestKind, CaseRequestState
from feedback.domain.text import normalise
from feedback.storage.models import Assignment, CaseRequest
from feedback.storage.queries import requests

MAX_REASON = 2_000
_BEING_WORKED = frozenset({AssignmentState.IN_PROGRESS, AssignmentState.WAITING})


def reason_of(text: str) -> str:
    """A reason as it is stored. Raises Invalid naming `reason` when it is empty or too long."""
    reason = normalise(text)
    if not reason:
        raise Invalid({"reason": "required"})
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": "too_long"})
    return reason


def keep(session: Session, request: CaseRequest) -> None:
    """Store a new request, so that it has an id.

    Raises Conflict when the same is asked for already and not decided yet.
    """
    if requests.open_of(session, request.assignment_id, request.kind):
        raise Conflict("already_asked")
    session.add(request)
    session.flush()


def drop_overtaken(
    session: Session, assignment: Assignment, target: AssignmentState, now: datetime
) -> None:
    """Drop the open requests that a step of their case has overtaken.

    Who answers a case does not wait for its transfer any more, yet may still need more time to have
    the answer approved; a case approved or ended needs neither.
    """
    if target in _BEING_WORKED:
        return
    kind = CaseRequestKind.TRANSFER if target is AssignmentState.ANSWERED else None
    for request in requests.open_of(session, assignment.id, kind):
        request.state = CaseRequestState.DROPPED
        request.decided_at = now
