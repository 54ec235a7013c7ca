"""A unit is dissolved, another takes over, and the rules that named it move on."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction
from feedback.domain.validity import in_force
from feedback.operations.city import City
from feedback.operations.save_rule import add_rule, end_on, remove_rule
from feedback.operations.save_unit import UNITS
from feedback.operations.transaction import transaction
from feedback.storage.database import take_turn
from feedback.storage.models import RoutingRule, Unit
from feedback.storage.queries import rules

ONE_DAY = timedelta(days=1)


def dissolve_unit(
    unit_id: int,
    last_day: date | None,
    successor_id: int | None,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Let a unit exist for the last time on a day, and name who takes over, if anybody.

    Its open cases stay where they are until a dispatcher moves them; a reopened report goes to the
    successor. Raises NotAllowed, NotFound, Conflict, and Invalid naming `last_day` or
    `successor_id`.
    """
    require_administrator(actor)
    if last_day is None:
        raise Invalid({"last_day": "required"})
    with transaction(city) as session:
        unit = UNITS.locked(session, unit_id, seen=seen)
        if last_day < unit.valid_from:
            raise Invalid({"last_day": "before_start"})
        if successor_id is not None:
            _check_successor(session, unit, successor_id, last_day + ONE_DAY)
        action = ChangeAction.DISSOLVED
        with UNITS.changing(session, unit, by=actor, now=now, action=action, note=note):
            unit.valid_to, unit.successor_id = last_day, successor_id


def move_rules(unit_id: int, *, actor: Actor, city: City, now: datetime, note: str = "") -> int:
    """Let the successor of a dissolved unit take over its routing rules; returns how many.

    Each rule ends with the unit and goes on as a new one of the successor, from the day after, or
    from today where that has passed. Where another rule
    says the same already, the old one only ends. Raises NotAllowed, NotFound, and Conflict when
    nobody succeeds.
    """
    require_administrator(actor)
    with transaction(city) as session:
        take_turn(session, "routing rules")
        unit = UNITS.locked(session, unit_id, seen=None)
        successor = session.get(Unit, unit.successor_id) if unit.successor_id else None
        if unit.valid_to is None or successor is None:
            raise Conflict("no_successor")
        today = now.astimezone(city.zone).date()
        moved = rules.outliving_unit(session, unit, today)
        for rule in moved:
            first = max(unit.valid_to + ONE_DAY, today, rule.valid_from)
            goes_on = _says(rule, first)
            if rule.valid_from > unit.valid_to:  # it has never counted
                remove_rule(session, rule, actor=actor, now=now, note=note)
            else:
                end_on(session, rule, unit.valid_to, actor=actor, now=now, note=note)
            if not rules.alike(session, **goes_on):
                new = {**goes_on, "unit_id": successor.id, "note": note or rule.note}
                add_rule(session, new, actor=actor, now=now)
        return len(moved)


def _check_successor(session: Session, unit: Unit, successor_id: int, first_day: date) -> None:
    """Refuse a successor that does not exist then, or that the unit itself once succeeded."""
    successor = session.get(Unit, successor_id)
    if successor is None or not in_force(successor.valid_from, successor.valid_to, first_day):
        raise Invalid({"successor_id": "successor_not_in_force"})
    seen: set[int] = set()
    following: Unit | None = successor
    while following is not None and following.id not in seen:
        if following.id == unit.id:
            raise Invalid({"successor_id": "successor_in_a_circle"})
        seen.add(following.id)
        next_id = following.successor_id
        following = session.get(Unit, next_id) if next_id else None


def _says(rule: RoutingRule, first: date) -> dict[str, Any]:
    return {
        "category_id": rule.category_id,
        "category_group_id": rule.category_group_id,
        "area_id": rule.area_id,
        "valid_from": first,
        "valid_to": rule.valid_to,
    }
