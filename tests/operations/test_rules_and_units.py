"""Routing rules made and ended, and units dissolved into others."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.states import ActorKind, Role
from feedback.operations.dissolve_unit import dissolve_unit, move_rules
from feedback.operations.save_rule import RuleDraft, create_rule, end_rule
from feedback.operations.transaction import reading
from feedback.storage.models import (
    ReferenceChange,
    Report,
    RoutingRule,
    Unit,
)
from feedback.storage.queries import reference_changes
from tests.factories import (
    INSIDE,
    MONDAY,
    create_area,
    create_report,
    create_unit,
    create_working_week,
    the_city,
)
from tests.factories import create_category as made_category
from tests.factories import create_rule as made_rule

pytestmark = pytest.mark.usefixtures("app_context")
TODAY = date(2026, 3, 2)


def by() -> dict[str, Any]:
    actor = Actor(ActorKind.STAFF, None, Role.ADMINISTRATOR)
    return {"actor": actor, "city": the_city(), "now": MONDAY}


def latest(kind: ReferenceKind, key: object) -> ReferenceChange:
    with reading() as session:
        return reference_changes.of_object(session, kind, str(key))[0]


def row(model: type[Any], key: int) -> Any:
    with reading() as session:
        found = session.get_one(model, key)
        session.expunge_all()
        return found


def rule_draft(unit: Unit, **changes: Any) -> RuleDraft:
    return replace(RuleDraft(None, None, None, unit.id, valid_from=TODAY, valid_to=None), **changes)


def test_a_new_rule_routes_the_next_report() -> None:
    create_working_week()
    unit, area = create_unit(), create_area()
    rule_id = create_rule(rule_draft(unit, area_id=area.id, note="Quyết định 5"), **by())
    receipt = create_report(category=made_category(), place=INSIDE, now=MONDAY)
    assert row(Report, receipt.report_id).unit_id == unit.id
    told = latest(ReferenceKind.ROUTING_RULE, rule_id)
    assert (told.after["area"], told.note) == (area.full_name, "Quyết định 5")


def test_two_rules_for_the_same_are_refused_unless_one_replaces_the_other() -> None:
    old, new = create_unit(), create_unit("Điện lực")
    category = made_category()
    first = made_rule(old, category=category)
    draft = rule_draft(new, category_id=category.id)
    with pytest.raises(Invalid) as refused:
        create_rule(draft, **by())
    assert refused.value.fields == {"valid_from": "rule_overlaps"}
    assert refused.value.params == {"rules": [first.id]}
    create_rule(rule_draft(new), **by())  # says less, so it is no contradiction
    second = create_rule(replace(draft, replaces=True), **by())
    assert row(RoutingRule, first.id).valid_to == TODAY - timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        end_rule(first.id, None, seen=None, **by())
    assert refused.value.fields == {"last_day": "rule_overlaps"}
    with pytest.raises(Invalid) as refused:
        earlier = replace(draft, valid_from=TODAY - timedelta(days=9), replaces=True)
        create_rule(earlier, **by())
    assert refused.value.fields == {"valid_from": "rule_overlaps_later"}
    assert row(RoutingRule, second).valid_to is None


def test_a_rule_ends_yesterday_at_the_earliest_and_a_future_one_is_taken_back() -> None:
    unit = create_unit()
    rule = made_rule(unit, category=made_category())
    with pytest.raises(Invalid) as refused:
        end_rule(rule.id, TODAY - timedelta(days=2), seen=0, **by())
    assert refused.value.fields == {"last_day": "ends_in_the_past"}
    end_rule(rule.id, TODAY - timedelta(days=1), seen=0, **by())
    future = create_rule(rule_draft(unit, valid_from=TODAY + timedelta(days=3)), **by())
    end_rule(future, TODAY, seen=None, **by())
    with reading() as session:
        assert session.get(RoutingRule, future) is None
    assert latest(ReferenceKind.ROUTING_RULE, future).action is ChangeAction.REMOVED


def test_the_rules_of_a_dissolved_unit_move_to_its_successor_in_one_step() -> None:
    old, new = create_unit(), create_unit("Ủy ban nhân dân phường mới")
    area, category = create_area(), made_category()
    first = made_rule(old, area=area)
    second = made_rule(old, category=category)
    last_day = TODAY + timedelta(days=10)
    dissolve_unit(old.id, last_day, new.id, seen=0, **by())
    assert latest(ReferenceKind.UNIT, old.id).action is ChangeAction.DISSOLVED
    assert move_rules(old.id, **by()) == 2
    with reading() as session:
        for rule in (first, second):
            assert session.get_one(RoutingRule, rule.id).valid_to == last_day
        following = session.query(RoutingRule).filter_by(unit_id=new.id).all()
        assert {(r.area_id, r.category_id) for r in following} == {
            (area.id, None),
            (None, category.id),
        }
        assert {r.valid_from for r in following} == {last_day + timedelta(days=1)}
    assert move_rules(old.id, **by()) == 0


def test_a_successor_exists_and_units_do_not_succeed_each_other_in_a_circle() -> None:
    first, second = create_unit(), create_unit("Đơn vị kế thừa")
    gone = create_unit("Đã giải thể", valid_to=TODAY)
    with pytest.raises(Invalid) as refused:
        dissolve_unit(first.id, TODAY, gone.id, seen=None, **by())
    assert refused.value.fields == {"successor_id": "successor_not_in_force"}
    dissolve_unit(first.id, TODAY + timedelta(days=30), second.id, seen=None, **by())
    with pytest.raises(Invalid) as refused:
        dissolve_unit(second.id, TODAY, first.id, seen=None, **by())
    assert refused.value.fields == {"successor_id": "successor_in_a_circle"}
    with pytest.raises(Conflict, match="no_successor"):
        move_rules(second.id, **by())
