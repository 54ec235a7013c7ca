"""A dispatcher looks once more at a report that was refused."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_dispatcher
from feedback.domain.states import ReportState, Visibility, VisibilityPolicy
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.reasons import clean, given_reason
from feedback.operations.routing import set_visibility
from feedback.operations.transaction import transaction
from feedback.storage.queries import histories


def lift_rejection(
    report_id: int,
    *,
    reason: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Take a rejection back: the report is received again, and no unit has it.

    The public sees it again when its category's policy says so at the next dispatch; what had been
    private before the rejection stays private. Raises NotFound, NotAllowed, Conflict when the
    report is not refused or has changed since `version`, Invalid naming `reason`.
    """
    require_dispatcher(actor)
    reason = clean(reason)
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        if life.report.state is not ReportState.REJECTED:
            raise Conflict("not_rejected")
        life.move_report(
            ReportState.RECEIVED,
            HistoryKind.REJECTION_LIFTED,
            given=given_reason(reason),
            note=reason,
            public=True,
        )
        life.report.asked_again_at = None
        category = life.reference.directory.category(life.report.category_id)
        never = category is not None and category.visibility_policy is VisibilityPolicy.NEVER
        if not never and _hid_it(life):
            set_visibility(life, Visibility.PENDING)
        life.settle()


def uphold_rejection(
    report_id: int,
    *,
    text: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Tell a reporter who asked for a second look that the report stays refused, and why.

    Raises NotFound, NotAllowed, Conflict when nobody has asked or the report has changed since
    `version`, Invalid naming `text`.
    """
    require_dispatcher(actor)
    text = clean(text, "text")
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        asked = life.report.asked_again_at
        if life.report.state is not ReportState.REJECTED or asked is None:
            raise Conflict("already_decided")
        if not text:
            raise Invalid({"text": "required"})
        life.report.asked_again_at = None
        life.record(HistoryKind.REJECTION_UPHELD, note=text, public=True)
        life.settle()


def _hid_it(life: Life) -> bool:
    """Whether it was the rejection that made the report private."""
    rejected = histories.of_kind(life.session, life.report.id, HistoryKind.REJECTED)[-1]
    changes = histories.of_kind(life.session, life.report.id, HistoryKind.VISIBILITY_CHANGED)
    return any(change.report_version == rejected.report_version for change in changes)
