"""Units."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.domain.states import UnitKind
from feedback.domain.text import fold
from feedback.storage.models import Unit
from feedback.storage.types import can_be_key


def by_code(session: Session, code: str) -> Unit | None:
    """A unit by its code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def by_id(session: Session, unit_id: int) -> Unit | None:
    """A unit by its id, existing today or not."""
    return session.get(Unit, unit_id) if can_be_key(unit_id) else None


def headed_by(session: Session, account_id: int) -> Sequence[Unit]:
    """The units an account is named the head of."""
    return session.scalars(select(Unit).where(Unit.head_account_id == account_id)).all()


def every_name(session: Session) -> Sequence[Unit]:
    """Every unit there has been, by name, for lists to choose from."""
    return session.scalars(select(Unit).order_by(Unit.name, Unit.id)).all()


def listed(
    session: Session, day: date, *, words: str = "", kind: UnitKind | None = None, ended: bool
) -> Sequence[Unit]:
    """The units that exist on a day or will, or those that have ended, by kind and name.

    `words` are looked for in their names and codes, without regard to marks.
    """
    over = Unit.valid_to < day
    query = select(Unit).where(over if ended else or_(Unit.valid_to.is_(None), ~over))
    if kind is not None:
        query = query.where(Unit.kind == kind)
    wanted = fold(words).split()
    return [
        unit
        for unit in session.scalars(query.order_by(Unit.kind, Unit.name))
        if all(word in fold(f"{unit.name} {unit.short_name} {unit.code}") for word in wanted)
    ]


def units_on(session: Session, day: date) -> Sequence[Unit]:
    """The units that exist on a day, by kind and name."""
    return session.scalars(
        select(Unit)
        .where(Unit.valid_from <= day, or_(Unit.valid_to.is_(None), Unit.valid_to >= day))
        .order_by(Unit.kind, Unit.name)
    ).all()
