"""Routing rules as the choice needs them."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.storage.models import Category, RoutingRule


def candidates(session: Session, category: Category, area_id: int | None) -> Sequence[RoutingRule]:
    """The rules that could apply to a category in an area, with their units."""
    return session.scalars(
        select(RoutingRule)
        .options(joinedload(RoutingRule.unit))
        .where(
            or_(RoutingRule.category_id.is_(None), RoutingRule.category_id == category.id),
            or_(
                RoutingRule.category_group_id.is_(None),
                RoutingRule.category_group_id == category.group_id,
            ),
            or_(RoutingRule.area_id.is_(None), RoutingRule.area_id == area_id),
        )
    ).all()
