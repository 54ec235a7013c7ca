"""Where a report goes by rule, and what the public may see of it once it is there."""

from feedback.domain.actors import SYSTEM
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.routing import RoutingRule as Rule
from feedback.domain.routing import choose_rule
from feedback.domain.states import Visibility, VisibilityPolicy
from feedback.domain.text import private_traces
from feedback.operations.lifecycle import Life
from feedback.storage.models import Category, RoutingRule, Unit
from feedback.storage.queries import categories, routing


def route(life: Life) -> bool:
    """Dispatch a report by the most specific rule; False when none applies.

    A report whose category is not known is never routed: nobody has promised anything for it yet.
    """
    report = life.report
    if report.category is None:
        return False
    today = life.calendar.local_day(life.now)
    rules = routing.candidates(life.session, report.category, report.area_id)
    chosen = choose_rule(
        [_plain(rule) for rule in rules],
        category_id=report.category.id,
        category_group_id=report.category.group_id,
        area_id=report.area_id,
        on=today,
        unit_exists=lambda unit_id, on: any(
            rule.unit_id == unit_id and rule.unit.exists_on(on) for rule in rules
        ),
    )
    if chosen is None:
        return False
    rule = next(rule for rule in rules if rule.id == chosen.id)
    send_to(life, rule.unit, report.category, rule=rule)
    return True


def send_to(life: Life, unit: Unit, category: Category, *, rule: RoutingRule | None = None) -> None:
    """Assign a report to a unit, by a rule or by the actor's own choice.

    Raises Invalid naming `unit_id` when the unit does not exist today.
    """
    today = life.calendar.local_day(life.now)
    if not unit.exists_on(today):
        raise Invalid({"unit_id": "unit_not_in_force"})
    level = categories.level_in_force(life.session, category.service_level_code, today)
    if rule is None:
        life.assign(unit, level)
    else:
        life.record(
            HistoryKind.ROUTED,
            unit_id=unit.id,
            data={
                "rule_id": rule.id,
                "category_id": rule.category_id,
                "category_group_id": rule.category_group_id,
                "area_id": rule.area_id,
            },
            by=SYSTEM,
        )
        life.assign(unit, level, rule_id=rule.id, by=SYSTEM)
    publish_by_policy(life, category)


def publish_by_policy(life: Life, category: Category) -> None:
    """Decide what the public sees of a report at its dispatch, by its category's policy."""
    report = life.report
    if category.visibility_policy is VisibilityPolicy.NEVER:
        set_visibility(life, Visibility.PRIVATE)  # also what another category had made public
        return
    if report.visibility is not Visibility.PENDING:
        return
    telling = private_traces(report.text) or private_traces(report.address_text)
    if category.visibility_policy is VisibilityPolicy.AUTO and not telling:
        set_visibility(life, Visibility.PUBLIC)


def set_visibility(life: Life, visibility: Visibility) -> None:
    """Show a report to the public, or stop showing it."""
    if life.report.visibility is visibility:
        return
    life.report.visibility = visibility
    life.record(HistoryKind.VISIBILITY_CHANGED, data={"visibility": visibility.value}, by=SYSTEM)


def _plain(rule: RoutingRule) -> Rule:
    return Rule(
        id=rule.id,
        number=rule.id,
        category_id=rule.category_id,
        category_group_id=rule.category_group_id,
        area_id=rule.area_id,
        unit_id=rule.unit_id,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
    )
