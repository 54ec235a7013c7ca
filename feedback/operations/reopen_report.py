"""A closed report is taken up again: a new round at the unit that led, or at its successor."""

from datetime import datetime, time, timedelta

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of
from feedback.domain.states import ReportState
from feedback.domain.text import normalise
from feedback.domain.transitions import Need, Party
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction
from feedback.storage.models import Round

REOPENING_PERIOD = timedelta(days=30)
MAX_REASON = 2_000


def reopen_report(
    report_id: int,
    *,
    reason: str,
    version: int | None = None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Open a new round for a closed report; the old rating stays in the history.

    The reporter may do so within 30 days of the close, or of the promised date if that is later.
    Raises NotFound, NotAllowed, Conflict when it is not closed or the time is over, Invalid naming
    `reason`.
    """
    reason = normalise(reason)
    if len(reason) > MAX_REASON:
        raise Invalid({"reason": "too_long"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        closed = life.round
        if closed is None or life.report.state is not ReportState.CLOSED:
            raise Conflict("not_closed")
        if Party.REPORTER in parties_of(actor) and now > reopening_ends(closed, city):
            raise Conflict("reopening_over")
        life.move_report(
            ReportState.DISPATCHED,
            HistoryKind.REOPENED,
            given={Need.REASON} if reason else set(),
            note=reason,
            public=True,
        )
        directory = life.reference.directory
        category = directory.category(life.report.category_id)
        code = (category or directory.level(closed.service_level_id)).service_level_code
        level = directory.level_in_force(code, life.today)
        life.assign(directory.successor_in_force(closed.unit_id, life.today), level, by=SYSTEM)
        life.settle()


def reopening_ends(closed: Round, city: City) -> datetime:
    """Until when the reporter may have a closed round taken up again."""
    if closed.closed_at is None:
        raise Conflict("not_closed")
    ends = closed.closed_at + REOPENING_PERIOD
    if closed.promised_on is None:
        return ends
    promised = datetime.combine(closed.promised_on, time.max, tzinfo=city.zone)
    return max(ends, promised + REOPENING_PERIOD)
