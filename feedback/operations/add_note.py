"""Staff write something beside a case's steps: for themselves, or as news for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import (
    ENDED_ASSIGNMENT_STATES,
    EXCLUDED_REPORT_STATES,
    MessageKind,
    PhotoPurpose,
)
from feedback.domain.text import normalise, private_traces
from feedback.domain.transitions import Need, Party
from feedback.operations.city import City
from feedback.operations.documents import attach_documents, find_documents
from feedback.operations.lifecycle import Life
from feedback.operations.photos import attach, find_uploads
from feedback.operations.transaction import transaction
from feedback.storage.models import Assignment, Message

MAX_NOTE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is written. A `public` one is published with its photos, never with its documents;
    `text_checked` says that a person has looked at what the check for private data found."""

    text: str
    public: bool = False
    photo_ids: Sequence[str] = ()
    document_ids: Sequence[str] = ()
    text_checked: bool = False


def add_note(
    report_id: int,
    assignment_id: int | None,
    note: Note,
    *,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Add a note to a unit's case, or to the report itself (None, for dispatchers).

    A note needs no fresh view of the report: it changes nothing that somebody else decides on.
    Raises NotFound, NotAllowed, Conflict when news would come from a unit that has no part in it
    any more, Invalid naming `text`, `checked_text`, `photos` or `documents`.
    """
    text = normalise(note.text)
    if not text:
        raise Invalid({"text": "required"})
    if len(text) > MAX_NOTE:
        raise Invalid({"text": "too_long"})
    if note.public and private_traces(text) and not note.text_checked:
        raise Invalid({Need.CHECKED_TEXT.value: "required"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id) if assignment_id is not None else None
        _check_author(actor, assignment)
        if note.public:
            _check_news(life, assignment)
        uploads = find_uploads(session, note.photo_ids, PhotoPurpose.NOTE)
        documents = find_documents(session, note.document_ids, actor)
        message = Message(
            report_id=report_id,
            assignment_id=assignment_id,
            kind=MessageKind.NOTE,
            public=note.public,
            account_id=actor.account_id,
            at=now,
        )
        session.add(message)
        session.flush()
        attach(uploads, life.report, assignment=assignment, message=message)
        attach_documents(documents, life.report, assignment=assignment, message=message)
        life.record(
            HistoryKind.NOTE,
            assignment=assignment,
            note=text,
            public=note.public,
            data={"message_id": message.id},
        )
        life.settle()


def _check_author(actor: Actor, assignment: Assignment | None) -> None:
    parties = parties_of(actor, assignment.unit_id if assignment else None)
    if not parties & {Party.UNIT, Party.DISPATCHER}:
        raise NotAllowed("not_your_unit")


def _check_news(life: Life, assignment: Assignment | None) -> None:
    if life.report.state in EXCLUDED_REPORT_STATES:
        raise Conflict("report_left")
    if assignment is not None and assignment.state in ENDED_ASSIGNMENT_STATES:
        raise Conflict("assignment_ended")
