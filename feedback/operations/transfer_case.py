"""A dispatcher moves a case from one unit to another."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean, given_reason
from feedback.operations.routing import join
from feedback.operations.transaction import transaction
from feedback.storage.models import Assignment


def transfer_case(
    report_id: int,
    assignment_id: int,
    *,
    unit_id: int,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Give a unit's part in a report to another unit, in the same round and with its deadline.

    Who takes over from the lead leads. Raises NotFound, NotAllowed, Conflict when the unit has
    answered or its part has ended, the other unit works at it already, or the report has changed
    since `version`, Invalid naming `unit_id` or `reason`.
    """
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        transfer(life, assignment, unit_id, reason)
        life.settle()


def transfer(life: Life, assignment: Assignment, unit_id: int, reason: str) -> None:
    """The same on a report that is being changed already."""
    if unit_id == assignment.unit_id:
        raise Invalid({"unit_id": "unit_is_the_same"})
    led = assignment is life.lead
    life.move(
        assignment,
        AssignmentState.TRANSFERRED,
        HistoryKind.TRANSFERRED,
        given=given_reason(reason),
        note=reason,
    )
    taken = join(life, unit_id)
    if led and taken is not life.lead:
        life.name_lead(taken)
