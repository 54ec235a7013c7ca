"""Documents coming in, and becoming part of a note or an answer.

A document is a PDF file. It is kept as it came, under a name made of its content, and nothing here
opens it: only its size and its first bytes are looked at.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.text import one_line
from feedback.operations.city import City
from feedback.operations.transaction import transaction
from feedback.storage.files.keys import document_key
from feedback.storage.models import Assignment, Document, Message, Report
from feedback.storage.queries import documents

MAX_DOCUMENTS = 5
LARGEST_DOCUMENT = 15 * 1024 * 1024
LONGEST_NAME = 200
_HEADER = b"%PDF-"


def keep_document(
    stream: IO[bytes], size: int, name: str, *, actor: Actor, city: City, now: datetime
) -> str:
    """Keep an uploaded document; returns the id it is named by until it is attached.

    Raises Invalid naming `documents` when it is empty, no PDF or larger than 15 MB.
    """
    if size == 0:
        raise Invalid({"documents": "empty_document"})
    if size > LARGEST_DOCUMENT:
        raise Invalid({"documents": "too_large_document"})
    content = stream.read(LARGEST_DOCUMENT + 1)
    if not content.startswith(_HEADER):
        raise Invalid({"documents": "not_a_pdf"})
    key = document_key(content)
    city.files.put(key, content)
    upload_id = secrets.token_urlsafe(24)
    with transaction(city) as session:
        session.add(
            Document(
                upload_id=upload_id,
                account_id=actor.account_id,
                name=_plain_name(name),
                key=key,
                size=len(content),
                uploaded_at=now,
            )
        )
    return upload_id


def find_documents(session: Session, upload_ids: Sequence[str], actor: Actor) -> list[Document]:
    """The documents the actor has uploaded under these ids, in their order.

    Raises Invalid naming `documents` when there are too many, or one is unknown or already used.
    """
    wanted = list(dict.fromkeys(upload_ids))
    if not wanted:
        return []
    if len(wanted) > MAX_DOCUMENTS:
        raise Invalid({"documents": "too_many_documents"})
    found = documents.unattached(session, wanted, actor.account_id)
    missing = [upload_id for upload_id in wanted if upload_id not in found]
    if missing:
        raise Invalid({"documents": "document_missing"}, missing=missing)
    return [found[upload_id] for upload_id in wanted]


def attach_documents(
    found: Sequence[Document],
    report: Report,
    *,
    assignment: Assignment | None,
    message: Message | None = None,
) -> None:
    """Make documents part of an answer, or of a note about a case."""
    for document in found:
        document.report_id = report.id
        document.assignment_id = assignment.id if assignment else None
        document.message_id = message.id if message else None


def _plain_name(name: str) -> str:
    """What a file was called, without folders, ending in .pdf."""
    plain = one_line(PurePosixPath(name.replace("\\", "/")).name).removesuffix(".pdf")
    return (plain[: LONGEST_NAME - 4] or "document") + ".pdf"
