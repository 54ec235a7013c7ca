"""A handler takes a case of their unit."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import AssignmentState
from feedback.domain.transitions import Party
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.name_handler import NAMEABLE
from feedback.operations.transaction import transaction


def take_case(
    report_id: int,
    assignment_id: int,
    *,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Make the actor the handler; a case just dispatched is thereby in progress.

    Taking a case twice changes nothing. Raises NotFound, NotAllowed when the case is another
    unit's, Conflict when somebody else has it already, it is not being worked any more, or it has
    changed since `version`.
    """
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        if Party.UNIT not in parties_of(actor, assignment.unit_id):
            raise NotAllowed("not_your_unit")
        life.expect_version(version)
        if assignment.state not in NAMEABLE:
            raise Conflict("step_not_possible", source=assignment.state.value)
        if assignment.handler_id is not None and assignment.handler_id != actor.account_id:
            raise Conflict("has_a_handler")
        if assignment.handler_id is not None:
            return
        assignment.handler_id = actor.account_id
        if assignment.state is AssignmentState.DISPATCHED:
            assignment.accepted_at = now
            life.move(assignment, AssignmentState.IN_PROGRESS, HistoryKind.ACCEPTED, public=True)
        else:
            life.record(
                HistoryKind.HANDLER_NAMED,
                assignment=assignment,
                data={"account_id": actor.account_id},
            )
        life.settle()
