"""What an erasure has to find besides photos and history."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from feedback.storage.models import (
    CommitmentSheet,
    Document,
    Letter,
    PeriodReportFile,
    ReportImport,
)


def documents_of(session: Session, report_id: int) -> Sequence[Document]:
    """Every document that came with a report, its notes and answers."""
    query = select(Document).where(Document.report_id == report_id)
    return session.scalars(query.order_by(Document.id)).all()


def document_files_in_use(session: Session, keys: Collection[str]) -> set[str]:
    """Those of these files that some document, letter, sheet, report or import consists of."""
    return set(
        session.scalars(
            union(
                select(Document.key).where(Document.key.in_(keys)),
                select(Letter.file_key).where(Letter.file_key.in_(keys)),
                select(CommitmentSheet.vi_key).where(CommitmentSheet.vi_key.in_(keys)),
                select(CommitmentSheet.en_key).where(CommitmentSheet.en_key.in_(keys)),
                select(PeriodReportFile.file_key).where(PeriodReportFile.file_key.in_(keys)),
                select(ReportImport.file_key).where(ReportImport.file_key.in_(keys)),
                select(ReportImport.refused_key).where(ReportImport.refused_key.in_(keys)),
            )
        )
    )
