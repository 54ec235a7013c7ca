"""A dispatcher decides what a unit has asked for: another unit for its case, or more time."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_dispatcher
from feedback.domain.states import CaseRequestKind, CaseRequestState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean
from feedback.operations.transaction import transaction
from feedback.operations.transfer_case import transfer
from feedback.storage.models import CaseRequest
from feedback.storage.queries import requests
from feedback.storage.types import can_be_key


def decide_transfer(
    report_id: int,
    request_id: int,
    *,
    accept: bool,
    unit_id: int | None = None,
    reason: str = "",
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Give the case to another unit as proposed (or to `unit_id`), or leave it where it is.

    A refusal takes a reason, which the unit reads; an acceptance without one keeps the unit's.
    Raises NotFound, NotAllowed, Conflict when it is decided already, the other unit works at the
    report or it has changed since `version`, Invalid naming `unit_id` or `reason`.
    """
    require_dispatcher(actor)
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        request = _open_request(life, request_id, CaseRequestKind.TRANSFER, version)
        if accept:
            wanted = unit_id or request.wanted_unit_id
            if wanted is None:
                raise Invalid({"unit_id": "required"})
            _decide(life, request, CaseRequestState.ACCEPTED, reason)
            held = life.assignment(request.assignment_id)
            transfer(life, held, wanted, reason or request.reason)
        else:
            _refuse(life, request, reason)
        life.settle()


def decide_extension(
    report_id: int,
    request_id: int,
    *,
    accept: bool,
    reason: str = "",
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Move the round's due moment to the one asked for, or leave it; what was promised first stays.

    A refusal takes a reason, which the unit reads. Raises NotFound, NotAllowed, Conflict when it is
    decided already, the due moment has moved past the one asked for or the report has changed since
    `version`, Invalid naming `reason`.
    """
    require_dispatcher(actor)
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        request = _open_request(life, request_id, CaseRequestKind.EXTENSION, version)
        if accept:
            current = life.open_round
            if current is None or request.wanted_due is None or request.wanted_due <= current.due:
                raise Conflict("due_later_already")
            _decide(life, request, CaseRequestState.ACCEPTED, reason)
            life.move_due(current, request.wanted_due, why="extension")
        else:
            _refuse(life, request, reason)
        life.settle()


def _open_request(
    life: Life, request_id: int, kind: CaseRequestKind, version: int | None
) -> CaseRequest:
    known = can_be_key(request_id)
    request = requests.of_case(life.session, life.report.id, request_id) if known else None
    if request is None or request.kind is not kind:
        raise NotFound("request_not_found")
    life.expect_version(version)
    if request.state is not CaseRequestState.OPEN:
        raise Conflict("already_decided")
    return request


def _refuse(life: Life, request: CaseRequest, reason: str) -> None:
    if not reason:
        raise Invalid({"reason": "required"})
    _decide(life, request, CaseRequestState.REFUSED, reason)


def _decide(life: Life, request: CaseRequest, state: CaseRequestState, reason: str) -> None:
    request.state = state
    request.decided_by_id = life.actor.account_id
    request.decided_at = life.now
    request.decision_reason = reason
    accepted = state is CaseRequestState.ACCEPTED
    life.record(
        HistoryKind.REQUEST_ACCEPTED if accepted else HistoryKind.REQUEST_REFUSED,
        assignment=life.assignment(request.assignment_id),
        note=reason,
        data={"request_id": request.id, "request": request.kind.value},
    )
