"""Texts to reply with."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback.storage.models import ReplyTemplate
from feedback.storage.types import can_be_key


def of_scope(session: Session, unit_id: int | None) -> Sequence[ReplyTemplate]:
    """The texts of one unit, or those of the whole city (None), by name."""
    own = ReplyTemplate.unit_id.is_(None) if unit_id is None else ReplyTemplate.unit_id == unit_id
    return session.scalars(
        select(ReplyTemplate).where(own).order_by(ReplyTemplate.name, ReplyTemplate.id)
    ).all()


def usable_by(session: Session, unit_id: int) -> Sequence[ReplyTemplate]:
    """The texts a unit replies with: its own before the city's, by name."""
    return session.scalars(
        select(ReplyTemplate)
        .where(or_(ReplyTemplate.unit_id == unit_id, ReplyTemplate.unit_id.is_(None)))
        .order_by(ReplyTemplate.unit_id.is_(None), ReplyTemplate.name, ReplyTemplate.id)
    ).all()


def by_id(session: Session, template_id: int) -> ReplyTemplate | None:
    """One text, whoever's it is."""
    return session.get(ReplyTemplate, template_id) if can_be_key(template_id) else None
