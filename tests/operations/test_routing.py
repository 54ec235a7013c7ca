"""Where a report goes by rule, why, and what the public sees of it there."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from feedback.domain.histories import HistoryKind
from feedback.domain.states import ActorKind, ReportState, Visibility, VisibilityPolicy
from feedback.operations.transaction import transaction
from feedback.storage.models import Category, RoutingRule, ServiceLevel, Unit
from tests.factories import (
    INSIDE,
    LONG_AGO,
    MONDAY,
    create_area,
    create_category,
    create_category_group,
    create_report,
    create_rule,
    create_unit,
    create_working_week,
    the_city,
)
from tests.operations.lives import Town, entry_of, history_of, kinds_of, load

pytestmark = pytest.mark.usefixtures("app_context")


def change_rule(rule: RoutingRule, **values: Any) -> None:
    """Set columns of a rule that is stored already."""
    with transaction(the_city()) as session:
        for name, value in values.items():
            setattr(session.get_one(RoutingRule, rule.id), name, value)


def unit_of(category: Category, **place: Any) -> int | None:
    """The unit a new report of a category is routed to."""
    receipt = create_report(category=category, **(place or {"place": INSIDE}))
    return load(receipt.report_id).unit_id


def test_the_most_specific_rule_wins_and_the_history_says_why() -> None:
    create_working_week()
    area, group = create_area(), create_category_group()
    category = create_category(group=group)
    conditions: list[dict[str, Any]] = [
        {},
        {"area": area},
        {"group": group},
        {"group": group, "area": area},
        {"category": category},
        {"category": category, "area": area},
    ]
    for condition in conditions:
        unit = create_unit(f"Đơn vị {len(condition)}")
        rule = create_rule(unit, **condition)

        receipt = create_report(category=category, place=INSIDE)

        assert load(receipt.report_id).unit_id == unit.id
        why = entry_of(receipt.report_id, HistoryKind.ROUTED)
        assert (why.actor_kind, why.unit_id) == (ActorKind.SYSTEM, unit.id)
        assert why.data == {
            "rule_id": rule.id,
            "category_id": rule.category_id,
            "category_group_id": rule.category_group_id,
            "area_id": rule.area_id,
        }
        assert load(receipt.report_id).assignments[0].rule_id == rule.id


def test_rules_of_another_ward_category_or_group_do_not_apply() -> None:
    create_working_week()
    create_area()
    elsewhere = create_area("Thuận Hóa", corners=(107.7, 16.4, 107.8, 16.5))
    category, other = create_category(), create_category("Cây xanh")
    unit = create_unit()
    create_rule(unit, category=category, area=elsewhere)
    create_rule(unit, category=other)
    with transaction(the_city()) as session:
        group_id = session.get_one(Category, other.id).group_id
        session.add(RoutingRule(category_group_id=group_id, unit_id=unit.id, valid_from=LONG_AGO))
    assert unit_of(category) is None
    assert unit_of(category, address_text="12 Lê Lợi") is None
    assert unit_of(category, area_id=elsewhere.id) == unit.id
    assert unit_of(create_category("Đèn")) is None


def test_rules_and_units_count_on_their_first_and_last_day_only() -> None:
    create_working_week()
    create_area()
    category, fallback = create_category(), create_unit("Trung tâm")
    create_rule(fallback)
    monday = date(2026, 3, 2)
    day = timedelta(days=1)
    for valid_from, valid_to, counts in (
        (monday, monday, True),
        (monday - day, None, True),
        (LONG_AGO, monday - day, False),
        (monday + day, None, False),
    ):
        unit = create_unit()
        rule = create_rule(unit, category=category)
        change_rule(rule, valid_from=valid_from, valid_to=valid_to)
        assert unit_of(category) == (unit.id if counts else fallback.id)
        change_rule(rule, valid_to=LONG_AGO, valid_from=LONG_AGO)

        dated = create_unit(valid_from=valid_from, valid_to=valid_to)
        rule = create_rule(dated, category=category)
        assert unit_of(category) == (dated.id if counts else fallback.id)
        change_rule(rule, valid_to=LONG_AGO)


def test_no_rule_routes_a_report_without_a_category(town: Town) -> None:
    create_rule(town.unit)
    receipt = create_report(place=INSIDE)
    assert load(receipt.report_id).state is ReportState.RECEIVED
    assert kinds_of(receipt.report_id) == [HistoryKind.RECEIVED]


PRIVATE = "Gọi 0905 123 456"


@pytest.mark.parametrize(
    ("policy", "fields", "seen"),
    [
        (VisibilityPolicy.AUTO, {}, Visibility.PUBLIC),
        (VisibilityPolicy.AUTO, {"text": PRIVATE}, Visibility.PENDING),
        (VisibilityPolicy.AUTO, {"address_text": PRIVATE}, Visibility.PENDING),
        (VisibilityPolicy.REVIEW, {}, Visibility.PENDING),
        (VisibilityPolicy.NEVER, {}, Visibility.PRIVATE),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_public_sees_is_decided_at_dispatch(
    policy: VisibilityPolicy, fields: dict[str, Any], seen: Visibility
) -> None:
    create_working_week()
    create_area()
    category = create_category(visibility_policy=policy)
    waiting = create_report(category=category, place=INSIDE, **fields)
    assert load(waiting.report_id).visibility is Visibility.PENDING

    create_rule(create_unit(), category=category)
    routed = create_report(category=category, place=INSIDE, **fields)
    assert load(routed.report_id).visibility is seen
    changes = [
        entry.data["visibility"]
        for entry in history_of(routed.report_id)
        if entry.kind is HistoryKind.VISIBILITY_CHANGED
    ]
    assert changes == ([seen.value] if seen is not Visibility.PENDING else [])


def test_a_unit_that_ends_today_still_gets_todays_reports() -> None:
    create_working_week()
    create_area()
    category = create_category()
    unit = create_unit(valid_to=date(2026, 3, 2))
    create_rule(unit, category=category)
    late = MONDAY.replace(hour=16, minute=59)  # 23:59 in the city
    assert load(create_report(category=category, place=INSIDE, now=late).report_id).unit_id
    after = late + timedelta(minutes=1)
    assert not load(create_report(category=category, place=INSIDE, now=after).report_id).unit_id
    with transaction(the_city()) as session:
        session.get_one(Unit, unit.id).valid_to = None
    assert load(create_report(category=category, place=INSIDE, now=after).report_id).unit_id


def test_a_new_rule_counts_from_the_very_next_report() -> None:
    create_working_week()
    category = create_category()
    assert unit_of(category, address_text="Chợ Đông Ba") is None
    rule = create_rule(create_unit(), category=category)
    assert unit_of(category, address_text="Chợ Đông Ba") == rule.unit_id
    other = create_unit()
    change_rule(rule, unit_id=other.id)
    assert unit_of(category, address_text="Chợ Đông Ba") == other.id


def test_a_report_no_deadline_can_be_named_for_is_accepted_and_left_to_the_dispatcher() -> None:
    category = create_category()
    create_rule(create_unit(), category=category)  # in a city whose calendar is still empty
    receipt = create_report(category=category)
    assert receipt.due is None
    assert load(receipt.report_id).state is ReportState.RECEIVED
    assert kinds_of(receipt.report_id) == [HistoryKind.RECEIVED]


def test_a_category_without_a_level_in_force_is_left_to_the_dispatcher() -> None:
    create_working_week()
    category = create_category()
    create_rule(create_unit(), category=category)
    with transaction(the_city()) as session:
        session.execute(update(ServiceLevel).values(valid_from=MONDAY.date() + timedelta(days=1)))
    receipt = create_report(category=category)
    assert receipt.due is None
    assert kinds_of(receipt.report_id) == [HistoryKind.RECEIVED]
