"""A unit asks the citizen, and waits for the answer."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState, MessageKind
from feedback.domain.text import normalise, private_traces
from feedback.domain.transitions import Need
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction
from feedback.storage.models import Message

MAX_QUESTION = 2_000


def ask_citizen(
    report_id: int,
    assignment_id: int,
    *,
    question: str,
    text_checked: bool = False,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Ask the citizen through the secret link; the lead's clock stops meanwhile.

    `text_checked` says that a person has looked at what the check for private data found. The
    public does not see the question. Raises NotFound, NotAllowed, Conflict, Invalid naming
    `question` or `checked_text`.
    """
    question = normalise(question)
    if len(question) > MAX_QUESTION:
        raise Invalid({"question": "too_long"})
    if private_traces(question) and not text_checked:
        raise Invalid({Need.CHECKED_TEXT.value: "required"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        assignment = life.assignment(assignment_id)
        life.expect_version(version)
        message = Message(
            report_id=report_id,
            assignment_id=assignment.id,
            kind=MessageKind.QUESTION,
            account_id=actor.account_id,
            at=now,
        )
        session.add(message)
        session.flush()
        life.move(
            assignment,
            AssignmentState.WAITING,
            HistoryKind.QUESTION_ASKED,
            given={Need.QUESTION} if question else set(),
            note=question,
            data={"message_id": message.id},
        )
        life.settle()
