"""What the store knows of working time."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.storage.models import CalendarBlock, CalendarDay


def blocks(session: Session) -> Sequence[CalendarBlock]:
    """The weekly working hours."""
    return session.scalars(select(CalendarBlock)).all()


def days(session: Session) -> Sequence[CalendarDay]:
    """Every day that differs from its weekday."""
    return session.scalars(select(CalendarDay)).all()
