"""The two tables of a report's life, whole: every step that is possible, and no other.

The expectations are typed in from the rule book, not derived from the code: for each step, who may
take it and what it takes.
"""

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM, Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.permissions import may_see_case, parties_of, require_dispatcher
from feedback.domain.states import ActorKind, AssignmentState, ReportState, Role
from feedback.domain.transitions import (
    ASSIGNMENT_TRANSITIONS,
    REPORT_TRANSITIONS,
    Need,
    Party,
    check_assignment_step,
    check_report_step,
)

Expected = dict[tuple[str | None, str], dict[str, set[str]]]

AN_ANSWER = {"outcome", "text", "evidence", "promised_date", "checked_text"}

ASSIGNMENT_STEPS: Expected = {
    (None, "dispatched"): {"system": {"unit_exists"}, "dispatcher": {"unit_exists"}},
    ("dispatched", "in_progress"): {"unit": set()},
    ("in_progress", "waiting"): {"unit": {"question"}},
    ("waiting", "in_progress"): {"reporter": set(), "system": set()},
    ("in_progress", "answered"): {"unit": AN_ANSWER},
    ("waiting", "answered"): {"unit": AN_ANSWER},
    ("answered", "approved"): {"head": set(), "system": set()},
    ("answered", "in_progress"): {"head": {"reason"}},
    ("dispatched", "returned"): {"unit": {"reason"}},
    ("in_progress", "returned"): {"unit": {"reason"}},
    ("waiting", "returned"): {"unit": {"reason"}},
    ("dispatched", "transferred"): {"dispatcher": {"reason"}},
    ("in_progress", "transferred"): {"dispatcher": {"reason"}},
    ("waiting", "transferred"): {"dispatcher": {"reason"}},
    ("dispatched", "withdrawn"): {"dispatcher": {"reason"}, "system": set()},
    ("in_progress", "withdrawn"): {"dispatcher": {"reason"}, "system": set()},
    ("waiting", "withdrawn"): {"dispatcher": {"reason"}, "system": set()},
    ("answered", "withdrawn"): {"system": set()},
    ("approved", "withdrawn"): {"system": set()},
}

BY_ITSELF: dict[str, set[str]] = {"system": set()}
END_OF_A_LEAD: Expected = {
    (state, target): {"system": {need}}
    for state in ("dispatched", "in_progress", "waiting", "answered")
    for target, need in (("closed", "all_approved"), ("received", "none_live"))
}
REPORT_STEPS: Expected = {
    **END_OF_A_LEAD,
    (None, "received"): {"reporter": {"place", "content"}, "dispatcher": {"place", "content"}},
    ("received", "rejected"): {"dispatcher": {"reason_code", "text"}},
    ("rejected", "received"): {"dispatcher": {"reason"}},
    ("received", "duplicate"): {"dispatcher": {"root"}},
    ("dispatched", "duplicate"): {"dispatcher": {"root"}},
    ("in_progress", "duplicate"): {"dispatcher": {"root"}},
    ("waiting", "duplicate"): {"dispatcher": {"root"}},
    ("answered", "duplicate"): {"dispatcher": {"root"}},
    ("duplicate", "received"): {"dispatcher": set(), "system": set()},
    ("received", "withdrawn"): {"reporter": set()},
    ("dispatched", "withdrawn"): {"reporter": set()},
    ("in_progress", "withdrawn"): {"reporter": set()},
    ("waiting", "withdrawn"): {"reporter": set()},
    ("answered", "withdrawn"): {"reporter": set()},
    ("closed", "dispatched"): {"reporter": {"reason"}, "dispatcher": {"reason"}},
    # What an unfinished report shows: its lead's state, whichever that becomes.
    ("received", "dispatched"): BY_ITSELF,
    ("received", "in_progress"): BY_ITSELF,
    ("received", "waiting"): BY_ITSELF,
    ("received", "answered"): BY_ITSELF,
    ("dispatched", "in_progress"): BY_ITSELF,
    ("dispatched", "waiting"): BY_ITSELF,
    ("dispatched", "answered"): BY_ITSELF,
    ("in_progress", "dispatched"): BY_ITSELF,
    ("in_progress", "waiting"): BY_ITSELF,
    ("in_progress", "answered"): BY_ITSELF,
    ("waiting", "dispatched"): BY_ITSELF,
    ("waiting", "in_progress"): BY_ITSELF,
    ("waiting", "answered"): BY_ITSELF,
    ("answered", "dispatched"): BY_ITSELF,
    ("answered", "in_progress"): BY_ITSELF,
    ("answered", "waiting"): BY_ITSELF,
}


def _pairs(states: type[AssignmentState] | type[ReportState]) -> list[tuple[str | None, str]]:
    return [(source, target) for source in (None, *states) for target in states]


@pytest.mark.parametrize(("source", "target"), _pairs(AssignmentState))
def test_every_step_of_an_assignment(
    source: AssignmentState | None, target: AssignmentState
) -> None:
    steps = ASSIGNMENT_STEPS.get((source, target), {})
    for party in Party:
        _check_step(check_assignment_step, source, target, party, steps)


@pytest.mark.parametrize(("source", "target"), _pairs(ReportState))
def test_every_step_of_a_report(source: ReportState | None, target: ReportState) -> None:
    steps = REPORT_STEPS.get((source, target), {})
    for party in Party:
        _check_step(check_report_step, source, target, party, steps)


def _check_step(check, source, target, party: Party, steps: dict[str, set[str]]) -> None:  # type: ignore[no-untyped-def]
    """One cell of a table: impossible, not this party's, or possible with just its needs."""
    everything = set(Need)
    if not steps:
        with pytest.raises(Conflict) as conflict:
            check(source, target, {party}, everything)
        assert conflict.value.code == "step_not_possible"
        return
    if party not in steps:
        with pytest.raises(NotAllowed):
            check(source, target, {party}, everything)
        return
    needs = {Need(name) for name in steps[party]}
    check(source, target, {party}, needs)
    for need in needs:
        with pytest.raises(Invalid) as invalid:
            check(source, target, {party}, everything - {need})
        assert invalid.value.fields == {need.value: "required"}
    if needs:
        with pytest.raises(Invalid) as invalid:
            check(source, target, {party}, set())
        assert set(invalid.value.fields) == steps[party]


def test_the_tables_hold_each_step_of_each_party_once() -> None:
    for table, expected in (
        (ASSIGNMENT_TRANSITIONS, ASSIGNMENT_STEPS),
        (REPORT_TRANSITIONS, REPORT_STEPS),
    ):
        rows = [
            (row.source, row.target, party, row.needs) for row in table for party in row.parties
        ]
        typed = [
            (source, target, party, frozenset(needs))
            for (source, target), parties in expected.items()
            for party, needs in parties.items()
        ]
        assert len(rows) == len(set(rows))
        assert set(rows) == set(typed)


def test_nobody_in_particular_may_do_nothing() -> None:
    with pytest.raises(NotAllowed):
        check_assignment_step(AssignmentState.DISPATCHED, AssignmentState.IN_PROGRESS, set())


def test_a_head_has_the_rights_of_the_unit_as_well() -> None:
    both = {Party.UNIT, Party.HEAD}
    check_assignment_step(AssignmentState.ANSWERED, AssignmentState.APPROVED, both)
    check_assignment_step(AssignmentState.DISPATCHED, AssignmentState.IN_PROGRESS, both)


OWN, FOREIGN = 7, 8


def _staff(role: Role, unit_id: int | None = None) -> Actor:
    return Actor(ActorKind.STAFF, account_id=1, role=role, unit_id=unit_id)


@pytest.mark.parametrize(
    ("actor", "of_the_report", "at_own_unit", "at_a_foreign_unit"),
    [
        (CITIZEN, {"reporter"}, {"reporter"}, {"reporter"}),
        (SYSTEM, {"system"}, {"system"}, {"system"}),
        (_staff(Role.HANDLER, OWN), set(), {"unit"}, set()),
        (_staff(Role.HEAD, OWN), set(), {"unit", "head"}, set()),
        (_staff(Role.DISPATCHER), {"dispatcher"}, {"dispatcher"}, {"dispatcher"}),
        (_staff(Role.DISPATCHER, OWN), {"dispatcher"}, {"dispatcher"}, {"dispatcher"}),
        (_staff(Role.SUPERVISOR), set(), set(), set()),
        (_staff(Role.SUPERVISOR, OWN), set(), set(), set()),
        (_staff(Role.ADMINISTRATOR), set(), set(), set()),
        (_staff(Role.ADMINISTRATOR, OWN), set(), set(), set()),
        (_staff(Role.HANDLER), set(), set(), set()),
        (_staff(Role.HEAD), set(), set(), set()),
        (Actor(ActorKind.STAFF), set(), set(), set()),
    ],
)
def test_who_an_actor_is_to_a_report(
    actor: Actor, of_the_report: set[str], at_own_unit: set[str], at_a_foreign_unit: set[str]
) -> None:
    assert parties_of(actor) == of_the_report
    assert parties_of(actor, OWN) == at_own_unit
    assert parties_of(actor, FOREIGN) == at_a_foreign_unit


@pytest.mark.parametrize(
    ("actor", "own", "foreign"),
    [
        (_staff(Role.HANDLER, OWN), True, False),
        (_staff(Role.HEAD, OWN), True, False),
        (_staff(Role.HANDLER), False, False),
        (_staff(Role.DISPATCHER), True, True),
        (_staff(Role.SUPERVISOR), True, True),
        (_staff(Role.ADMINISTRATOR, OWN), False, False),
        (CITIZEN, False, False),
        (SYSTEM, False, False),
    ],
)
def test_who_may_open_a_case(actor: Actor, own: bool, foreign: bool) -> None:
    assert may_see_case(actor, frozenset({OWN})) is own
    assert may_see_case(actor, frozenset({FOREIGN})) is foreign
    assert may_see_case(actor, frozenset()) is (actor.role in {Role.DISPATCHER, Role.SUPERVISOR})


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DISPATCHER}))
def test_only_a_dispatcher_is_a_dispatcher(role: Role) -> None:
    require_dispatcher(_staff(Role.DISPATCHER))
    for actor in (_staff(role, OWN), CITIZEN, SYSTEM):
        with pytest.raises(NotAllowed):
            require_dispatcher(actor)
