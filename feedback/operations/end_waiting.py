"""Time passes, and a case has waited for the citizen as long as its service level allows."""

from datetime import datetime

import structlog

from feedback.domain.actors import SYSTEM
from feedback.domain.calendar import NoWorkingTime
from feedback.domain.deadlines import waiting_ends_at
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.outbox import Claim, complete
from feedback.operations.reference import Reference
from feedback.operations.transaction import reading, transaction
from feedback.storage.queries import messages
from feedback.storage.queries.messages import Waiting

log = structlog.get_logger(__name__)


def end_waiting(
    *, city: City, now: datetime, claim: Claim | None = None, only: int | None = None
) -> None:
    """Have every case go on whose limit of waiting is used up, each in a transaction of its own.

    `only` is the id of the one report to look at; without it, all are looked at. The lead's limit
    is the round's, counted over all its waiting; another unit's is counted from its question.
    Raises WorkAlreadyDone when the claim is not held any more; what was resumed by then stays so.
    """
    with reading() as session:
        reference = Reference(session, city)
        waiting = [one for one in messages.waiting(session) if only in {None, one.report_id}]
        over = [case for case in waiting if _is_over(reference, case, now)]
    for case in over:
        _resume(case, city, now)
    with transaction(city) as session:
        complete(session, claim, now)


def waits_until(reference: Reference, case: Waiting) -> datetime | None:
    """When a case goes on by itself; None when it does not wait, or no calendar says so."""
    since = case.round_waiting_since if case.leads else case.waiting_since
    if since is None:
        return None
    terms = reference.directory.level(case.service_level_id).terms
    try:
        already = case.waited_minutes if case.leads else 0
        return waiting_ends_at(terms, reference.calendar, since, already)
    except NoWorkingTime:
        log.error("waiting_without_calendar", report_id=case.report_id)
        return None


def _is_over(reference: Reference, case: Waiting, now: datetime) -> bool:
    ends_at = waits_until(reference, case)
    return ends_at is not None and ends_at <= now


def _resume(case: Waiting, city: City, now: datetime) -> None:
    with transaction(city) as session:
        life = Life.open(session, city, case.report_id, SYSTEM, now)
        assignment = life.assignment(case.assignment_id)
        # Answered, or asked anew, since it was looked at.
        if assignment.state is not AssignmentState.WAITING:
            return
        if assignment.waiting_since != case.waiting_since:
            return
        life.move(assignment, AssignmentState.IN_PROGRESS, HistoryKind.RESUMED)
        life.settle()
