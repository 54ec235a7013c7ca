"""Views of the queue under a name."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from feedback.storage.models import Account, SavedView
from feedback.storage.types import can_be_key


def usable_by(
    session: Session, account_id: int, unit_id: int | None
) -> Sequence[tuple[SavedView, str]]:
    """One's own views and those shared with one's unit, by name, each with whose it is."""
    mine = SavedView.account_id == account_id
    shared = mine
    if unit_id is not None:
        shared = or_(mine, SavedView.unit_id == unit_id)
    rows = session.execute(
        select(SavedView, Account.name)
        .join(Account, SavedView.account_id == Account.id)
        .where(shared)
        .order_by(SavedView.name, SavedView.id)
    )
    return [(view, name) for view, name in rows]


def count_of(session: Session, account_id: int) -> int:
    """How many views a person has kept."""
    return (
        session.scalar(
            select(func.count()).select_from(SavedView).where(SavedView.account_id == account_id)
        )
        or 0
    )


def own(session: Session, view_id: int, account_id: int) -> SavedView | None:
    """A view of this person."""
    if not can_be_key(view_id):
        return None
    return session.scalar(
        select(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id)
    )
