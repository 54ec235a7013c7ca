"""A dispatcher decides about a case that a unit gave back, where no other unit is to have it.

To send it elsewhere is `dispatch_report` or `add_unit`, to refuse it `reject_report`.
"""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_dispatcher
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean
from feedback.operations.routing import join
from feedback.operations.transaction import transaction
from feedback.storage.models import Assignment


def send_back_return(
    report_id: int,
    assignment_id: int,
    *,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Give a case back to the unit that returned it, with the reason it reads.

    Raises NotFound, NotAllowed, Conflict when the return is decided already or the report has
    changed since `version`, Invalid naming `reason`, or `unit_id` when the unit is no more.
    """
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        returned = _undecided(life, assignment_id, version)
        if not reason:
            raise Invalid({"reason": "required"})
        again = join(life, returned.unit_id)
        life.record(HistoryKind.NOTE, assignment=again, note=reason)
        life.settle()


def accept_return(
    report_id: int,
    assignment_id: int,
    *,
    reason: str = "",
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Let the units still at work go on without the one that returned its part.

    Raises NotFound, NotAllowed, Conflict when no unit is left, the return is decided already or the
    report has changed since `version`, Invalid naming `reason` when it is too long.
    """
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        returned = _undecided(life, assignment_id, version)
        if not life.live_assignments:
            raise Conflict("no_unit_left")
        returned.return_undecided = False
        life.record(HistoryKind.RETURN_ACCEPTED, assignment=returned, note=reason)
        life.settle()


def _undecided(life: Life, assignment_id: int, version: int | None) -> Assignment:
    require_dispatcher(life.actor)
    assignment = life.assignment(assignment_id)
    life.expect_version(version)
    if not assignment.return_undecided:
        raise Conflict("already_decided")
    return assignment
