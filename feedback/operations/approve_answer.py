"""A unit's head approves an answer, or sends it back."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState
from feedback.domain.text import normalise
from feedback.domain.transitions import Need
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction

MAX_REASON = 2_000


def approve_answer(
    report_id: int,
    assignment_id: int,
    *,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Approve an answer; when every live assignment is approved the report closes.

    Raises NotFound, NotAllowed unless the actor heads the unit, Conflict.
    """
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        life.move(assignment, AssignmentState.APPROVED, HistoryKind.APPROVED, public=True)
        life.settle()


def send_back_answer(
    report_id: int,
    assignment_id: int,
    *,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Send an answer back to its handler with a reason; its evidence stays with the case.

    Raises NotFound, NotAllowed unless the actor heads the unit, Conflict, Invalid naming `reason`.
    """
    reason = normalise(reason)
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": "too_long"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        life.move(
            assignment,
            AssignmentState.IN_PROGRESS,
            HistoryKind.SENT_BACK,
            given={Need.REASON} if reason else set(),
            note=reason,
        )
        life.settle()
