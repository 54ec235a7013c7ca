"""Random lives: whatever is tried on a report, in whatever order, its record stays consistent."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import DomainError
from feedback.domain.states import (
    AssignmentState,
    CaseRequestKind,
    CaseRequestState,
    MessageKind,
    Outcome,
    RatingLevel,
    RejectionReason,
    ReportState,
    Role,
    Visibility,
)
from feedback.operations.add_note import Note, add_note
from feedback.operations.add_unit import add_unit
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.answer_question import answer_question
from feedback.operations.approve_answer import approve_answer, send_back_answer
from feedback.operations.ask_again import ask_again
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.decide_rejection import lift_rejection, uphold_rejection
from feedback.operations.decide_requests import decide_extension, decide_transfer
from feedback.operations.decide_return import accept_return, send_back_return
from feedback.operations.decide_visibility import decide_visibility
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.end_waiting import end_waiting
from feedback.operations.mark_duplicate import mark_duplicate, undo_duplicate
from feedback.operations.name_handler import name_handler
from feedback.operations.name_lead import name_lead
from feedback.operations.propose_transfer import propose_transfer
from feedback.operations.rate_report import rate_report
from feedback.operations.reject_report import reject_report
from feedback.operations.reopen_report import reopen_report
from feedback.operations.request_extension import request_extension
from feedback.operations.return_case import return_case
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.operations.transfer_case import transfer_case
from feedback.operations.withdraw_assignment import withdraw_assignment
from feedback.operations.withdraw_report import withdraw_report
from feedback.operations.withdraw_request import withdraw_request
from feedback.storage.models import Report
from feedback.storage.queries import messages, requests
from tests.factories import (
    MONDAY,
    create_account,
    create_category,
    create_report,
    create_rule,
    create_unit,
    create_working_week,
    the_city,
)
from tests.operations.consistency import check, check_change
from tests.operations.lives import history_of, load
from tests.operations.trying import DISPATCHER, Try, World

A, R = AssignmentState, ReportState


def dispatch(one: Try) -> None:
    """The dispatcher sends it to a unit, or to two."""
    category = one.world.categories[one.choice % len(one.world.categories)]
    one.decide(
        dispatch_report,
        unit_id=one.unit.id,
        category_id=category.id,
        other_unit_ids=[one.world.units[0].id] if one.choice % 3 == 0 else (),
    )


def reject(one: Try) -> None:
    """The dispatcher refuses it."""
    one.decide(reject_report, reason=RejectionReason.ABUSIVE, text="Không.")


def lift(one: Try) -> None:
    """The dispatcher takes the rejection back."""
    one.decide(lift_rejection, reason="Xem lại")


def uphold(one: Try) -> None:
    """The dispatcher looks again and finds the same."""
    one.decide(uphold_rejection, text="Vẫn không thuộc thẩm quyền.")


def beg(one: Try) -> None:
    """The citizen asks for a second look."""
    one.call(ask_again, reason="Xin xem lại", actor=CITIZEN)


def show_or_hide(one: Try) -> None:
    """The dispatcher decides what the public sees."""
    one.decide(decide_visibility, visibility=list(Visibility)[one.choice % 3], reason="Cần xem lại")


def take(one: Try) -> None:
    """A handler takes it."""
    one.call(take_case, one.assignment.id, version=None, actor=one.staff())


def name(one: Try) -> None:
    """The head names a handler."""
    handler = one.world.people[one.assignment.unit_id][one.choice % 2]
    how = {"version": None, "actor": one.staff(head=True)}
    one.call(name_handler, one.assignment.id, handler_id=handler.id, **how)


def answer(one: Try) -> None:
    """The unit answers."""
    outcome = list(Outcome)[one.choice % len(Outcome)]
    promised = (one.now + timedelta(days=20)).date()
    said = Answer(outcome=outcome, text="Đã xem xét.", promised_on=promised)
    one.call(answer_case, one.assignment.id, said, version=None, actor=one.staff())


def approve(one: Try) -> None:
    """The head approves."""
    one.call(approve_answer, one.assignment.id, version=None, actor=one.staff(head=True))


def send_back(one: Try) -> None:
    """The head sends an answer back."""
    how = {"version": None, "actor": one.staff(head=True)}
    one.call(send_back_answer, one.assignment.id, reason="Chưa rõ", **how)


def rate(one: Try) -> None:
    """The citizen rates."""
    one.call(rate_report, level=list(RatingLevel)[one.choice % 3])


def reopen(one: Try) -> None:
    """The citizen, or the dispatcher, has it taken up again."""
    one.call(reopen_report, reason="Vẫn vậy", actor=DISPATCHER if one.choice % 2 else CITIZEN)


def ask(one: Try) -> None:
    """The unit asks the citizen."""
    how = {"version": None, "actor": one.staff()}
    one.call(ask_citizen, one.assignment.id, question="Ở đâu ạ?", **how)


def reply(one: Try) -> None:
    """The citizen answers some question, in time or late."""
    with reading() as session:
        asked = [
            message.id
            for message in messages.of_report(session, one.report.id)
            if message.kind is MessageKind.QUESTION
        ]
    if not asked:
        raise DomainError("nothing_asked")
    question_id = asked[-1] if one.choice % 3 else asked[one.choice % len(asked)]
    one.call(answer_question, question_id, text=f"Ở đây, {one.now}.")


def let_wait(one: Try) -> None:
    """Nobody answers, and the limit of waiting may pass."""
    end_waiting(city=the_city(), now=one.now)


def propose(one: Try) -> None:
    """The unit proposes a transfer."""
    how = {"version": None, "actor": one.staff()}
    one.call(propose_transfer, one.assignment.id, unit_id=one.unit.id, reason="Khác", **how)


def ask_for_time(one: Try) -> None:
    """The head asks for a later deadline."""
    how = {"version": None, "actor": one.staff(head=True)}
    wanted = (one.now + timedelta(days=20)).date()
    one.call(request_extension, one.assignment.id, wanted_on=wanted, reason="Chờ", **how)


def take_back_request(one: Try) -> None:
    """The head takes back what the unit has asked for."""
    with reading() as session:
        found = requests.of_report(session, one.report.id)
        request_id = found[0].id if found else 0
    how = {"version": None, "actor": one.staff(head=True)}
    one.call(withdraw_request, request_id, **how)


def note(one: Try) -> None:
    """The unit writes something down."""
    said = Note(text="Đang chờ vật tư.", public=bool(one.choice % 2))
    one.call(add_note, one.assignment.id, said, actor=one.staff())


def give_back(one: Try) -> None:
    """The unit returns it."""
    how = {"version": None, "actor": one.staff()}
    one.call(return_case, one.assignment.id, reason="Không thuộc", **how)


def decide_what_came_back(one: Try) -> None:
    """The dispatcher gives a case back to the unit that returned it, or leaves it with the rest."""
    undecided = [a for a in one.report.assignments if a.return_undecided]
    if not undecided:
        raise DomainError("nothing_to_try_it_on")
    one.decide(
        send_back_return if one.choice % 2 else accept_return, undecided[0].id, reason="Đúng việc"
    )


def decide_request(one: Try) -> None:
    """The dispatcher agrees to what a unit asks for, or does not."""
    with reading() as session:
        found = requests.of_report(session, one.report.id)
        asked = [(r.id, r.kind) for r in found if r.state is CaseRequestState.OPEN]
    if not asked:
        raise DomainError("nothing_asked")
    request_id, kind = asked[0]
    how: dict[str, Any] = {"accept": one.choice % 3 > 0, "reason": "Đã xem"}
    if kind is CaseRequestKind.TRANSFER:
        one.decide(decide_transfer, request_id, unit_id=one.unit.id, **how)
    else:
        one.decide(decide_extension, request_id, **how)


def take_away(one: Try) -> None:
    """The dispatcher takes it from a unit."""
    one.decide(withdraw_assignment, one.assignment.id, reason="Nhầm đơn vị")


def transfer(one: Try) -> None:
    """The dispatcher moves it from one unit to another."""
    one.decide(transfer_case, one.assignment.id, unit_id=one.unit.id, reason="Đúng thẩm quyền")


def split(one: Try) -> None:
    """The dispatcher has another unit work at it too."""
    one.decide(add_unit, unit_id=one.unit.id)


def lead(one: Try) -> None:
    """The dispatcher has another unit lead."""
    one.decide(name_lead, one.world.pick(one.report.assignments, one.choice).id)


def withdraw(one: Try) -> None:
    """The citizen withdraws it."""
    one.call(withdraw_report, version=one.report.version, actor=CITIZEN)


def repeat(one: Try) -> None:
    """The dispatcher finds that it repeats another one."""
    one.decide(mark_duplicate, root_code=one.world.other_code)


def undo_repeat(one: Try) -> None:
    """The dispatcher finds that it does not."""
    one.decide(undo_duplicate)


BESIDE = (propose, ask_for_time, take_back_request, note)
SEVERAL_UNITS = (
    *BESIDE,
    split,
    transfer,
    decide_request,
    lead,
    give_back,
    take_away,
    take,
    repeat,
    show_or_hide,
)
FITTING: dict[ReportState, tuple[Callable[[Try], None], ...]] = {
    R.RECEIVED: (
        *(dispatch, dispatch, dispatch, decide_what_came_back),
        *(reject, repeat, show_or_hide),
    ),
    R.DISPATCHED: (take, take, take, take, name, ask, *SEVERAL_UNITS),
    R.IN_PROGRESS: (
        *(answer, answer, answer, ask, ask, ask, approve, name, decide_what_came_back),
        *SEVERAL_UNITS,
    ),
    R.WAITING: (
        *(reply, reply, reply, let_wait, answer, give_back, transfer, split, lead, take),
        *(ask, repeat, *BESIDE),
    ),
    R.ANSWERED: (
        *(approve, approve, approve, send_back, take, answer),
        *(lead, split, give_back, take_away, repeat),
    ),
    R.CLOSED: (rate, reopen, show_or_hide, reply, note),
    R.REJECTED: (beg, beg, uphold, lift),
    R.DUPLICATE: (undo_repeat,),
    R.WITHDRAWN: (rate, reopen, dispatch),
}
ALL = (*dict.fromkeys(use_case for fitting in FITTING.values() for use_case in fitting), withdraw)
TRIES = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=10_000),  # what is tried: see `choose`
        st.integers(min_value=0, max_value=3 * 24 * 60),  # minutes since the last one
        st.integers(min_value=0, max_value=11),
    ),
    min_size=5,
    max_size=25,
)


def choose(report: Report, number: int) -> Callable[[Try], None]:
    """Mostly something that fits the report's state, now and then anything at all."""
    fitting = ALL if number % 8 == 7 else FITTING[report.state]
    return fitting[number // 8 % len(fitting)]


@pytest.fixture
def world(app_context: None) -> Iterator[World]:
    """A city for all the lives of a test."""
    create_working_week()
    units = [create_unit(f"Đơn vị {number}") for number in range(3)]
    people = {
        unit.id: (create_account(Role.HANDLER, unit), create_account(Role.HEAD, unit))
        for unit in units
    }
    shared: dict[str, Any] = {"evidence_needed": False, "waiting_limit_minutes": 600}
    found = [
        create_category("Cần duyệt", approval_needed=True, **shared),
        create_category("Không cần duyệt", **shared),
    ]
    create_rule(units[0], category=found[0])
    yield World(units, people, found, other_code=create_report(text="Như vậy").code)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tries=TRIES, routed=st.booleans())
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_any_sequence_of_tries_leaves_a_consistent_report(
    world: World, tries: list[tuple[int, int, int]], routed: bool
) -> None:
    category = world.categories[0] if routed else None
    now = MONDAY
    report = load(create_report(category=category, now=now).report_id)
    check(report)
    for number, minutes, choice in tries:
        now += timedelta(minutes=minutes, seconds=choice)
        before, entries = report, len(history_of(report.id))
        try:
            choose(report, number)(Try(world, report, now, choice))
        except DomainError:
            assert load(report.id).version == before.version
            assert len(history_of(report.id)) == entries
            continue
        report = load(report.id)
        check(report)
        check_change(before, report, entries)
