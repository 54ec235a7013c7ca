"""A unit shows that it has done what its answer promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.deadlines import clock_minutes_between
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import MessageKind, Outcome, PhotoPurpose, PhotoState, ReportState
from feedback.domain.text import normalise, private_traces
from feedback.domain.transitions import Need, Party
from feedback.operations.add_note import MAX_NOTE
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.photos import attach, find_uploads
from feedback.operations.transaction import transaction
from feedback.storage.models import Assignment, Message, Report, Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What shows that a promise was kept; the public reads it and sees its photos.

    `text_checked` says that a person has looked at what the check for private data found.
    """

    text: str
    photo_ids: Sequence[str] = ()
    text_checked: bool = False


def keep_promise(
    report_id: int,
    assignment_id: int,
    proof: Proof,
    *,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Record that the work promised in the answer of a closed report is done.

    It changes no state: a history entry, told to the reporter and to followers.

    Raises NotFound, NotAllowed unless the actor works in the unit that promised it, Conflict when
    no promise of this unit is open or the report has changed since `version`, and Invalid naming
    `text`, `checked_text` or `evidence`.
    """
    text = normalise(proof.text)
    if not text:
        raise Invalid({"text": "required"})
    if len(text) > MAX_NOTE:
        raise Invalid({"text": "too_long"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        if Party.UNIT not in parties_of(actor, assignment.unit_id):
            raise NotAllowed("not_your_unit")
        life.expect_version(version)
        if not has_open_promise(life.report, assignment):
            raise Conflict("no_open_promise")
        if private_traces(text) and not proof.text_checked:
            raise Invalid({Need.CHECKED_TEXT.value: "required"})
        uploads = find_uploads(session, proof.photo_ids, PhotoPurpose.NOTE)
        if all(photo.state is PhotoState.FAILED for photo in uploads):
            raise Invalid({Need.EVIDENCE.value: "required"})
        message = Message(
            report_id=report_id,
            assignment_id=assignment_id,
            kind=MessageKind.NOTE,
            public=True,
            account_id=actor.account_id,
            at=now,
        )
        session.add(message)
        session.flush()
        attach(uploads, life.report, assignment=assignment, message=message)
        promised = assignment.round
        promised.promise_kept_at = now
        life.record(
            HistoryKind.PROMISE_KEPT,
            assignment=assignment,
            note=text,
            public=True,
            data={
                "message_id": message.id,
                "number": promised.number,
                "minutes": _minutes(life, promised),
                "promised_on": promised.promised_on.isoformat() if promised.promised_on else None,
            },
        )
        life.settle()


def _minutes(life: Life, promised: Round) -> int:
    """How long the work took on the round's clock, from its start to now, waiting taken out."""
    taken = clock_minutes_between(promised.clock, life.calendar, promised.started_at, life.now)
    return max(0, taken - promised.waited_minutes)


def has_open_promise(report: Report, assignment: Assignment) -> bool:
    """Whether this is the answer of a closed report that promised what nobody has shown yet."""
    current = report.rounds[-1]
    return (
        report.state is ReportState.CLOSED
        and report.outcome is Outcome.PLANNED
        and report.lead_assignment_id == assignment.id
        and current.promise_kept_at is None
    )
