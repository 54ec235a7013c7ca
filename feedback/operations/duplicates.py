"""What becomes of a report's duplicates when it changes itself.

Whoever sent a duplicate must never wait for a report that nobody handles: when a root is refused or
withdrawn, its oldest duplicate takes its place and the others follow that one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM
from feedback.domain.errors import Conflict
from feedback.domain.histories import HistoryKind
from feedback.domain.states import ReportState
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.storage.queries import histories, reports

ROOT_GONE, ROOT_OF_ITS_OWN = "root_gone", "root_of_its_own"


def lock_with_duplicates(
    session: Session, report_id: int, *, more: Sequence[int] = ()
) -> list[int]:
    """Lock a report, what repeats it and `more`; gives the ids of the duplicates, oldest first.

    All are locked in the order of their ids, so that no two dispatchers wait for each other. Raises
    Conflict("changed_meanwhile") when one more duplicate came or left while this waited.
    """
    repeated = list(reports.ids_of_duplicates(session, report_id))
    for locked_id in sorted({report_id, *more, *repeated}):
        reports.for_change(session, locked_id)
    if list(reports.ids_of_duplicates(session, report_id)) != repeated:
        raise Conflict("changed_meanwhile", changes=[])
    return repeated


def hand_on(session: Session, repeated: Sequence[int], city: City, now: datetime) -> None:
    """Let the oldest of these duplicates, whose root is gone, be a report of its own again, and
    the others repeat that one. What was anonymised stays as it is: nobody could handle it.
    """
    lives = [Life.open(session, city, one, SYSTEM, now) for one in repeated]
    waiting = [life for life in lives if life.report.anonymised_at is None]
    if not waiting:
        return
    oldest, *others = waiting
    stand_alone(oldest, why=ROOT_GONE)
    oldest.settle()
    for life in others:
        move_root(life, oldest.report.id, why=ROOT_GONE)


def stand_alone(life: Life, *, why: str = "") -> None:
    """Make a duplicate a report of its own again, received and with no unit; the caller settles."""
    data = {"root_id": life.report.root_id, **({"why": why} if why else {})}
    life.move_report(ReportState.RECEIVED, HistoryKind.DUPLICATE_UNDONE, public=True, data=data)
    life.report.root_id = None


def move_root(life: Life, root_id: int, *, why: str = "") -> None:
    """Point a duplicate at another root. Without `why` its root has become a duplicate itself."""
    life.report.root_id = root_id
    data = {"root_id": root_id, **({"why": why} if why else {})}
    life.record(HistoryKind.ROOT_MOVED, public=True, data=data)
    life.settle()


def came_with(session: Session, report_id: int, root_id: int) -> list[int]:
    """The duplicates of a root that repeat it only because one of its duplicates, which they
    repeated before, was found to repeat it: they go where that one goes.
    """
    others = [one for one in reports.ids_of_duplicates(session, root_id) if one != report_id]
    lineages: dict[int, list[int]] = {one: [] for one in others}
    for entry in histories.of_roots(session, others):
        if entry.kind is HistoryKind.MARKED_DUPLICATE or entry.data.get("why"):
            lineages[entry.report_id] = []
        lineages[entry.report_id].append(entry.data["root_id"])
    return [one for one, roots in lineages.items() if report_id in roots]
