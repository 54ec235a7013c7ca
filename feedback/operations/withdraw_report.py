"""A reporter takes an unfinished report back."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import ReportState, Visibility
from feedback.domain.text import normalise
from feedback.operations.city import City
from feedback.operations.duplicates import hand_on, lock_with_duplicates
from feedback.operations.lifecycle import Life
from feedback.operations.routing import set_visibility
from feedback.operations.transaction import transaction

MAX_WITHDRAWAL_REASON = 2_000


def withdraw_report(
    report_id: int,
    *,
    reason: str = "",
    version: int | None = None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """End a report at its reporter's wish, with every live assignment of it; it becomes private.

    The oldest report that repeats it takes its place. The caller has checked the secret link.
    Raises NotFound, NotAllowed, Conflict when the report is finished already, Invalid naming
    `reason` when that is too long.
    """
    reason = normalise(reason)
    if len(reason) > MAX_WITHDRAWAL_REASON:
        raise Invalid({"reason": "too_long"})
    with transaction(city) as session:
        repeated = lock_with_duplicates(session, report_id)
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        life.move_report(ReportState.WITHDRAWN, HistoryKind.WITHDRAWN, note=reason, public=True)
        set_visibility(life, Visibility.PRIVATE)
        life.settle()
        hand_on(session, repeated, city, now)
