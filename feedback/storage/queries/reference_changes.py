"""What was changed of reference data."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.reference_changes import ReferenceKind
from feedback.storage.models import Account, ReferenceChange
from feedback.storage.types import can_be_key


def latest_id(session: Session, kind: ReferenceKind, object_key: str) -> int:
    """The id of a thing's latest change, 0 when none was ever recorded."""
    return (
        session.scalar(
            select(func.max(ReferenceChange.id)).where(
                ReferenceChange.kind == kind, ReferenceChange.object_key == object_key
            )
        )
        or 0
    )


def of_object(
    session: Session, kind: ReferenceKind, object_key: str, *, after: int = 0, limit: int = 50
) -> Sequence[ReferenceChange]:
    """The changes of one thing after one of them, newest first, with who made them."""
    return session.scalars(
        select(ReferenceChange)
        .where(
            ReferenceChange.kind == kind,
            ReferenceChange.object_key == object_key,
            ReferenceChange.id > after,
        )
        .options(joinedload(ReferenceChange.account))
        .order_by(ReferenceChange.id.desc())
        .limit(limit)
    ).all()


def page(
    session: Session,
    *,
    kind: ReferenceKind | None,
    account_id: int | None,
    before: int | None,
    limit: int,
) -> Sequence[ReferenceChange]:
    """All changes, newest first, of one kind or by one person, older than `before`."""
    query = select(ReferenceChange).options(joinedload(ReferenceChange.account))
    if kind is not None:
        query = query.where(ReferenceChange.kind == kind)
    if account_id is not None:
        query = query.where(ReferenceChange.account_id == account_id)
    if before is not None and can_be_key(before):
        query = query.where(ReferenceChange.id < before)
    return session.scalars(query.order_by(ReferenceChange.id.desc()).limit(limit)).all()


def people(session: Session) -> Sequence[Account]:
    """Everybody who has ever changed something, by name."""
    changed = select(ReferenceChange.account_id).distinct()
    return session.scalars(
        select(Account).where(Account.id.in_(changed)).order_by(Account.name, Account.id)
    ).all()
