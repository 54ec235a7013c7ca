"""A unit's head asks for a later deadline; a dispatcher decides."""

from datetime import date, datetime, time, timedelta

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import AssignmentState, CaseRequestKind, CaseRequestState, Clock
from feedback.domain.transitions import Party
from feedback.operations.case_requests import keep, reason_of
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction
from feedback.storage.models import CaseRequest, Round

LONGEST_EXTENSION = timedelta(days=366)


def request_extension(
    report_id: int,
    assignment_id: int,
    *,
    wanted_on: date | None,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Ask that the round be due at the end of a later day; until decided the deadline stays.

    On the working clock the day has to be a working day. Raises NotFound, NotAllowed unless the
    actor heads the unit, Conflict when the case is done or an extension is asked for already,
    Invalid naming `reason` or `wanted_on`.
    """
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        if Party.HEAD not in parties_of(actor, assignment.unit_id):
            raise NotAllowed("head_only")
        reason = reason_of(reason)
        if wanted_on is None:
            raise Invalid({"wanted_on": "required"})
        life.expect_version(version)
        if assignment not in life.live_assignments:
            raise Conflict("assignment_ended")
        if assignment.state is AssignmentState.APPROVED:
            raise Conflict("step_not_possible", source=assignment.state.value)
        request = CaseRequest(
            report_id=report_id,
            assignment_id=assignment.id,
            kind=CaseRequestKind.EXTENSION,
            state=CaseRequestState.OPEN,
            wanted_due=_due_on(life, assignment.round, wanted_on),
            reason=reason,
            asked_by_id=actor.account_id,
            asked_at=now,
        )
        keep(session, request)
        life.record(
            HistoryKind.EXTENSION_ASKED,
            assignment=assignment,
            note=reason,
            data={
                "request_id": request.id,
                "wanted_due": request.wanted_due.isoformat() if request.wanted_due else None,
            },
        )
        life.settle()


def _due_on(life: Life, current: Round, day: date) -> datetime:
    """The end of a day on the round's clock, later than what holds now and than today."""
    calendar = life.calendar
    latest = max(calendar.local_day(current.due), life.today)
    if day <= calendar.local_day(current.due) or day < life.today:
        raise Invalid({"wanted_on": "not_later"})
    if day > latest + LONGEST_EXTENSION:
        raise Invalid({"wanted_on": "too_far"})
    if current.clock is Clock.WORKING:
        if not calendar.is_working_day(day):
            raise Invalid({"wanted_on": "not_a_working_day"})
        return calendar.end_of_working_day(day)
    return datetime.combine(day, time(23, 59), tzinfo=life.city.zone)
