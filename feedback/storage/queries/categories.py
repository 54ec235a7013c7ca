"""What can be reported, and what is promised for it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.storage.models import Category, CategoryGroup, ServiceLevel
from feedback.storage.types import can_be_key


def categories_on(session: Session, day: date) -> Sequence[Category]:
    """The categories open to reports on a day, in the order people see them."""
    return session.scalars(
        select(Category)
        .join(Category.group)
        .options(joinedload(Category.group))
        .where(
            Category.valid_from <= day, or_(Category.valid_to.is_(None), Category.valid_to >= day)
        )
        .order_by(CategoryGroup.position, Category.position, Category.id)
    ).all()


def category_on(session: Session, category_id: int, day: date) -> Category | None:
    """One category, if it is open to reports on a day."""
    if not can_be_key(category_id):
        return None
    return session.scalar(
        select(Category).where(
            Category.id == category_id,
            Category.valid_from <= day,
            or_(Category.valid_to.is_(None), Category.valid_to >= day),
        )
    )


def level_in_force(session: Session, code: str, day: date) -> ServiceLevel:
    """The version of a service level in force on a day.

    Raises NoResultFound when the level has none: a category must not name such a level.
    """
    return session.scalars(
        select(ServiceLevel)
        .where(ServiceLevel.code == code, ServiceLevel.valid_from <= day)
        .order_by(ServiceLevel.valid_from.desc())
        .limit(1)
    ).one()
