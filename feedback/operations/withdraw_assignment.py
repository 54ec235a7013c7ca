"""A dispatcher takes a case from a unit."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean, given_reason
from feedback.operations.transaction import transaction


def withdraw_assignment(
    report_id: int,
    assignment_id: int,
    *,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """End a unit's part in a report; without another unit the report is the dispatcher's again.

    The time held stays with the unit. Raises NotFound, NotAllowed, Conflict when the unit has
    answered or its part has ended, or the report has changed since `version`, Invalid naming
    `reason`.
    """
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        life.move(
            assignment,
            AssignmentState.WITHDRAWN,
            HistoryKind.ASSIGNMENT_WITHDRAWN,
            given=given_reason(reason),
            note=reason,
        )
        life.settle()
