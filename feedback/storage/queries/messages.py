"""Questions, replies and notes about a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.states import AssignmentState, MessageKind
from feedback.storage.models import Assignment, HistoryEntry, Message, Report, Round


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for the citizen, with all that says until when."""

    report_id: int
    assignment_id: int
    service_level_id: int
    leads: bool
    waiting_since: datetime | None
    round_waiting_since: datetime | None
    waited_minutes: int


def of_report(session: Session, report_id: int) -> Sequence[Message]:
    """Everything said about a report, in order, with who of the staff said it."""
    return session.scalars(
        select(Message)
        .where(Message.report_id == report_id)
        .options(joinedload(Message.account))
        .order_by(Message.id)
    ).all()


def question(session: Session, report_id: int, message_id: int) -> Message | None:
    """One question about a report."""
    return session.scalar(
        select(Message).where(
            Message.id == message_id,
            Message.report_id == report_id,
            Message.kind == MessageKind.QUESTION,
        )
    )


def latest_question_id(session: Session, assignment_id: int) -> int | None:
    """The last question a unit has asked about its case."""
    return session.scalar(
        select(Message.id)
        .where(Message.assignment_id == assignment_id, Message.kind == MessageKind.QUESTION)
        .order_by(Message.id.desc())
        .limit(1)
    )


def replies_to(session: Session, question_id: int) -> Sequence[Message]:
    """What the citizen has answered to a question, in order."""
    return session.scalars(
        select(Message).where(Message.question_id == question_id).order_by(Message.id)
    ).all()


def words_of(session: Session, report_id: int) -> dict[int, str]:
    """The words of a report's messages, which stand in its history, by message."""
    rows = session.execute(
        select(HistoryEntry.data, HistoryEntry.note)
        .where(HistoryEntry.report_id == report_id, HistoryEntry.note != "")
        .order_by(HistoryEntry.id)
    )
    return {data["message_id"]: note for data, note in rows if data.get("message_id")}


def waiting(session: Session) -> list[Waiting]:
    """Every case that waits for the citizen now."""
    rows = session.execute(
        select(
            Assignment.report_id,
            Assignment.id,
            Round.service_level_id,
            Report.lead_assignment_id == Assignment.id,
            Assignment.waiting_since,
            Round.waiting_since,
            Round.waited_minutes,
        )
        .join(Report, Assignment.report_id == Report.id)
        .join(Round, Assignment.round_id == Round.id)
        .where(Assignment.state == AssignmentState.WAITING, Round.closed_at.is_(None))
        .order_by(Assignment.id)
    )
    return [Waiting(*row) for row in rows]
