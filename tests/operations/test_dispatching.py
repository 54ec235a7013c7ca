"""What a dispatcher does with a report beyond sending it on: several units, and what came back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState, ReportState
from feedback.domain.transitions import Need
from feedback.operations.add_unit import add_unit
from feedback.operations.decide_return import accept_return, send_back_return
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.name_lead import name_lead
from feedback.operations.transfer_case import transfer_case
from feedback.operations.withdraw_assignment import withdraw_assignment
from feedback.storage.models import Assignment, Report, Unit
from tests.factories import MONDAY, Case, create_report, create_unit, the_city
from tests.operations.by_hand import HOUR, ask, step, working
from tests.operations.lives import Town, entry_of, footprint, kinds_of, load

A, R = AssignmentState, ReportState
LATER = MONDAY + timedelta(hours=3)


def decide(
    use_case: Callable[..., None], case: Case, town: Town, *given: Any, **more: Any
) -> Report:
    """Have the dispatcher decide, three hours later; gives the report as it is then."""
    how = {"version": None, "actor": town.as_dispatcher, "now": LATER, **more}
    use_case(case.report_id, *given, **how, city=the_city())
    return load(case.report_id)


def live(report: Report) -> list[Assignment]:
    """The assignments that have not ended."""
    return [a for a in report.assignments if a.ended_at is None]


@pytest.fixture
def second() -> Unit:
    """Another unit."""
    return create_unit("Điện lực")


@pytest.fixture
def third() -> Unit:
    """And another one."""
    return create_unit("Cấp nước")


def give_back(case: Case, town: Town, place: int = 0) -> None:
    """The unit returns its part."""
    step(case, A.RETURNED, town.as_handler, MONDAY + HOUR, place, note="Không thuộc thẩm quyền")


# Several units at once


def test_a_report_goes_to_several_units_at_once_and_the_first_leads(
    town: Town, second: Unit, third: Unit
) -> None:
    receipt = create_report()
    dispatch_report(
        receipt.report_id,
        unit_id=town.unit.id,
        other_unit_ids=[second.id, third.id, second.id, town.unit.id],
        category_id=town.category.id,
        note="Phối hợp trong tuần này",
        version=1,
        actor=town.as_dispatcher,
        city=the_city(),
        now=LATER,
    )
    report = load(receipt.report_id)
    assert [a.unit_id for a in report.assignments] == [town.unit.id, second.id, third.id]
    assert report.lead_assignment_id == report.assignments[0].id
    assert (report.version, len(report.rounds), len({a.due for a in report.assignments})) == (
        2,
        1,
        1,
    )
    note = entry_of(receipt.report_id, HistoryKind.NOTE)
    assert (note.note, note.public) == ("Phối hợp trong tuần này", False)


def test_a_unit_that_cannot_be_among_several_is_named_at_its_field(town: Town) -> None:
    report_id = create_report().report_id
    before = footprint()
    for others, problem in (([999_999], "unknown_unit"), (range(1, 20), "too_many_units")):
        with pytest.raises(Invalid) as invalid:
            dispatch_report(
                report_id,
                unit_id=town.unit.id,
                other_unit_ids=list(others),
                category_id=town.category.id,
                version=1,
                actor=town.as_dispatcher,
                city=the_city(),
                now=LATER,
            )
        assert invalid.value.fields == {"other_unit_ids": problem}
    assert footprint() == before


def test_a_unit_is_added_later_and_keeps_the_deadline(town: Town, second: Unit) -> None:
    case = working(town)
    report = decide(add_unit, case, town, unit_id=second.id, note="Kiểm tra giúp cột đèn")
    assert [a.unit_id for a in live(report)] == [town.unit.id, second.id]
    assert report.unit_id == town.unit.id
    assert report.assignments[1].due == report.rounds[0].due
    with pytest.raises(Conflict) as conflict:
        decide(add_unit, case, town, unit_id=second.id)
    assert conflict.value.code == "unit_has_it"


def test_a_unit_is_added_only_where_one_works_already(town: Town, second: Unit) -> None:
    lone = Case(create_report().report_id, 0, "", "")
    with pytest.raises(Conflict) as conflict:
        decide(add_unit, lone, town, unit_id=second.id)
    assert conflict.value.code == "step_not_possible"
    with pytest.raises(NotFound):
        decide(add_unit, Case(999_999, 0, "", ""), town, unit_id=second.id)


def test_another_lead_is_named_and_the_report_shows_its_state(town: Town, second: Unit) -> None:
    case = working(town)
    report = decide(add_unit, case, town, unit_id=second.id, now=MONDAY)
    ask(case, town, MONDAY + HOUR)
    assert load(case.report_id).state is R.WAITING
    report = decide(name_lead, case, town, report.assignments[1].id, now=MONDAY + 2 * HOUR)
    assert (report.state, report.unit_id) == (R.DISPATCHED, second.id)
    assert (report.rounds[0].waiting_since, report.rounds[0].waited_minutes) == (None, 60)
    entry = entry_of(case.report_id, HistoryKind.LEAD_NAMED)
    assert (entry.account_id, entry.unit_id) == (town.dispatcher.id, second.id)
    with pytest.raises(Conflict) as conflict:
        decide(name_lead, case, town, report.assignments[1].id)
    assert conflict.value.code == "leads_already"


def test_an_assignment_is_withdrawn_with_a_reason(town: Town, second: Unit) -> None:
    case = working(town)
    decide(add_unit, case, town, unit_id=second.id)
    report = decide(withdraw_assignment, case, town, case.assignment_id, reason="Nhầm đơn vị")
    assert (report.state, report.unit_id) == (R.DISPATCHED, second.id)
    entry = entry_of(case.report_id, HistoryKind.ASSIGNMENT_WITHDRAWN)
    assert (entry.note, entry.public, entry.unit_id) == ("Nhầm đơn vị", False, town.unit.id)
    report = decide(withdraw_assignment, case, town, live(report)[0].id, reason="Cũng nhầm")
    assert (report.state, report.lead_assignment_id) == (R.RECEIVED, None)


def test_a_transfer_keeps_the_round_and_hands_the_lead_over(
    town: Town, second: Unit, third: Unit
) -> None:
    case = working(town)
    decide(add_unit, case, town, unit_id=second.id)
    due = load(case.report_id).due
    report = decide(
        transfer_case, case, town, case.assignment_id, unit_id=third.id, reason="Đúng thẩm quyền"
    )
    assert [a.unit_id for a in live(report)] == [second.id, third.id]
    assert (report.unit_id, report.due, len(report.rounds)) == (third.id, due, 1)
    assert report.assignments[0].state is A.TRANSFERRED
    helper = live(report)[0]
    report = decide(
        transfer_case, case, town, helper.id, unit_id=town.unit.id, reason="Quen việc hơn"
    )
    assert report.unit_id == third.id
    assert {a.unit_id for a in live(report)} == {third.id, town.unit.id}


def test_a_transfer_goes_to_a_unit_that_does_not_have_it(town: Town, second: Unit) -> None:
    case = working(town)
    decide(add_unit, case, town, unit_id=second.id)
    with pytest.raises(Invalid) as invalid:
        decide(transfer_case, case, town, case.assignment_id, unit_id=town.unit.id, reason="?")
    assert invalid.value.fields == {"unit_id": "unit_is_the_same"}
    with pytest.raises(Conflict) as conflict:
        decide(transfer_case, case, town, case.assignment_id, unit_id=second.id, reason="?")
    assert conflict.value.code == "unit_has_it"
    assert load(case.report_id).assignments[0].state is A.IN_PROGRESS


# What came back


def test_a_return_goes_back_to_its_unit_with_a_reason(town: Town) -> None:
    case = working(town)
    give_back(case, town)
    assert load(case.report_id).assignments[0].return_undecided
    with pytest.raises(Invalid) as invalid:
        decide(send_back_return, case, town, case.assignment_id, reason=" ")
    assert invalid.value.fields == {"reason": "required"}
    report = decide(send_back_return, case, town, case.assignment_id, reason="Đúng thẩm quyền")
    assert (report.state, report.unit_id) == (R.DISPATCHED, town.unit.id)
    assert not any(a.return_undecided for a in report.assignments)
    note = entry_of(case.report_id, HistoryKind.NOTE)
    assert (note.note, note.unit_id, note.public) == ("Đúng thẩm quyền", town.unit.id, False)
    with pytest.raises(Conflict) as conflict:
        decide(send_back_return, case, town, case.assignment_id, reason="Lần nữa")
    assert conflict.value.code == "already_decided"


def test_a_return_is_accepted_while_others_go_on(town: Town, second: Unit) -> None:
    case = working(town)
    decide(add_unit, case, town, unit_id=second.id)
    give_back(case, town)
    report = decide(accept_return, case, town, case.assignment_id)
    assert (report.state, report.unit_id) == (R.DISPATCHED, second.id)
    assert not report.assignments[0].return_undecided
    assert kinds_of(case.report_id)[-1] is HistoryKind.RETURN_ACCEPTED


def test_a_return_of_the_last_unit_cannot_be_left_alone(town: Town) -> None:
    case = working(town)
    give_back(case, town)
    with pytest.raises(Conflict) as conflict:
        decide(accept_return, case, town, case.assignment_id)
    assert conflict.value.code == "no_unit_left"


def test_sending_it_elsewhere_decides_the_return(town: Town, second: Unit, third: Unit) -> None:
    case = working(town)
    decide(add_unit, case, town, unit_id=second.id)
    give_back(case, town)
    report = decide(add_unit, case, town, unit_id=third.id)
    assert not any(a.return_undecided for a in report.assignments)


def test_only_a_dispatcher_decides(town: Town, second: Unit) -> None:
    case = working(town)
    decide(add_unit, case, town, unit_id=second.id)
    other = load(case.report_id).assignments[1].id
    give_back(case, town)
    before = footprint()
    for actor in (town.as_handler, town.as_head, CITIZEN, SYSTEM):
        for use_case, given, more in (
            (add_unit, (), {"unit_id": second.id}),
            (name_lead, (other,), {}),
            (transfer_case, (other,), {"unit_id": town.unit.id, "reason": "?"}),
            (send_back_return, (case.assignment_id,), {"reason": "?"}),
            (accept_return, (case.assignment_id,), {}),
        ):
            with pytest.raises(NotAllowed):
                decide(use_case, case, town, *given, actor=actor, **more)
    for actor in (town.as_handler, town.as_head, CITIZEN):
        with pytest.raises(NotAllowed):
            decide(withdraw_assignment, case, town, other, reason="?", actor=actor)
    assert footprint() == before


def test_every_decision_needs_the_case_as_it_is(town: Town, second: Unit) -> None:
    case = working(town)
    seen = load(case.report_id).version
    decide(add_unit, case, town, unit_id=second.id)
    with pytest.raises(Conflict) as conflict:
        decide(withdraw_assignment, case, town, case.assignment_id, reason="?", version=seen)
    assert conflict.value.params["changes"] == ["dispatched"]
    with pytest.raises(NotFound):
        decide(withdraw_assignment, case, town, 999_999, reason="?")
    with pytest.raises(Invalid) as invalid:
        decide(withdraw_assignment, case, town, case.assignment_id, reason="")
    assert invalid.value.fields == {Need.REASON.value: "required"}
