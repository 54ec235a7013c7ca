"""A unit gives a case back to the operations centre: it is not theirs to handle."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState
from feedback.domain.transitions import Need
from feedback.operations.case_requests import reason_of
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction


def return_case(
    report_id: int,
    assignment_id: int,
    *,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """End the unit's part in a case with a reason; the dispatcher decides what next.

    The public learns that it was returned, not why. Raises NotFound, NotAllowed, Conflict, Invalid
    naming `reason`.
    """
    reason = reason_of(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        life.move(
            assignment,
            AssignmentState.RETURNED,
            HistoryKind.RETURNED,
            given={Need.REASON},
            note=reason,
            public=True,
        )
        life.settle()
