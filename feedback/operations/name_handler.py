"""A unit's head gives a case to one of the unit's people."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import UNIT_ROLES, parties_of
from feedback.domain.states import AssignmentState
from feedback.domain.transitions import Party
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction
from feedback.storage.queries import accounts

NAMEABLE = frozenset(
    {AssignmentState.DISPATCHED, AssignmentState.IN_PROGRESS, AssignmentState.WAITING}
)


def name_handler(
    report_id: int,
    assignment_id: int,
    *,
    handler_id: int,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Name the handler of a case; a case just dispatched is thereby in progress.

    Naming the handler it has already changes nothing.

    Raises NotFound, NotAllowed unless the actor heads the unit, Conflict, and Invalid naming
    `handler_id` when that account does not work in the unit.
    """
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        if Party.HEAD not in parties_of(actor, assignment.unit_id):
            raise NotAllowed("head_only")
        life.expect_version(version)
        if assignment.state not in NAMEABLE:
            raise Conflict("step_not_possible", source=assignment.state.value)
        handler = accounts.active(session, handler_id)
        if handler is None or handler.role not in UNIT_ROLES:
            raise Invalid({"handler_id": "not_in_this_unit"})
        if handler.unit_id != assignment.unit_id:
            raise Invalid({"handler_id": "not_in_this_unit"})
        if assignment.handler_id == handler.id:
            return
        assignment.handler_id = handler.id
        life.record(
            HistoryKind.HANDLER_NAMED, assignment=assignment, data={"account_id": handler.id}
        )
        if assignment.state is AssignmentState.DISPATCHED:
            assignment.accepted_at = now
            life.move(assignment, AssignmentState.IN_PROGRESS, HistoryKind.ACCEPTED, public=True)
        life.settle()
