"""Routing rules are made and ended; a rule that has routed reports is never rewritten."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.operations.city import City
from feedback.operations.reference_changes import expect_seen, record_change
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.database import take_turn
from feedback.storage.models import Area, Category, CategoryGroup, RoutingRule, Unit
from feedback.storage.queries import rules

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a form says of a rule. `replaces`: rules that say the same end the day before."""

    category_id: int | None
    category_group_id: int | None
    area_id: int | None
    unit_id: int | None
    valid_from: date | None
    valid_to: date | None
    replaces: bool = False
    note: str = ""


def create_rule(draft: RuleDraft, *, actor: Actor, city: City, now: datetime) -> int:
    """Make a rule and return its id, the number people call it by.

    Two rules in force on one day for the same category and area would leave it to their dates who
    wins, so the second is refused unless it replaces the first. Raises NotAllowed, and Invalid
    naming each field that cannot be; `rule_overlaps` with the other rules' ids in `rules`.
    """
    require_administrator(actor)
    columns = _columns(draft)
    with transaction(city) as session:
        take_turn(session, "routing rules")  # two alike could not see each other otherwise
        _check_references(session, columns)
        _make_room(session, columns, draft.replaces, actor=actor, now=now)
        return add_rule(session, columns, actor=actor, now=now)


def end_rule(
    rule_id: int,
    last_day: date | None,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Let a rule count for the last time on a day, or on (without a day); `seen` as elsewhere.

    The days it has counted on already stay. Raises NotAllowed, NotFound, Conflict, and Invalid
    naming `last_day`.
    """
    require_administrator(actor)
    with transaction(city) as session:
        take_turn(session, "routing rules")
        rule = session.get(RoutingRule, rule_id, with_for_update=True, populate_existing=True)
        if rule is None:
            raise NotFound("rule_not_found")
        expect_seen(session, ReferenceKind.ROUTING_RULE, rule_id, seen)
        today = now.astimezone(city.zone).date()
        has_counted = rule.valid_from <= today
        if (
            last_day is not None
            and has_counted
            and last_day < max(rule.valid_from, today - ONE_DAY)
        ):
            raise Invalid({"last_day": "ends_in_the_past"})
        if last_day is not None and last_day < rule.valid_from:
            remove_rule(session, rule, actor=actor, now=now, note=note)
            return
        if rule.valid_to is not None and rule.valid_to < today - ONE_DAY:
            raise Conflict("rule_has_ended")
        goes_on = {**_key(rule), "valid_from": rule.valid_from, "valid_to": last_day}
        if any(other.id != rule.id for other in rules.alike(session, **goes_on)):
            raise Invalid({"last_day": "rule_overlaps"})
        end_on(session, rule, last_day, actor=actor, now=now, note=note)


def add_rule(session: Session, columns: dict[str, Any], *, actor: Actor, now: datetime) -> int:
    """Store a checked rule in the caller's transaction and write it down."""
    rule = RoutingRule(**columns)
    session.add(rule)
    session.flush()
    record_change(
        session,
        ReferenceKind.ROUTING_RULE,
        rule.id,
        rule_name(session, rule),
        before={},
        after=rule_facts(session, rule),
        by=actor,
        now=now,
        action=ChangeAction.CREATED,
        note=rule.note,
    )
    return rule.id


def end_on(
    session: Session,
    rule: RoutingRule,
    last_day: date | None,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> None:
    """Set a rule's last day in the caller's transaction and write it down."""
    before = rule_facts(session, rule)
    rule.valid_to = last_day
    session.flush()
    record_change(
        session,
        ReferenceKind.ROUTING_RULE,
        rule.id,
        rule_name(session, rule),
        before=before,
        after=rule_facts(session, rule),
        by=actor,
        now=now,
        action=ChangeAction.ENDED if last_day else ChangeAction.CHANGED,
        note=note,
    )


def rule_facts(session: Session, rule: RoutingRule) -> dict[str, Any]:
    """A rule as its history tells it."""
    category = session.get(Category, rule.category_id) if rule.category_id else None
    group = session.get(CategoryGroup, rule.category_group_id) if rule.category_group_id else None
    area = session.get(Area, rule.area_id) if rule.area_id else None
    unit = session.get_one(Unit, rule.unit_id)
    return {
        "category": category.name_vi if category else None,
        "group": group.name_vi if group else None,
        "area": area.full_name if area else None,
        "unit": unit.name,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
    }


def rule_name(session: Session, rule: RoutingRule) -> str:
    """What a rule is called in lists: its number and its unit."""
    return f"{rule.id} → {session.get_one(Unit, rule.unit_id).short_name}"


def _columns(draft: RuleDraft) -> dict[str, Any]:
    fields = Fields()
    fields.period(draft.valid_from, draft.valid_to)
    if draft.category_id is not None and draft.category_group_id is not None:
        fields.refuse("category_group_id", "category_or_group")
    columns = {
        "category_id": draft.category_id,
        "category_group_id": draft.category_group_id,
        "area_id": draft.area_id,
        "unit_id": fields.needed("unit_id", draft.unit_id),
        "valid_from": fields.needed("valid_from", draft.valid_from),
        "valid_to": draft.valid_to,
        "note": fields.line("note", draft.note, 400, needed=False),
    }
    fields.raise_all()
    return columns


def _check_references(session: Session, columns: dict[str, Any]) -> None:
    problems = {
        field: code
        for field, model, code in (
            ("category_id", Category, "unknown_category"),
            ("category_group_id", CategoryGroup, "unknown_group"),
            ("area_id", Area, "unknown_area"),
        )
        if columns[field] is not None and session.get(model, columns[field]) is None
    }
    unit = session.get(Unit, columns["unit_id"])
    if unit is None:
        problems["unit_id"] = "unknown_unit"
    elif unit.valid_to is not None and unit.valid_to < columns["valid_from"]:
        problems["unit_id"] = "unit_not_in_force"
    if problems:
        raise Invalid(problems)


def _make_room(
    session: Session, columns: dict[str, Any], replaces: bool, *, actor: Actor, now: datetime
) -> None:
    """Refuse a rule that says what others say on the same days, or end those the day before."""
    first, last = columns["valid_from"], columns["valid_to"]
    others = rules.alike(session, **_key(columns), valid_from=first, valid_to=last)
    later = [rule for rule in others if rule.valid_from >= first]
    if others and (later or not replaces):
        raise Invalid(
            {"valid_from": "rule_overlaps_later" if later else "rule_overlaps"},
            rules=[rule.id for rule in others],
        )
    for rule in others:
        end_on(session, rule, first - ONE_DAY, actor=actor, now=now, note=columns["note"])


def remove_rule(
    session: Session, rule: RoutingRule, *, actor: Actor, now: datetime, note: str
) -> None:
    """Take back a rule that has never counted, in the caller's transaction."""
    before, name, rule_id = rule_facts(session, rule), rule_name(session, rule), rule.id
    session.delete(rule)
    session.flush()
    record_change(
        session,
        ReferenceKind.ROUTING_RULE,
        rule_id,
        name,
        before=before,
        after={},
        by=actor,
        now=now,
        action=ChangeAction.REMOVED,
        note=note,
    )


def _key(rule: RoutingRule | dict[str, Any]) -> dict[str, Any]:
    names = ("category_id", "category_group_id", "area_id")
    if isinstance(rule, dict):
        return {name: rule[name] for name in names}
    return {name: getattr(rule, name) for name in names}
