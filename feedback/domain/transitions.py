"""The life of a report as two tables. Nothing else in the product changes a state.

A row says: from which states, to which state, who may do it, and what it requires. Requirements are
names; the use case gathers what it was given, and `check` says what is missing.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.states import AssignmentState, ReportState


class Party(StrEnum):
    """Who may make a step, as the actor stands to this report."""

    SYSTEM = "system"  # by itself: a routing rule, a limit used up, or another step brings it about
    REPORTER = "reporter"
    UNIT = "unit"  # a handler or the head of the unit that holds the assignment
    HEAD = "head"  # the head of that unit
    DISPATCHER = "dispatcher"


class Need(StrEnum):
    """What a step requires besides the right party."""

    UNIT_EXISTS = "unit_exists"
    QUESTION = "question"
    OUTCOME = "outcome"
    TEXT = "text"
    EVIDENCE = "evidence"  # for `fixed`, where the service level asks for it
    PROMISED_DATE = "promised_date"  # for `planned`
    CHECKED_TEXT = "checked_text"  # outgoing text looked through for private data
    REASON = "reason"
    REASON_CODE = "reason_code"
    CONTENT = "content"  # text or photo
    PLACE = "place"  # a point, an area or an address text
    ROOT = "root"  # the report this one repeats
    ALL_APPROVED = "all_approved"
    NONE_LIVE = "none_live"


State = TypeVar("State", ReportState, AssignmentState)


@dataclass(frozen=True, slots=True)
class Transition(Generic[State]):
    """One allowed step. `source` None is the beginning of a life."""

    source: State | None
    target: State
    parties: frozenset[Party]
    needs: frozenset[Need] = frozenset()


def _steps(
    sources: Iterable[State | None], target: State, by: Iterable[Party], needs: Iterable[Need] = ()
) -> tuple[Transition[State], ...]:
    return tuple(Transition(source, target, frozenset(by), frozenset(needs)) for source in sources)


_A, _R = AssignmentState, ReportState
_BEING_WORKED = (_A.DISPATCHED, _A.IN_PROGRESS, _A.WAITING)
_LEAD_STATES = (_R.DISPATCHED, _R.IN_PROGRESS, _R.WAITING, _R.ANSWERED)
_UNFINISHED = (_R.RECEIVED, *_LEAD_STATES)
_ANSWER_NEEDS = (
    Need.OUTCOME,
    Need.TEXT,
    Need.EVIDENCE,
    Need.PROMISED_DATE,
    Need.CHECKED_TEXT,
)

ASSIGNMENT_TRANSITIONS: tuple[Transition[AssignmentState], ...] = (
    *_steps([None], _A.DISPATCHED, [Party.SYSTEM, Party.DISPATCHER], [Need.UNIT_EXISTS]),
    *_steps([_A.DISPATCHED], _A.IN_PROGRESS, [Party.UNIT]),
    *_steps([_A.IN_PROGRESS], _A.WAITING, [Party.UNIT], [Need.QUESTION]),
    *_steps([_A.WAITING], _A.IN_PROGRESS, [Party.REPORTER, Party.SYSTEM]),
    *_steps([_A.IN_PROGRESS, _A.WAITING], _A.ANSWERED, [Party.UNIT], _ANSWER_NEEDS),
    *_steps([_A.ANSWERED], _A.APPROVED, [Party.HEAD, Party.SYSTEM]),
    *_steps([_A.ANSWERED], _A.IN_PROGRESS, [Party.HEAD], [Need.REASON]),
    *_steps(_BEING_WORKED, _A.RETURNED, [Party.UNIT], [Need.REASON]),
    *_steps(_BEING_WORKED, _A.TRANSFERRED, [Party.DISPATCHER], [Need.REASON]),
    *_steps(_BEING_WORKED, _A.WITHDRAWN, [Party.DISPATCHER], [Need.REASON]),
    # By itself when the report becomes a duplicate or is withdrawn. An approved answer ends too:
    # were it live still, a duplicate found to be none would close with an answer nobody was told.
    *_steps([*_BEING_WORKED, _A.ANSWERED, _A.APPROVED], _A.WITHDRAWN, [Party.SYSTEM]),
)

REPORT_TRANSITIONS: tuple[Transition[ReportState], ...] = (
    *_steps([None], _R.RECEIVED, [Party.REPORTER, Party.DISPATCHER], [Need.PLACE, Need.CONTENT]),
    *_steps([_R.RECEIVED], _R.REJECTED, [Party.DISPATCHER], [Need.REASON_CODE, Need.TEXT]),
    *_steps([_R.REJECTED], _R.RECEIVED, [Party.DISPATCHER], [Need.REASON]),
    *_steps(_UNFINISHED, _R.DUPLICATE, [Party.DISPATCHER], [Need.ROOT]),
    # By itself when the root is refused or withdrawn, and this is its oldest duplicate.
    *_steps([_R.DUPLICATE], _R.RECEIVED, [Party.DISPATCHER, Party.SYSTEM]),
    *_steps(_UNFINISHED, _R.WITHDRAWN, [Party.REPORTER]),
    *_steps(_LEAD_STATES, _R.CLOSED, [Party.SYSTEM], [Need.ALL_APPROVED]),
    *_steps(_LEAD_STATES, _R.RECEIVED, [Party.SYSTEM], [Need.NONE_LIVE]),
    *_steps([_R.CLOSED], _R.DISPATCHED, [Party.REPORTER, Party.DISPATCHER], [Need.REASON]),
    # An unfinished report shows its lead's state, whichever that becomes.
    *(
        step
        for target in _LEAD_STATES
        for step in _steps([s for s in _UNFINISHED if s != target], target, [Party.SYSTEM])
    ),
)


def check_assignment_step(
    source: AssignmentState | None,
    target: AssignmentState,
    parties: Set[Party],
    given: Set[Need] = frozenset(),
) -> None:
    """Refuse a step of an assignment that the table does not allow.

    Raises Conflict when no row leads from `source` to `target`, NotAllowed when none of the actor's
    `parties` may take it, and Invalid naming each requirement that is not in `given`.
    """
    _check(ASSIGNMENT_TRANSITIONS, source, target, parties, given)


def check_report_step(
    source: ReportState | None,
    target: ReportState,
    parties: Set[Party],
    given: Set[Need] = frozenset(),
) -> None:
    """Refuse a step of a report that the table does not allow; raises as for an assignment."""
    _check(REPORT_TRANSITIONS, source, target, parties, given)


def _check(
    table: Iterable[Transition[State]],
    source: State | None,
    target: State,
    parties: Set[Party],
    given: Set[Need],
) -> None:
    rows = [row for row in table if row.source == source and row.target == target]
    if not rows:
        raise Conflict("step_not_possible", source=source and source.value, target=target.value)
    allowed = [row for row in rows if row.parties & parties]
    if not allowed:
        raise NotAllowed("step_not_yours", target=target.value)
    missing = min((row.needs - given for row in allowed), key=len)
    if missing:
        raise Invalid({need.value: "required" for need in sorted(missing)})
