"""A unit takes back what it has asked the operations centre for."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import CaseRequestState
from feedback.domain.transitions import Party
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction
from feedback.storage.queries import requests


def withdraw_request(
    report_id: int,
    request_id: int,
    *,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Take back a proposal or a wish for more time that nobody has decided yet.

    Raises NotFound, NotAllowed unless the actor asked for it or heads the unit, Conflict.
    """
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        request = requests.of_case(session, report_id, request_id)
        if request is None:
            raise NotFound("request_not_found")
        assignment = life.assignment(request.assignment_id)
        parties = parties_of(actor, assignment.unit_id)
        asked = Party.UNIT in parties and request.asked_by_id == actor.account_id
        if not asked and Party.HEAD not in parties:
            raise NotAllowed("not_your_request")
        life.expect_version(version)
        if request.state is not CaseRequestState.OPEN:
            raise Conflict("already_decided")
        request.state = CaseRequestState.DROPPED
        request.decided_by_id = actor.account_id
        request.decided_at = now
        life.record(
            HistoryKind.REQUEST_WITHDRAWN,
            assignment=assignment,
            data={"request_id": request.id, "request": request.kind.value},
        )
        life.settle()
