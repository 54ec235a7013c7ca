"""Units."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.storage.models import Unit


def by_code(session: Session, code: str) -> Unit | None:
    """A unit by its code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def units_on(session: Session, day: date) -> Sequence[Unit]:
    """The units that exist on a day, by kind and name."""
    return session.scalars(
        select(Unit)
        .where(Unit.valid_from <= day, or_(Unit.valid_to.is_(None), Unit.valid_to >= day))
        .order_by(Unit.kind, Unit.name)
    ).all()
