"""Routing rules, as the administrator looks at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.storage.models import Area, RoutingRule, Unit
from feedback.storage.types import can_be_key


@dataclass(frozen=True, slots=True)
class WantedRules:
    """What narrows the list; None narrows nothing."""

    unit_id: int | None = None
    category_id: int | None = None
    category_group_id: int | None = None
    area_id: int | None = None


def by_id(session: Session, rule_id: int) -> RoutingRule | None:
    """One rule, in force or not."""
    return session.get(RoutingRule, rule_id) if can_be_key(rule_id) else None


def page(
    session: Session, wanted: WantedRules, day: date, *, ended: bool, after: int | None, limit: int
) -> Sequence[RoutingRule]:
    """The rules that count on a day or will, or those that have ended, by their number."""
    over = RoutingRule.valid_to < day
    query = select(RoutingRule).where(over if ended else or_(RoutingRule.valid_to.is_(None), ~over))
    for name in ("unit_id", "category_id", "category_group_id", "area_id"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(getattr(RoutingRule, name) == value)
    if after is not None:
        query = query.where(RoutingRule.id > after)
    return session.scalars(query.order_by(RoutingRule.id).limit(limit)).all()


def alike(
    session: Session,
    *,
    category_id: int | None,
    category_group_id: int | None,
    area_id: int | None,
    valid_from: date,
    valid_to: date | None,
) -> Sequence[RoutingRule]:
    """The rules that name the same category, group and area on at least one day of a period."""
    conditions = [
        _same(
            RoutingRule.category_id == category_id, RoutingRule.category_id.is_(None), category_id
        ),
        _same(
            RoutingRule.category_group_id == category_group_id,
            RoutingRule.category_group_id.is_(None),
            category_group_id,
        ),
        _same(RoutingRule.area_id == area_id, RoutingRule.area_id.is_(None), area_id),
        or_(RoutingRule.valid_to.is_(None), RoutingRule.valid_to >= valid_from),
    ]
    if valid_to is not None:
        conditions.append(RoutingRule.valid_from <= valid_to)
    return session.scalars(select(RoutingRule).where(*conditions).order_by(RoutingRule.id)).all()


def of_dissolved_units(session: Session, day: date) -> Sequence[RoutingRule]:
    """The rules that would still count on a day or later, after their unit's last day."""
    return session.scalars(
        select(RoutingRule)
        .join(RoutingRule.unit)
        .options(joinedload(RoutingRule.unit))
        .where(
            Unit.valid_to.is_not(None),
            or_(RoutingRule.valid_to.is_(None), RoutingRule.valid_to > Unit.valid_to),
            or_(RoutingRule.valid_to.is_(None), RoutingRule.valid_to >= day),
        )
        .order_by(RoutingRule.id)
    ).all()


def outliving_unit(session: Session, unit: Unit, day: date) -> Sequence[RoutingRule]:
    """The rules of one unit that would still count after its last day, and on a day or later."""
    if unit.valid_to is None:
        return []
    return [r for r in of_dissolved_units(session, day) if r.unit_id == unit.id]


def of_ended_areas(session: Session, day: date) -> Sequence[RoutingRule]:
    """The rules that would still count on a day or later and name an area that ended before."""
    return session.scalars(
        select(RoutingRule)
        .join(Area, Area.id == RoutingRule.area_id)
        .where(
            Area.valid_to < day,
            or_(RoutingRule.valid_to.is_(None), RoutingRule.valid_to >= day),
        )
        .order_by(RoutingRule.id)
    ).all()


def _same(
    equal: ColumnElement[bool], nothing: ColumnElement[bool], value: int | None
) -> ColumnElement[bool]:
    return nothing if value is None else equal
