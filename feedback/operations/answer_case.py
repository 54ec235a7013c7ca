"""A unit answers a case: outcome, text, and evidence that the matter is fixed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState, Outcome, PhotoPurpose, PhotoState
from feedback.domain.text import normalise, private_traces
from feedback.domain.transitions import Need
from feedback.operations.city import City
from feedback.operations.documents import attach_documents, find_documents
from feedback.operations.lifecycle import Life
from feedback.operations.photos import attach, find_uploads
from feedback.operations.transaction import transaction
from feedback.storage.models import Photo
from feedback.storage.queries import documents, photos

MAX_ANSWER = 5_000
FARTHEST_PROMISE = timedelta(days=10 * 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a unit answers. `promised_on` is for `planned`; `text_checked` says that a person has
    looked at what the check for private data found and stands by the text."""

    outcome: Outcome | None
    text: str
    photo_ids: Sequence[str] = ()
    document_ids: Sequence[str] = ()
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

    The evidence of an earlier answer, one that was sent back, still counts.

    Raises NotFound, NotAllowed, Conflict, and Invalid naming what the answer lacks.
    """
    text = normalise(answer.text)
    if len(text) > MAX_ANSWER:
        raise Invalid({"text": "too_long"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        level = life.reference.directory.level(assignment.round.service_level_id).terms
        promised_on = answer.promised_on if answer.outcome is Outcome.PLANNED else None
        uploads = find_uploads(session, answer.photo_ids, PhotoPurpose.EVIDENCE)
        papers = find_documents(session, answer.document_ids, actor)
        has_evidence = (
            answer.outcome is not Outcome.FIXED
            or not level.evidence_needed
            or bool(papers)
            or _any_shows(uploads)
            or _any_shows(photos.evidence_of(session, assignment.id))
            or bool(documents.evidence_of(session, assignment.id))
        )
        today = life.calendar.local_day(now)
        life.move(
            assignment,
            AssignmentState.ANSWERED,
            HistoryKind.ANSWERED,
            given=_given(answer, text, has_evidence, today),
            note=text,
            data={
                "outcome": answer.outcome.value if answer.outcome else "",
                "promised_on": promised_on.isoformat() if promised_on else None,
            },
        )
        assignment.outcome = answer.outcome
        assignment.answer_text = text
        assignment.promised_on = promised_on
        assignment.answered_at = now
        attach(uploads, life.report, assignment=assignment)
        attach_documents(papers, life.report, assignment=assignment)
        if not level.approval_needed:
            life.move(
                assignment,
                AssignmentState.APPROVED,
                HistoryKind.APPROVED,
                by=SYSTEM,
                public=True,
            )
        life.settle()


def _any_shows(found: Iterable[Photo]) -> bool:
    """Whether a photo can be seen, or may yet be: it has not failed."""
    return any(photo.state is not PhotoState.FAILED for photo in found)


def _given(answer: Answer, text: str, has_evidence: bool, today: date) -> set[Need]:
    """Which of the requirements of an answer are met; it has evidence, or needs none."""
    promised_on = answer.promised_on
    promised = promised_on is not None and today <= promised_on <= today + FARTHEST_PROMISE
    met = {
        Need.OUTCOME: answer.outcome is not None,
        Need.TEXT: bool(text),
        Need.EVIDENCE: has_evidence,
        Need.PROMISED_DATE: promised or answer.outcome is not Outcome.PLANNED,
        Need.CHECKED_TEXT: answer.text_checked or not private_traces(text),
    }
    return {need for need, is_met in met.items() if is_met}
