"""A dispatcher refuses a report that does not belong here, and names the right door."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import RejectionReason, ReportState, Visibility
from feedback.domain.text import normalise
from feedback.domain.transitions import Need
from feedback.operations.city import City
from feedback.operations.duplicates import hand_on, lock_with_duplicates
from feedback.operations.lifecycle import Life
from feedback.operations.routing import set_visibility
from feedback.operations.transaction import transaction

MAX_REJECTION = 2_000


def reject_report(
    report_id: int,
    *,
    reason: RejectionReason | None,
    text: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Refuse a received report with a reason and a text for the citizen; it becomes private.

    The oldest report that repeats it takes its place: what its own reporter says may be in order.
    Raises NotFound, NotAllowed, Conflict, and Invalid naming `reason_code` or `text`.
    """
    text = normalise(text)
    if len(text) > MAX_REJECTION:
        raise Invalid({"text": "too_long"})
    given = {need for need, value in ((Need.REASON_CODE, reason), (Need.TEXT, text)) if value}
    with transaction(city) as session:
        repeated = lock_with_duplicates(session, report_id)
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        life.move_report(
            ReportState.REJECTED,
            HistoryKind.REJECTED,
            given=given,
            note=text,
            public=True,
            data={"reason_code": reason.value if reason else ""},
        )
        life.report.rejection_text = text
        set_visibility(life, Visibility.PRIVATE)
        life.settle()
        hand_on(session, repeated, city, now)
