"""Steps that no use case takes yet, on cases that began on a Monday at nine."""

from datetime import UTC, datetime, timedelta
from typing import Any

from feedback.domain.actors import CITIZEN, Actor
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    ReportState,
)
from feedback.domain.transitions import Need
from tests.factories import (
    Case,
    create_case,
    the_city,
)
from tests.operations.lives import Town, load, steps

A, R = AssignmentState, ReportState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)  # seven working days after the Monday, 17:00
KIND_OF = {
    A.WAITING: HistoryKind.QUESTION_ASKED,
    A.RETURNED: HistoryKind.RETURNED,
    A.TRANSFERRED: HistoryKind.TRANSFERRED,
    A.WITHDRAWN: HistoryKind.ASSIGNMENT_WITHDRAWN,
}


def at(days: int, hour: int, minute: int = 0) -> datetime:
    """A local time of the city, some days after the Monday on which everything begins."""
    return datetime(2026, 3, 2, hour, minute, tzinfo=the_city().zone) + timedelta(days=days)


def step(
    case: Case, target: AssignmentState, actor: Actor, now: datetime, place: int = 0, **how: Any
) -> None:
    """Move one assignment (by its place) with everything the step needs."""
    kind = how.pop("kind", None) or KIND_OF.get(target, HistoryKind.QUESTION_ANSWERED)
    with steps(case.report_id, actor, now) as life:
        life.move(life.report.assignments[place], target, kind, given=set(Need), **how)


def ask(case: Case, town: Town, now: datetime) -> None:
    """The unit asks the citizen."""
    step(case, A.WAITING, town.as_handler, now)


def reply(case: Case, now: datetime, actor: Actor = CITIZEN) -> None:
    """The citizen answers."""
    step(case, A.IN_PROGRESS, actor, now)


def working(town: Town, **more: Any) -> Case:
    """A case the handler took on Monday at nine."""
    return create_case(town.unit, handler=town.handler, category=town.category, **more)


def due_of(case: Case) -> datetime:
    """The due moment, which report, round and live assignments have to agree about."""
    report = load(case.report_id)
    current = report.rounds[-1]
    live = [a for a in report.assignments if a.round_id == current.id and not a.ended_at]
    assert {report.due, current.due, *(assignment.due for assignment in live)} == {current.due}
    assert current.original_due == DUE
    return current.due
