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


def every_category(session: Session) -> Sequence[Category]:
    """Every category there has been, in the order people see them."""
    return session.scalars(
        select(Category)
        .join(Category.group)
        .options(joinedload(Category.group))
        .order_by(CategoryGroup.position, CategoryGroup.id, Category.position, Category.id)
    ).all()


def category(session: Session, category_id: int) -> Category | None:
    """A category, open to reports or not, with its group."""
    if not can_be_key(category_id):
        return None
    return session.get(Category, category_id, options=[joinedload(Category.group)])


def by_code(session: Session, code: str) -> Category | None:
    """A category by its code."""
    return session.scalar(select(Category).where(Category.code == code))


def groups(session: Session) -> Sequence[CategoryGroup]:
    """The groups in their order."""
    return session.scalars(
        select(CategoryGroup).order_by(CategoryGroup.position, CategoryGroup.id)
    ).all()


def group(session: Session, group_id: int) -> CategoryGroup | None:
    """One group."""
    return session.get(CategoryGroup, group_id) if can_be_key(group_id) else None


def group_by_code(session: Session, code: str) -> CategoryGroup | None:
    """A group by its code."""
    return session.scalar(select(CategoryGroup).where(CategoryGroup.code == code))


def every_level(session: Session) -> Sequence[ServiceLevel]:
    """Every version of every service level, the versions of a level in their order."""
    return session.scalars(
        select(ServiceLevel).order_by(ServiceLevel.code, ServiceLevel.valid_from)
    ).all()


def level_versions(session: Session, code: str, *, lock: bool = False) -> Sequence[ServiceLevel]:
    """The versions of one service level in their order; `lock` keeps them to this transaction."""
    query = select(ServiceLevel).where(ServiceLevel.code == code).order_by(ServiceLevel.valid_from)
    return session.scalars(query.with_for_update() if lock else query).all()
