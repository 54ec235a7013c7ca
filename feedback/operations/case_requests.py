"""What a unit asks the operations centre for about its case: what every such request shares."""

from collections.abc import Iterable
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
    asked = requests.open_of_cases(session, [request.assignment_id])
    if any(other.kind is request.kind for other in asked):
        raise Conflict("already_asked")
    session.add(request)
    session.flush()


def drop_overtaken(session: Session, moved: Iterable[Assignment], now: datetime) -> None:
    """Drop the open requests that the steps of their cases have overtaken.

    Who answers a case does not wait for its transfer any more, yet may still need more time to have
    the answer approved; a case approved or ended needs neither.
    """
    states = {case.id: case.state for case in moved if case.state not in _BEING_WORKED}
    if not states:
        return
    with session.no_autoflush:  # the steps are written at once, with what follows from them
        found = requests.open_of_cases(session, states)
    for request in found:
        answered = states[request.assignment_id] is AssignmentState.ANSWERED
        if answered and request.kind is not CaseRequestKind.TRANSFER:
            continue
        if request.state is CaseRequestState.OPEN:  # not decided by this very change
            request.state = CaseRequestState.DROPPED
            request.decided_at = now
