"""What was said about a case beside its steps, as staff read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from feedback.domain.states import MessageKind
from feedback.storage.models import Document, HistoryEntry, Message, Photo, Report
from feedback.web.documents import DocumentView
from feedback.web.presenting import PhotoView, photo_view, unit_name


@dataclass(frozen=True, slots=True)
class Said:
    """A question, a reply or a note. `new`: the unit has taken no step since it came."""

    kind: MessageKind
    who: str
    unit: str
    at: datetime
    text: str
    public: bool
    new: bool
    photos: Sequence[PhotoView]
    documents: Sequence[DocumentView]


def conversation(
    report: Report,
    messages: Sequence[Message],
    history: Sequence[HistoryEntry],
    pictures: Sequence[Photo],
    papers: Sequence[Document],
) -> list[Said]:
    """Everything said about a report, newest first; citizens have no name here."""
    words = {key: e.note for e in history if (key := e.data.get("message_id"))}
    at_unit = {assignment.id: assignment for assignment in report.assignments}
    found = []
    for message in reversed(messages):
        assignment = at_unit.get(message.assignment_id or 0)
        replied_at = assignment.replied_at if assignment else None
        found.append(
            Said(
                kind=message.kind,
                who=message.account.name if message.account else "",
                unit=unit_name(assignment.unit) if assignment else "",
                at=message.at,
                text=words.get(message.id, ""),
                public=message.public,
                new=message.kind is MessageKind.REPLY and message.at == replied_at,
                photos=[photo_view(p) for p in pictures if p.message_id == message.id],
                documents=[
                    paper_view(report.code, paper)
                    for paper in papers
                    if paper.message_id == message.id
                ],
            )
        )
    return found


def paper_view(code: str, paper: Document) -> DocumentView:
    """A document as staff download it."""
    url = url_for("cases.document", code=code, document_id=paper.id)
    return DocumentView(paper.name, paper.size, url)
