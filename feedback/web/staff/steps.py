"""Which steps a person may take on a case now. The operations decide again; this only offers."""

from dataclasses import dataclass

from feedback.domain.actors import Actor
from feedback.domain.permissions import parties_of
from feedback.domain.states import ENDED_ASSIGNMENT_STATES, AssignmentState, ReportState
from feedback.domain.transitions import ASSIGNMENT_TRANSITIONS, Party
from feedback.operations.keep_promise import has_open_promise
from feedback.operations.name_handler import NAMEABLE
from feedback.storage.models import Assignment, Report


@dataclass(frozen=True, slots=True)
class Steps:
    """What the page offers."""

    take: bool = False
    name_handler: bool = False
    answer: bool = False
    decide: bool = False
    triage: bool = False
    ask: bool = False
    give_back: bool = False
    propose: bool = False
    extend: bool = False
    note: bool = False
    keep_promise: bool = False


def own_assignment(report: Report, actor: Actor) -> Assignment | None:
    """The latest assignment of a report at the actor's unit."""
    own = [a for a in report.assignments if actor.unit_id and a.unit_id == actor.unit_id]
    return own[-1] if own else None


def steps_for(report: Report, actor: Actor) -> Steps:
    """The steps that `actor` may take on a report as it stands."""
    if Party.DISPATCHER in parties_of(actor):
        return Steps(triage=report.state is ReportState.RECEIVED, note=True)
    own = own_assignment(report, actor)
    if own is None:
        return Steps()
    if not is_live(own, report):
        kept_by = Party.UNIT in parties_of(actor, own.unit_id)
        return Steps(note=True, keep_promise=kept_by and has_open_promise(report, own))
    parties = parties_of(actor, own.unit_id)
    nameable = own.state in NAMEABLE
    return Steps(
        take=nameable and Party.UNIT in parties and own.handler_id is None,
        name_handler=nameable and Party.HEAD in parties,
        answer=_leads(own.state, AssignmentState.ANSWERED, parties),
        decide=_leads(own.state, AssignmentState.APPROVED, parties),
        ask=_leads(own.state, AssignmentState.WAITING, parties),
        give_back=_leads(own.state, AssignmentState.RETURNED, parties),
        propose=nameable and Party.UNIT in parties,
        extend=own.state is not AssignmentState.APPROVED and Party.HEAD in parties,
        note=True,
    )


def is_live(assignment: Assignment, report: Report) -> bool:
    """Whether a unit's part in a report is of the round under way, and has not ended."""
    current = report.rounds[-1]
    return (
        assignment.round_id == current.id
        and current.closed_at is None
        and assignment.state not in ENDED_ASSIGNMENT_STATES
    )


def _leads(source: AssignmentState, target: AssignmentState, parties: frozenset[Party]) -> bool:
    return any(
        step.source is source and step.target is target and step.parties & parties
        for step in ASSIGNMENT_TRANSITIONS
    )
