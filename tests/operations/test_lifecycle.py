"""The life of a report beyond single use cases: several units at once, and lost leads."""

from datetime import datetime

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    Outcome,
    Role,
)
from feedback.domain.transitions import Need
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.lifecycle import Life
from feedback.operations.take_case import take_case
from feedback.storage.models import Account, Assignment, Report, Unit
from tests.factories import (
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_unit,
    the_city,
)
from tests.operations.by_hand import DAY, DUE, HOUR, A, R, ask, at, due_of, step, working
from tests.operations.lives import Town, entry_of, kinds_of, load, steps

# Several units at once


def split(case: Case, town: Town, unit: Unit, now: datetime = MONDAY) -> int:
    """The dispatcher has another unit work at it as well; returns the new assignment's place."""
    with steps(case.report_id, town.as_dispatcher, now) as life:
        directory = life.reference.directory
        level = directory.level_in_force(town.category.service_level_code, life.today)
        life.assign(unit.id, level)
    return len(load(case.report_id).assignments) - 1


def finish(case: Case, place: int, who: Account, now: datetime, outcome: Outcome) -> None:
    """Take one assignment (by its place) if need be, and answer it."""
    assignment = load(case.report_id).assignments[place]
    if assignment.state is A.DISPATCHED:
        take_case(
            *(case.report_id, assignment.id),
            version=None,
            actor=actor_of(who),
            city=the_city(),
            now=now,
        )
    answer_case(
        *(case.report_id, assignment.id),
        Answer(outcome=outcome, text="Đã xem xét."),
        version=None,
        actor=actor_of(who),
        city=the_city(),
        now=now,
    )


@pytest.fixture
def second(town: Town) -> Account:
    """Somebody who works in a second unit."""
    return create_account(Role.HANDLER, create_unit("Điện lực"))


def unit_of(person: Account) -> Unit:
    """The second unit, enough of it to be assigned."""
    assert person.unit_id is not None
    return Unit(id=person.unit_id)


def leads(report: Report) -> list[Assignment]:
    """The assignment that leads, in a list as long as there are such."""
    return [a for a in report.assignments if a.id == report.lead_assignment_id]


def test_a_report_closes_when_all_are_approved_with_the_leads_outcome(
    town: Town, second: Account
) -> None:
    case = working(town)
    place = split(case, town, unit_of(second))
    report = load(case.report_id)
    assert len(report.rounds) == 1
    assert report.lead_assignment_id == case.assignment_id
    assert (report.unit_id, report.state) == (town.unit.id, R.IN_PROGRESS)
    assert entry_of(case.report_id, HistoryKind.DISPATCHED).data["lead"] is False

    finish(case, 0, town.handler, MONDAY + HOUR, Outcome.REFUSED)
    report = load(case.report_id)
    assert report.assignments[0].state is A.APPROVED
    assert (report.state, report.closed_at) == (R.ANSWERED, None)  # approved before the others

    finish(case, place, second, MONDAY + 2 * HOUR, Outcome.NOT_FOUND)
    report = load(case.report_id)
    assert (report.state, report.outcome) == (R.CLOSED, Outcome.REFUSED)
    assert report.closed_at == MONDAY + 2 * HOUR
    assert report.rounds[0].unit_id == town.unit.id


def test_the_oldest_live_one_leads_when_the_lead_ends(town: Town, second: Account) -> None:
    case = working(town)
    split(case, town, unit_of(second))
    third = create_unit("Cấp nước")
    split(case, town, third)

    step(case, A.RETURNED, town.as_handler, MONDAY + HOUR)
    report = load(case.report_id)
    assert leads(report) == [report.assignments[1]]
    assert report.state is R.DISPATCHED  # the new lead's
    assert report.unit_id == report.rounds[0].unit_id == second.unit_id
    named = entry_of(case.report_id, HistoryKind.LEAD_NAMED)
    assert (named.unit_id, named.assignment_id) == (second.unit_id, report.assignments[1].id)

    step(case, A.TRANSFERRED, town.as_dispatcher, MONDAY + 2 * HOUR, place=1)
    assert load(case.report_id).unit_id == third.id
    step(case, A.WITHDRAWN, town.as_dispatcher, MONDAY + 3 * HOUR, place=2)
    report = load(case.report_id)
    assert (report.state, report.lead_assignment_id) == (R.RECEIVED, None)
    assert (report.unit_id, report.rounds[0].closed_at) == (third.id, None)


def test_one_that_is_not_the_lead_ends_and_nothing_else_changes(
    town: Town, second: Account
) -> None:
    case = working(town)
    place = split(case, town, unit_of(second))
    step(case, A.RETURNED, actor_of(second), MONDAY + HOUR, place=place)
    report = load(case.report_id)
    assert (report.state, report.unit_id) == (R.IN_PROGRESS, town.unit.id)
    assert leads(report) == [report.assignments[0]]
    assert kinds_of(case.report_id).count(HistoryKind.LEAD_NAMED) == 1


def test_a_report_closes_when_only_approved_ones_are_left(town: Town, second: Account) -> None:
    case = working(town)
    place = split(case, town, unit_of(second))
    finish(case, place, second, MONDAY + HOUR, Outcome.NOT_FOUND)
    assert load(case.report_id).state is R.IN_PROGRESS
    step(case, A.RETURNED, town.as_handler, MONDAY + 2 * HOUR)
    report = load(case.report_id)
    assert (report.state, report.outcome) == (R.CLOSED, Outcome.NOT_FOUND)
    assert report.unit_id == report.rounds[0].unit_id == second.unit_id
    closed = entry_of(case.report_id, HistoryKind.CLOSED)
    assert closed.from_state == "answered"


def test_only_the_leads_waiting_stops_the_clock(town: Town, second: Account) -> None:
    case = working(town)
    place = split(case, town, unit_of(second))
    take_case(
        *(case.report_id, load(case.report_id).assignments[place].id),
        version=None,
        actor=actor_of(second),
        city=the_city(),
        now=MONDAY,
    )
    step(case, A.WAITING, actor_of(second), at(0, 9, 30), place=place)
    assert load(case.report_id).rounds[0].waiting_since is None
    # The first lead goes at ten: from then on the second one's waiting counts.
    step(case, A.RETURNED, town.as_handler, at(0, 10))
    report = load(case.report_id)
    assert (report.state, report.rounds[0].waiting_since) == (R.WAITING, at(0, 10))
    step(case, A.IN_PROGRESS, CITIZEN, at(0, 11), place=place)
    assert load(case.report_id).rounds[0].waited_minutes == 60
    assert due_of(case) == at(10, 8, 30)


def test_the_waiting_of_a_lead_that_leaves_ends_with_it(town: Town, second: Account) -> None:
    case = working(town)
    split(case, town, unit_of(second))
    ask(case, town, at(0, 10))
    step(case, A.TRANSFERRED, town.as_dispatcher, at(0, 11))
    current = load(case.report_id).rounds[0]
    assert (current.waiting_since, current.waited_minutes) == (None, 60)
    assert due_of(case) == at(10, 8, 30)


def test_a_transfer_in_one_step_keeps_the_round(town: Town, second: Account) -> None:
    case = working(town)
    with steps(case.report_id, town.as_dispatcher, MONDAY + DAY) as life:
        assert life.lead is not None
        level = life.reference.directory.level(life.lead.round.service_level_id)
        life.move(life.lead, A.TRANSFERRED, HistoryKind.TRANSFERRED, given={Need.REASON})
        life.assign(unit_of(second).id, level)
    report = load(case.report_id)
    assert (report.state, report.unit_id) == (R.DISPATCHED, second.unit_id)
    assert len(report.rounds) == 1
    assert due_of(case) == DUE
    assert leads(report) == [report.assignments[1]]


# What ends everything


def test_withdrawing_a_report_withdraws_what_is_being_worked(town: Town, second: Account) -> None:
    case = working(town)
    split(case, town, unit_of(second))
    ask(case, town, at(0, 10))
    with steps(case.report_id, CITIZEN, at(0, 11)) as life:
        life.move_report(R.WITHDRAWN, HistoryKind.WITHDRAWN)
        for assignment in life.live_assignments:
            life.move(assignment, A.WITHDRAWN, HistoryKind.ASSIGNMENT_WITHDRAWN, by=SYSTEM)
    report = load(case.report_id)
    assert report.state is R.WITHDRAWN
    assert {assignment.state for assignment in report.assignments} == {A.WITHDRAWN}
    assert report.rounds[0].waited_minutes == 60
    entry = entry_of(case.report_id, HistoryKind.WITHDRAWN)
    assert (entry.from_state, entry.to_state) == ("waiting", "withdrawn")


def test_a_duplicate_that_was_none_is_the_dispatchers_again(town: Town) -> None:
    case = working(town)
    with steps(case.report_id, town.as_dispatcher, at(0, 11)) as life:
        life.move_report(R.DUPLICATE, HistoryKind.MARKED_DUPLICATE, given={Need.ROOT})
        for assignment in life.live_assignments:
            life.move(assignment, A.WITHDRAWN, HistoryKind.ASSIGNMENT_WITHDRAWN, by=SYSTEM)
    assert load(case.report_id).state is R.DUPLICATE
    with steps(case.report_id, town.as_dispatcher, at(0, 14)) as life:
        life.move_report(R.RECEIVED, HistoryKind.DUPLICATE_UNDONE)
    report = load(case.report_id)
    assert (report.state, report.lead_assignment_id) == (R.RECEIVED, None)


# Refusals


def refused_steps(life: Life, target: AssignmentState) -> None:
    """Try one step of the first assignment, without anything it needs."""
    life.move(life.report.assignments[0], target, HistoryKind.NOTE)


def test_a_refused_step_leaves_nothing(town: Town) -> None:
    case = working(town)
    before = load(case.report_id).version, kinds_of(case.report_id)
    for actor, target, refusal in (
        (town.as_handler, A.RETURNED, Invalid),
        (town.as_handler, A.TRANSFERRED, NotAllowed),
        (town.as_handler, A.APPROVED, Conflict),
        (town.as_dispatcher, A.RETURNED, NotAllowed),
        (CITIZEN, A.WAITING, NotAllowed),
    ):
        with (
            pytest.raises(refusal),
            steps(case.report_id, actor, MONDAY + HOUR) as life,
        ):
            refused_steps(life, target)
    assert (load(case.report_id).version, kinds_of(case.report_id)) == before


def test_what_ended_takes_no_more_steps(town: Town) -> None:
    case = working(town)
    step(case, A.RETURNED, town.as_handler, MONDAY + HOUR)
    for target in A:
        with (
            pytest.raises(Conflict) as conflict,
            steps(case.report_id, town.as_head, MONDAY + HOUR) as life,
        ):
            refused_steps(life, target)
        assert conflict.value.code == "assignment_ended"


def test_nobody_is_assigned_who_does_not_exist_or_by_somebody_who_may_not(
    town: Town, second: Account
) -> None:
    case = working(town)
    gone = create_unit(valid_to=MONDAY.date() - DAY)
    for actor, unit_id, refusal in (
        (town.as_dispatcher, gone.id, Invalid),
        (town.as_head, second.unit_id, NotAllowed),
        (CITIZEN, second.unit_id, NotAllowed),
    ):
        with (
            pytest.raises(refusal),
            steps(case.report_id, actor, MONDAY + HOUR) as life,
        ):
            level = life.reference.directory.level(life.report.rounds[0].service_level_id)
            life.assign(unit_id, level)
    assert len(load(case.report_id).assignments) == 1
