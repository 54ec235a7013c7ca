"""The questions of units, as the reporter sees them by the secret link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from feedback.domain.states import EXCLUDED_REPORT_STATES, AssignmentState, MessageKind
from feedback.extensions import db
from feedback.operations.answer_question import MAX_REPLIES
from feedback.storage.models import HistoryEntry, Report
from feedback.storage.queries import documents, messages
from feedback.web.documents import DocumentView
from feedback.web.presenting import answered_by, unit_name


@dataclass(frozen=True, slots=True)
class Question:
    """A unit's last question. `awaited`: the unit does not go on before the answer, for now."""

    id: int
    unit_name: str
    text: str
    at: datetime
    awaited: bool
    replied: bool
    url: str


def questions_to(
    report: Report, history: Sequence[HistoryEntry], code: str, token: str
) -> list[Question]:
    """The last question of each unit that may still be answered, in order."""
    if report.state in EXCLUDED_REPORT_STATES:
        return []
    said = messages.of_report(db.session(), report.id)
    words = {key: e.note for e in history if (key := e.data.get("message_id"))}
    at_unit = {assignment.id: assignment for assignment in report.assignments}
    last = {m.assignment_id: m for m in said if m.kind is MessageKind.QUESTION}
    found = []
    for message in last.values():
        assignment = at_unit.get(message.assignment_id or 0)
        replies = sum(one.question_id == message.id for one in said)
        if assignment is None or replies >= MAX_REPLIES:
            continue
        found.append(
            Question(
                id=message.id,
                unit_name=unit_name(assignment.unit),
                text=words.get(message.id, ""),
                at=message.at,
                awaited=assignment.state is AssignmentState.WAITING,
                replied=replies > 0,
                url=url_for("citizen.reply", code=code, token=token, question_id=message.id),
            )
        )
    return found


def proofs(report: Report, code: str, token: str) -> list[DocumentView]:
    """The documents that prove a closed report's answer."""
    lead = answered_by(report)
    found = documents.evidence_of(db.session(), lead.id) if lead else []
    return [
        DocumentView(
            one.name,
            one.size,
            url_for("citizen.document", code=code, token=token, document_id=one.id),
        )
        for one in found
    ]
