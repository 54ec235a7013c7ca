"""Who works a case: a handler takes it, or the head names one."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState, ReportState, Role
from feedback.domain.transitions import Need
from feedback.operations.name_handler import name_handler
from feedback.operations.take_case import take_case
from feedback.operations.transaction import transaction
from feedback.storage.models import Account
from tests.factories import (
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_answered_case,
    create_case,
    create_category,
    create_closed_report,
    create_unit,
    the_city,
)
from tests.operations.lives import (
    Town,
    assignment_of,
    at_once,
    entry_of,
    kinds_of,
    load,
    steps,
)

LATER = MONDAY + timedelta(hours=1)


def take(case: Case, **how: Any) -> None:
    """Take a case an hour after it came."""
    given: dict[str, Any] = {"version": None, "now": LATER, **how}
    take_case(case.report_id, case.assignment_id, city=the_city(), **given)


def name(case: Case, **how: Any) -> None:
    """Name a handler an hour after the case came."""
    given: dict[str, Any] = {"version": None, "now": LATER, **how}
    name_handler(case.report_id, case.assignment_id, city=the_city(), **given)


def test_taking_a_case_accepts_it(town: Town) -> None:
    case = create_case(town.unit)
    take(case, actor=town.as_handler, version=load(case.report_id).version)
    assignment = assignment_of(case.report_id)
    assert assignment.state is AssignmentState.IN_PROGRESS
    assert (assignment.handler_id, assignment.accepted_at) == (town.handler.id, LATER)
    assert assignment.version == 2
    assert load(case.report_id).state is ReportState.IN_PROGRESS
    entry = entry_of(case.report_id, HistoryKind.ACCEPTED)
    assert (entry.from_state, entry.to_state) == ("dispatched", "in_progress")
    assert (entry.account_id, entry.unit_id) == (town.handler.id, town.unit.id)
    assert entry.assignment_id == case.assignment_id


def test_a_case_that_somebody_has_is_not_taken_from_them(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler)
    colleague = actor_of(create_account(Role.HANDLER, town.unit))
    for actor in (colleague, town.as_head):
        with pytest.raises(Conflict) as conflict:
            take(case, actor=actor)
        assert conflict.value.code == "has_a_handler"
    assert assignment_of(case.report_id).handler_id == town.handler.id


def test_taking_or_naming_again_changes_nothing(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler)
    before = load(case.report_id).version, kinds_of(case.report_id)
    take(case, actor=town.as_handler)
    name(case, actor=town.as_head, handler_id=town.handler.id)
    assert (load(case.report_id).version, kinds_of(case.report_id)) == before


def test_two_who_take_a_case_at_the_same_moment_do_not_both_get_it(town: Town) -> None:
    colleague = create_account(Role.HANDLER, town.unit)
    for version in (None, 1, None, 1):
        case = create_case(town.unit)
        seen = version and load(case.report_id).version
        results = at_once(
            partial(take, case, actor=town.as_handler, version=seen),
            partial(take, case, actor=actor_of(colleague), version=seen),
        )
        assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
        winner = (town.handler, colleague)[results.index(None)]
        assert assignment_of(case.report_id).handler_id == winner.id
        assert kinds_of(case.report_id).count(HistoryKind.ACCEPTED) == 1


def test_people_of_other_units_and_others_cannot_take_or_name(town: Town) -> None:
    case = create_case(town.unit)
    other = create_unit()
    strangers = [
        actor_of(create_account(role, unit))
        for role, unit in (
            (Role.HANDLER, other),
            (Role.HEAD, other),
            (Role.DISPATCHER, None),
            (Role.SUPERVISOR, None),
            (Role.ADMINISTRATOR, None),
        )
    ]
    for actor in (*strangers, CITIZEN, SYSTEM):
        with pytest.raises(NotAllowed):
            take(case, actor=actor)
        with pytest.raises(NotAllowed):
            name(case, actor=actor, handler_id=town.handler.id)
    with pytest.raises(NotAllowed):
        name(case, actor=town.as_handler, handler_id=town.handler.id)
    assert assignment_of(case.report_id).state is AssignmentState.DISPATCHED


def test_a_head_names_a_handler_and_later_another(town: Town) -> None:
    case = create_case(town.unit)
    colleague = create_account(Role.HANDLER, town.unit)
    name(case, actor=town.as_head, handler_id=town.handler.id)
    assert assignment_of(case.report_id).accepted_at == LATER
    name(case, actor=town.as_head, handler_id=colleague.id, now=LATER + timedelta(hours=1))

    assignment = assignment_of(case.report_id)
    assert (assignment.handler_id, assignment.accepted_at) == (colleague.id, LATER)
    assert kinds_of(case.report_id)[-3:] == [
        HistoryKind.HANDLER_NAMED,
        HistoryKind.ACCEPTED,
        HistoryKind.HANDLER_NAMED,
    ]
    assert entry_of(case.report_id, HistoryKind.HANDLER_NAMED).data == {"account_id": colleague.id}


def test_only_somebody_who_works_in_the_unit_can_be_named(town: Town) -> None:
    case = create_case(town.unit)
    left = create_account(Role.HANDLER, town.unit)
    with transaction(the_city()) as session:
        session.get_one(Account, left.id).active = False
    others = [
        left.id,
        create_account(Role.HANDLER, create_unit()).id,
        create_account(Role.SUPERVISOR, town.unit).id,
        town.dispatcher.id,
        999_999,
        10**30,
    ]
    for handler_id in others:
        with pytest.raises(Invalid) as invalid:
            name(case, actor=town.as_head, handler_id=handler_id)
        assert invalid.value.fields == {"handler_id": "not_in_this_unit"}
    assert assignment_of(case.report_id).handler_id is None


def test_a_case_that_is_over_has_no_new_handler(town: Town) -> None:
    returned = create_case(town.unit)
    with steps(returned.report_id, town.as_handler, LATER) as life:
        life.move(
            life.assignment(returned.assignment_id),
            AssignmentState.RETURNED,
            HistoryKind.RETURNED,
            given={Need.REASON},
        )
    approving = create_category(approval_needed=True)
    over = [
        returned,
        create_closed_report(town.unit, handler=town.handler),
        create_answered_case(town.unit, handler=town.handler, category=approving),
    ]
    for case in over:
        before = load(case.report_id).version
        with pytest.raises(Conflict) as conflict:
            take(case, actor=town.as_handler)
        assert conflict.value.code == "step_not_possible"
        with pytest.raises(Conflict):
            name(case, actor=town.as_head, handler_id=town.head.id)
        assert load(case.report_id).version == before


def test_a_case_is_found_under_its_own_report_only(town: Town) -> None:
    case, other = create_case(town.unit), create_case(town.unit)
    for report_id, assignment_id in (
        (case.report_id, other.assignment_id),
        (case.report_id, 10**30),
        (999_999, case.assignment_id),
    ):
        with pytest.raises(NotFound):
            take_case(
                report_id,
                assignment_id,
                version=None,
                actor=town.as_handler,
                city=the_city(),
                now=LATER,
            )
