"""What can be reported, and what is promised for it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.storage.models import Category, CategoryGroup


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
