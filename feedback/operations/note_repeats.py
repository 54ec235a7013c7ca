"""A matter that was closed is reported again: the close is told of it.

Repeat = a report of the same category, within a configured distance and number of days of a close.
It is written in the history of the closed report, so that its figures follow from history alone,
whatever becomes of the new report later.
"""

from collections.abc import Sequence
from datetime import datetime

from feedback.domain.actors import SYSTEM
from feedback.domain.geography import distance_metres
from feedback.domain.histories import HistoryKind
from feedback.domain.states import ReportState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import reading, transaction
from feedback.storage.queries import histories, repeats
from feedback.storage.queries.repeats import Pair


def note_repeats(
    report_ids: Sequence[int], *, city: City, now: datetime, claim: Claim | None = None
) -> int:
    """Note at each close which of these reports repeats it; returns how many were noted.

    Doing it again notes nothing twice. Raises WorkAlreadyDone when the claim is not held any more;
    what was noted by then stays so.
    """
    with reading() as session:
        found = repeats.possible(
            session, report_ids, metres=city.repeat_metres, period=city.repeat_period
        )
    noted = sum(_note(pair, city, now) for pair in found if _repeats(pair, city))
    with transaction(city) as session:
        complete(session, claim, now)
    return noted


def _repeats(pair: Pair, city: City) -> bool:
    soon = pair.received_at - pair.closed_at <= city.repeat_period
    return soon and distance_metres(pair.point, pair.closed_point) <= city.repeat_metres


def _note(pair: Pair, city: City, now: datetime) -> bool:
    with transaction(city) as session:
        life = Life.open(session, city, pair.closed_id, SYSTEM, now)
        closed = life.round
        if closed is None or life.report.state is not ReportState.CLOSED:
            return False  # reopened since: the new round will have a close of its own
        known = histories.of_kind(session, pair.closed_id, HistoryKind.REPEATED)
        if any(entry.data["report_id"] == pair.report_id for entry in known):
            return False
        life.record(
            HistoryKind.REPEATED,
            data={
                "number": closed.number,
                "report_id": pair.report_id,
                "metres": round(distance_metres(pair.point, pair.closed_point)),
            },
        )
        life.settle()
        return True
