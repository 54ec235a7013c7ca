"""A dispatcher decides what the public sees of a report."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.permissions import require_dispatcher
from feedback.domain.states import ReportState, Visibility, VisibilityPolicy
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean
from feedback.operations.routing import set_visibility
from feedback.operations.transaction import transaction

ALWAYS_PRIVATE = frozenset({ReportState.REJECTED, ReportState.WITHDRAWN})


def decide_visibility(
    report_id: int,
    *,
    visibility: Visibility | None,
    reason: str = "",
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Release a report to the public, hold it for a later look, or keep it private.

    Keeping something from the public takes a reason, which stands in the history; no later dispatch
    overrules the decision, unless to a category that is never public. Raises NotFound, NotAllowed,
    Conflict when the report is refused or withdrawn (always private), it is so already or it has
    changed since `version`, Invalid naming `visibility` or `reason`.
    """
    require_dispatcher(actor)
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        if life.report.state in ALWAYS_PRIVATE:
            raise Conflict("stays_private")
        if visibility is None:
            raise Invalid({"visibility": "required"})
        category = life.reference.directory.category(life.report.category_id)
        never = category is not None and category.visibility_policy is VisibilityPolicy.NEVER
        if never and visibility is not Visibility.PRIVATE:
            raise Invalid({"visibility": "never_public"})
        if visibility is life.report.visibility:
            raise Conflict("visible_so_already")
        if visibility is not Visibility.PUBLIC and not reason:
            raise Invalid({"reason": "required"})
        set_visibility(life, visibility, by=actor, note=reason)
        life.settle()
