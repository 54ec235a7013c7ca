"""A dispatcher has another of the units at work lead."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction


def name_lead(
    report_id: int,
    assignment_id: int,
    *,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Make a live assignment the lead, whose state and outcome become the report's.

    Raises NotFound, NotAllowed, Conflict when it has ended, leads already, or the report has
    changed since `version`.
    """
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        life.name_lead(assignment)
        life.settle()
