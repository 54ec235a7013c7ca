"""Documents by what they belong to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.storage.models import Document


def unattached(
    session: Session, upload_ids: Sequence[str], account_id: int | None
) -> dict[str, Document]:
    """The uploads of these ids, by this account, that belong to nothing yet, locked, by id."""
    rows = session.scalars(
        select(Document)
        .where(
            Document.upload_id.in_(upload_ids),
            Document.report_id.is_(None),
            Document.account_id == account_id,
        )
        .order_by(Document.id)
        .with_for_update()
    )
    return {document.upload_id: document for document in rows}


def of_report(session: Session, report_id: int) -> Sequence[Document]:
    """Every document of a report, in the order they came."""
    return session.scalars(
        select(Document).where(Document.report_id == report_id).order_by(Document.id)
    ).all()


def one_of(session: Session, report_id: int, document_id: int) -> Document | None:
    """One document of a report."""
    return session.scalar(
        select(Document).where(Document.id == document_id, Document.report_id == report_id)
    )


def evidence_of(session: Session, assignment_id: int) -> Sequence[Document]:
    """What a unit has shown so far with its answers to one assignment."""
    return session.scalars(
        select(Document)
        .where(Document.assignment_id == assignment_id, Document.message_id.is_(None))
        .order_by(Document.id)
    ).all()


def left_behind(session: Session, before: datetime, limit: int) -> Sequence[Document]:
    """Documents uploaded before a moment that belong to nothing, oldest first, locked."""
    query = select(Document).where(Document.report_id.is_(None), Document.uploaded_at < before)
    query = query.order_by(Document.uploaded_at, Document.id).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()
