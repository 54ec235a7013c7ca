"""Where a report goes by rule, and what the public may see of it once it is there."""

import structlog

from feedback.domain.actors import SYSTEM
from feedback.domain.calendar import NoWorkingTime
from feedback.domain.deadlines import original_due
from feedback.domain.directory import CategoryFacts
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.routing import RoutingRule
from feedback.domain.states import Visibility, VisibilityPolicy
from feedback.domain.text import private_traces
from feedback.operations.lifecycle import Life

log = structlog.get_logger(__name__)


def route(life: Life) -> bool:
    """Dispatch a report by the most specific rule; False when it is left to the dispatcher.

    That is a report that no rule speaks of, one whose category is not known, and one that no
    deadline can be named for, because its service level or the calendar is not set up.
    """
    directory = life.reference.directory
    category = directory.category(life.report.category_id)
    if category is None:
        return False
    rule = directory.rule_for(category, life.report.area_id, life.today)
    if rule is None or not _has_deadline(life, category):
        return False
    send_to(life, rule.unit_id, category, rule=rule)
    return True


def send_to(
    life: Life, unit_id: int, category: CategoryFacts, *, rule: RoutingRule | None = None
) -> None:
    """Assign a report to a unit, by a rule or by the actor's own choice.

    Raises Invalid naming `unit_id` when the unit does not exist today, Conflict or NoWorkingTime
    when no deadline can be named.
    """
    directory = life.reference.directory
    if not directory.unit_exists(unit_id, life.today):
        raise Invalid({"unit_id": "unit_not_in_force"})
    level = directory.level_in_force(category.service_level_code, life.today)
    if rule is None:
        life.assign(unit_id, level)
    else:
        life.record(
            HistoryKind.ROUTED,
            unit_id=unit_id,
            data={
                "rule_id": rule.id,
                "category_id": rule.category_id,
                "category_group_id": rule.category_group_id,
                "area_id": rule.area_id,
            },
            by=SYSTEM,
        )
        life.assign(unit_id, level, rule_id=rule.id, by=SYSTEM)
    publish_by_policy(life, category)


def publish_by_policy(life: Life, category: CategoryFacts) -> None:
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


def _has_deadline(life: Life, category: CategoryFacts) -> bool:
    try:
        level = life.reference.directory.level_in_force(category.service_level_code, life.today)
        original_due(level.terms, life.calendar, life.now)
    except (Conflict, NoWorkingTime) as missing:
        log.error("report_left_unrouted", why=missing.code, category_id=category.id)
        return False
    return True
