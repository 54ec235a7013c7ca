"""A dispatcher finds that a report repeats another one, or that it does not after all."""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.codes import parse_code
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import require_dispatcher
from feedback.domain.states import ReportState
from feedback.domain.transitions import Need
from feedback.operations.city import City
from feedback.operations.duplicates import (
    ROOT_OF_ITS_OWN,
    came_with,
    lock_with_duplicates,
    move_root,
    stand_alone,
)
from feedback.operations.lifecycle import Life
from feedback.operations.transaction import transaction
from feedback.storage.models import Report
from feedback.storage.queries import reports

NO_ROOTS = frozenset({ReportState.REJECTED, ReportState.WITHDRAWN})


def mark_duplicate(
    report_id: int,
    *,
    root_code: str,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Say that a report repeats the one with this code, which its reporter follows from now on.

    A duplicate's own root is taken in its place, and what repeated this report repeats the root
    too. Every unit's part in it ends. Raises NotFound, NotAllowed, Conflict when the report is
    finished or has changed since `version`, Invalid naming `root_code`.
    """
    require_dispatcher(actor)
    with transaction(city) as session:
        root, repeated = _locked(session, report_id, root_code)
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        life.report.root_id = root.id
        life.move_report(
            ReportState.DUPLICATE,
            HistoryKind.MARKED_DUPLICATE,
            given={Need.ROOT},
            public=True,
            data={"root_id": root.id},
        )
        life.settle()
        for duplicate_id in repeated:
            move_root(Life.open(session, city, duplicate_id, SYSTEM, now), root.id)


def undo_duplicate(
    report_id: int, *, version: int | None, actor: Actor, city: City, now: datetime
) -> None:
    """Make a duplicate a report of its own again: received, and with no unit.

    What repeated it before it was found to repeat another one repeats it again. Raises NotFound,
    NotAllowed, Conflict when it is none or has changed since `version`.
    """
    require_dispatcher(actor)
    with transaction(city) as session:
        root_id, came = _family(session, report_id)
        for locked_id in sorted({report_id, *came}):
            reports.for_change(session, locked_id)
        life = Life.open(session, city, report_id, actor, now)
        life.expect_version(version)
        if life.report.state is not ReportState.DUPLICATE:
            raise Conflict("step_not_possible", source=life.report.state.value)
        if _family(session, report_id) != (root_id, came):
            raise Conflict("changed_meanwhile", changes=[])
        stand_alone(life)
        life.settle()
        for duplicate_id in came:
            moved = Life.open(session, city, duplicate_id, SYSTEM, now)
            move_root(moved, report_id, why=ROOT_OF_ITS_OWN)


def _family(session: Session, report_id: int) -> tuple[int | None, list[int]]:
    """What a report repeats, and what repeats the same because of it."""
    report = session.get(Report, report_id)
    root_id = report.root_id if report else None
    return root_id, came_with(session, report_id, root_id) if root_id else []


def _locked(session: Session, report_id: int, root_code: str) -> tuple[Report, list[int]]:
    """The root of the report with this code, and what repeats the report, all of them locked.

    Two dispatchers may mark two reports as each other's duplicates at the same moment: locked in
    the order of their ids, one of them is told.
    """
    code = parse_code(root_code)
    if not root_code.strip():
        raise Invalid({"root_code": "required"})
    named = reports.by_code(session, code) if code else None
    if named is None:
        raise Invalid({"root_code": "unknown_report"})
    root_id = named.root_id or named.id
    if report_id in {root_id, named.id}:
        raise Invalid({"root_code": "repeats_itself"})
    repeated = lock_with_duplicates(session, report_id, more=[root_id])
    root = reports.for_change(session, root_id)
    if root is None or root.state is ReportState.DUPLICATE:
        raise Conflict("changed_meanwhile", changes=[])
    if root.state in NO_ROOTS:
        raise Invalid({"root_code": "root_gone"})
    return root, repeated
