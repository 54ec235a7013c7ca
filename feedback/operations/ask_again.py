"""A reporter asks the operations centre to look once more at a report it refused."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import ReportState
from feedback.domain.text import normalise
from feedback.domain.transitions import Party
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction
from feedback.storage.models import HistoryEntry
from feedback.storage.queries import histories

ASKING_PERIOD = timedelta(days=30)
MAX_ASKING_REASON = 2_000


def ask_again(report_id: int, *, reason: str, actor: Actor, city: City, now: datetime) -> None:
    """Put a refused report before the dispatchers once more; its state stays until they decide.

    Once after each refusal, within 30 days of it. The caller has checked the secret link. Raises
    NotFound, NotAllowed, Conflict when the report is not refused, the time is over or it was asked
    before, Invalid naming `reason`.
    """
    reason = normalise(reason)
    if len(reason) > MAX_ASKING_REASON:
        raise Invalid({"reason": "too_long"})
    if Party.REPORTER not in parties_of(actor):
        raise NotAllowed("step_not_yours")
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        if life.report.state is not ReportState.REJECTED:
            raise Conflict("not_rejected")
        until = asking_until(histories.of_report(session, report_id))
        if until is None:
            raise Conflict("asked_before")
        if now > until:
            raise Conflict("asking_over")
        if not reason:
            raise Invalid({"reason": "why_again"})
        life.report.asked_again_at = now
        life.record(HistoryKind.ASKED_AGAIN, note=reason, public=True)
        life.settle()


def asking_until(history: Sequence[HistoryEntry]) -> datetime | None:
    """Until when the reporter of a refused report may ask again; None once they have.

    `history` is the report's, oldest first.
    """
    for entry in reversed(history):
        if entry.kind is HistoryKind.ASKED_AGAIN:
            return None
        if entry.kind is HistoryKind.REJECTED:
            return entry.at + ASKING_PERIOD
    return None
