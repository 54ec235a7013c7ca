"""Where a report goes by rule, and what the public may see of it once it is there."""

import structlog

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.calendar import NoWorkingTime
from feedback.domain.deadlines import original_due
from feedback.domain.directory import CategoryFacts
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.routing import RoutingRule
from feedback.domain.states import ActorKind, Visibility, VisibilityPolicy
from feedback.domain.text import private_traces
from feedback.operations.lifecycle import Life
from feedback.storage.models import Assignment
from feedback.storage.queries import histories

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


def join(life: Life, unit_id: int) -> Assignment:
    """Have one more unit work at a report whose round is under way.

    Raises Invalid naming `unit_id` when the unit does not exist today, Conflict when the unit works
    on it already or no round is open.
    """
    directory, current = life.reference.directory, life.open_round
    if not directory.unit_exists(directory.unit(unit_id).id, life.today):
        raise Invalid({"unit_id": "unit_not_in_force"})
    if current is None:
        raise Conflict("step_not_possible", source=life.report.state.value)
    return life.assign(unit_id, directory.level(current.service_level_id))


def publish_by_policy(life: Life, category: CategoryFacts) -> None:
    """Decide what the public sees of a report at its dispatch, by its category's policy."""
    report = life.report
    if category.visibility_policy is VisibilityPolicy.NEVER:
        set_visibility(life, Visibility.PRIVATE)  # also what another category had made public
        return
    if report.visibility is not Visibility.PENDING or _held_by_hand(life):
        return
    telling = private_traces(report.text) or private_traces(report.address_text)
    if category.visibility_policy is VisibilityPolicy.AUTO and not telling:
        set_visibility(life, Visibility.PUBLIC)


def set_visibility(
    life: Life, visibility: Visibility, *, by: Actor = SYSTEM, note: str = ""
) -> None:
    """Show a report to the public, or stop showing it."""
    if life.report.visibility is visibility:
        return
    life.report.visibility = visibility
    life.record(
        HistoryKind.VISIBILITY_CHANGED, note=note, data={"visibility": visibility.value}, by=by
    )


def _held_by_hand(life: Life) -> bool:
    """Whether a dispatcher has decided what the public sees; no rule overrules a person."""
    if life.report.id is None:
        return False
    changes = histories.of_kind(life.session, life.report.id, HistoryKind.VISIBILITY_CHANGED)
    return bool(changes) and changes[-1].actor_kind is ActorKind.STAFF


def _has_deadline(life: Life, category: CategoryFacts) -> bool:
    try:
        level = life.reference.directory.level_in_force(category.service_level_code, life.today)
        original_due(level.terms, life.calendar, life.now)
    except (Conflict, NoWorkingTime) as missing:
        log.error("report_left_unrouted", why=missing.code, category_id=category.id)
        return False
    return True
