"""A unit answers a case: outcome, text, and evidence that the matter is fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState, Outcome, PhotoPurpose
from feedback.domain.text import normalise, private_traces
from feedback.domain.transitions import Need
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.photos import attach, find_uploads
from feedback.operations.transaction import transaction
from feedback.storage.models import Photo, ServiceLevel

MAX_ANSWER = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a unit answers. `promised_on` is for `planned`; `text_checked` says that a person has
    looked at what the check for private data found and stands by the text."""

    outcome: Outcome | None
    text: str
    photo_ids: Sequence[str] = ()
    promised_on: date | None = None
    text_checked: bool = False


def answer_case(
    report_id: int,
    assignment_id: int,
    answer: Answer,
    *,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Answer a case; where the service level needs no approval it is approved in the same commit.

    Raises NotFound, NotAllowed, Conflict, and Invalid naming what the answer lacks.
    """
    text = normalise(answer.text)
    if len(text) > MAX_ANSWER:
        raise Invalid({"text": "too_long"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        level = assignment.round.service_level
        uploads = find_uploads(session, answer.photo_ids, PhotoPurpose.EVIDENCE)
        today = life.calendar.local_day(now)
        life.move(
            assignment,
            AssignmentState.ANSWERED,
            HistoryKind.ANSWERED,
            given=_given(answer, text, uploads, level, today),
            note=text,
            data={
                "outcome": answer.outcome.value if answer.outcome else "",
                "promised_on": answer.promised_on.isoformat() if answer.promised_on else None,
            },
        )
        assignment.outcome = answer.outcome
        assignment.answer_text = text
        assignment.promised_on = answer.promised_on if _is_planned(answer) else None
        assignment.answered_at = now
        attach(uploads, life.report, assignment=assignment)
        if not level.approval_needed:
            life.move(
                assignment,
                AssignmentState.APPROVED,
                HistoryKind.APPROVED,
                by=SYSTEM,
                public=True,
            )
        life.settle()


def _is_planned(answer: Answer) -> bool:
    return answer.outcome is Outcome.PLANNED


def _given(
    answer: Answer, text: str, uploads: Sequence[Photo], level: ServiceLevel, today: date
) -> set[Need]:
    """Which of the requirements of an answer are met."""
    promised = answer.promised_on is not None and answer.promised_on >= today
    met = {
        Need.OUTCOME: answer.outcome is not None,
        Need.TEXT: bool(text),
        Need.EVIDENCE: bool(uploads)
        or answer.outcome is not Outcome.FIXED
        or not level.evidence_needed,
        Need.PROMISED_DATE: promised or not _is_planned(answer),
        Need.CHECKED_TEXT: answer.text_checked or not private_traces(text),
    }
    return {need for need, is_met in met.items() if is_met}
