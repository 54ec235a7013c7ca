"""A unit proposes that another one handles its case; a dispatcher decides."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import CaseRequestKind, CaseRequestState
from feedback.domain.transitions import Party
from feedback.operations.case_requests import keep, reason_of
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.name_handler import NAMEABLE
from feedback.operations.transaction import transaction
from feedback.storage.models import CaseRequest


def propose_transfer(
    report_id: int,
    assignment_id: int,
    *,
    unit_id: int | None,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Propose a transfer, to a unit where the proposer knows the right one.

    The case stays with the unit, and its clock runs, until a dispatcher decides. Raises NotFound,
    NotAllowed unless the actor works in the unit, Conflict when the case is not being worked or a
    transfer is proposed already, Invalid naming `reason` or `unit_id`.
    """
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        if Party.UNIT not in parties_of(actor, assignment.unit_id):
            raise NotAllowed("not_your_unit")
        reason = reason_of(reason)
        life.expect_version(version)
        if assignment not in life.live_assignments:
            raise Conflict("assignment_ended")
        if assignment.state not in NAMEABLE:
            raise Conflict("step_not_possible", source=assignment.state.value)
        if unit_id is not None:
            _check_target(life, assignment.unit_id, unit_id)
        request = CaseRequest(
            report_id=report_id,
            assignment_id=assignment.id,
            kind=CaseRequestKind.TRANSFER,
            state=CaseRequestState.OPEN,
            wanted_unit_id=unit_id,
            reason=reason,
            asked_by_id=actor.account_id,
            asked_at=now,
        )
        keep(session, request)
        life.record(
            HistoryKind.TRANSFER_PROPOSED,
            assignment=assignment,
            note=reason,
            data={"request_id": request.id, "wanted_unit_id": unit_id},
        )
        life.settle()


def _check_target(life: Life, own_id: int, unit_id: int) -> None:
    directory = life.reference.directory
    if directory.unit(unit_id).id == own_id:
        raise Invalid({"unit_id": "unit_is_the_same"})
    if not directory.unit_exists(unit_id, life.today):
        raise Invalid({"unit_id": "unit_not_in_force"})
