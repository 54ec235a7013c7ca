"""What happened to reports."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.histories import HistoryKind
from feedback.storage.models import HistoryEntry
from feedback.storage.types import can_be_key


def of_report(session: Session, report_id: int) -> Sequence[HistoryEntry]:
    """A report's whole history in order, with who did it."""
    return session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.report_id == report_id)
        .options(joinedload(HistoryEntry.account), joinedload(HistoryEntry.unit))
        .order_by(HistoryEntry.id)
    ).all()


def of_version(session: Session, report_id: int, version: int) -> Sequence[HistoryEntry]:
    """What one change of a report wrote, in order."""
    return session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.report_id == report_id, HistoryEntry.report_version == version)
        .order_by(HistoryEntry.id)
    ).all()


def of_kind(session: Session, report_id: int, kind: HistoryKind) -> Sequence[HistoryEntry]:
    """A report's entries of one kind, oldest first."""
    return session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.report_id == report_id, HistoryEntry.kind == kind)
        .order_by(HistoryEntry.id)
    ).all()


def of_roots(session: Session, report_ids: Collection[int]) -> Sequence[HistoryEntry]:
    """What these reports were found to repeat, one after the other."""
    return session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.report_id.in_(report_ids),
            HistoryEntry.kind.in_((HistoryKind.MARKED_DUPLICATE, HistoryKind.ROOT_MOVED)),
        )
        .order_by(HistoryEntry.id)
    ).all()


def after_version(session: Session, report_id: int, version: int) -> Sequence[HistoryEntry]:
    """What happened to a report after one of its versions, oldest first, with who did it.

    Nothing for a number that is no version.
    """
    if version and not can_be_key(version):
        return []
    return session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.report_id == report_id, HistoryEntry.report_version > version)
        .options(joinedload(HistoryEntry.account), joinedload(HistoryEntry.unit))
        .order_by(HistoryEntry.id)
    ).all()
