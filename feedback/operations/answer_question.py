"""The citizen answers a unit's question by the secret link."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    ENDED_ASSIGNMENT_STATES,
    EXCLUDED_REPORT_STATES,
    AssignmentState,
    MessageKind,
    PhotoPurpose,
)
from feedback.domain.text import normalise
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.photos import attach, find_uploads
from feedback.operations.transaction import transaction
from feedback.storage.models import Assignment, Message
from feedback.storage.queries import messages, photos

MAX_REPLY = 2_000
MAX_REPLIES = 5


def answer_question(
    report_id: int,
    question_id: int,
    *,
    text: str,
    photo_ids: Sequence[str] = (),
    city: City,
    now: datetime,
) -> bool:
    """Answer a question; tells whether the unit was still waiting for it.

    An answer to what nobody waits for any more is kept and shown to the unit, and moves nothing.
    The same answer sent twice is kept once. The caller has checked the secret link. Raises
    NotFound, Conflict when the report is not handled any more or five answers have come, Invalid
    naming `content`, `text` or `photos`.
    """
    text = normalise(text)
    if len(text) > MAX_REPLY:
        raise Invalid({"text": "too_long"})
    if not text and not photo_ids:
        raise Invalid({"content": "required"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, CITIZEN, now)
        question = messages.question(session, report_id, question_id)
        if question is None or question.assignment_id is None:
            raise NotFound("question_not_found")
        assignment = life.assignment(question.assignment_id)
        before = messages.replies_to(session, question_id)
        if before and _said_already(session, before[-1], text, photo_ids):
            return True
        uploads = find_uploads(session, photo_ids, PhotoPurpose.REPLY)
        if life.report.state in EXCLUDED_REPORT_STATES:
            raise Conflict("report_left")
        if len(before) >= MAX_REPLIES:
            raise Conflict("too_many_replies")
        awaited = _awaits(session, life, assignment, question)
        reply = Message(
            report_id=report_id,
            assignment_id=assignment.id,
            kind=MessageKind.REPLY,
            question_id=question.id,
            at=now,
        )
        session.add(reply)
        session.flush()
        told = {"message_id": reply.id}
        if awaited:
            life.move(
                assignment,
                AssignmentState.IN_PROGRESS,
                HistoryKind.QUESTION_ANSWERED,
                note=text,
                data=told,
            )
        else:
            life.record(HistoryKind.CITIZEN_WROTE, assignment=assignment, note=text, data=told)
        if assignment.state not in ENDED_ASSIGNMENT_STATES:
            assignment.replied_at = now
        attach(uploads, life.report, message=reply)
        life.settle()
        return awaited


def _awaits(session: Session, life: Life, assignment: Assignment, question: Message) -> bool:
    waits = assignment.state is AssignmentState.WAITING and assignment in life.live_assignments
    return waits and messages.latest_question_id(session, assignment.id) == question.id


def _said_already(session: Session, last: Message, text: str, photo_ids: Sequence[str]) -> bool:
    """Whether an answer is the last one over again: the same words and the same pictures."""
    if messages.words_of(session, last.report_id).get(last.id, "") != text:
        return False
    shown = [photo.original_sha256 for photo in photos.of_message(session, last.id)]
    sent = photos.contents(session, photo_ids)
    return shown == [sent.get(upload_id) for upload_id in dict.fromkeys(photo_ids)]
