"""What a unit says instead of handling: a return, a proposed transfer, a wish for more time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    CaseRequestKind,
    CaseRequestState,
    Clock,
    Outcome,
    ReportState,
    Role,
)
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.propose_transfer import propose_transfer
from feedback.operations.request_extension import request_extension
from feedback.operations.return_case import return_case
from feedback.operations.transaction import reading
from feedback.operations.withdraw_request import withdraw_request
from feedback.storage.models import CaseRequest
from feedback.storage.queries import requests
from tests.factories import (
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_case,
    create_category,
    create_unit,
    the_city,
)
from tests.operations.by_hand import HOUR, A, step, working
from tests.operations.lives import Town, entry_of, history_of, load

K, S = CaseRequestKind, CaseRequestState
LATER = MONDAY + HOUR
FRIDAY = date(2026, 3, 13)


def call(use_case: Callable[..., None], case: Case, actor: Actor, **given: Any) -> None:
    """Call a use case on a case's assignment, an hour after it came unless told otherwise."""
    how = {"version": None, "now": LATER} | given
    use_case(case.report_id, case.assignment_id, actor=actor, city=the_city(), **how)


def propose(case: Case, actor: Actor, unit_id: int | None = None, **how: Any) -> None:
    given = {"unit_id": unit_id, "reason": "Không thuộc thẩm quyền"} | how
    call(propose_transfer, case, actor, **given)


def ask_extension(case: Case, actor: Actor, day: date | None = FRIDAY, **how: Any) -> None:
    call(request_extension, case, actor, **{"wanted_on": day, "reason": "Chờ vật tư"} | how)


def requests_of(case: Case) -> list[CaseRequest]:
    """What was asked about the case, oldest first, detached."""
    with reading() as session:
        found = list(requests.of_report(session, case.report_id))[::-1]
        session.expunge_all()
    return found


def states_of(case: Case) -> dict[CaseRequestKind, CaseRequestState]:
    return {request.kind: request.state for request in requests_of(case)}


def test_a_returned_case_is_the_dispatchers_again(town: Town) -> None:
    case = working(town)
    call(return_case, case, town.as_handler, reason="  Không thuộc địa bàn ")
    report = load(case.report_id)
    assert (report.state, report.assignments[0].state) == (ReportState.RECEIVED, A.RETURNED)
    entry = entry_of(case.report_id, HistoryKind.RETURNED)
    assert (entry.note, entry.unit_id) == ("Không thuộc địa bàn", town.unit.id)


def test_a_return_needs_a_reason(town: Town) -> None:
    case = working(town)
    with pytest.raises(Invalid) as refused:
        call(return_case, case, town.as_handler, reason=" ")
    assert refused.value.fields == {"reason": "required"}
    with pytest.raises(Invalid) as refused:
        call(return_case, case, town.as_handler, reason="a" * 2_001)
    assert refused.value.fields == {"reason": "too_long"}


def test_only_the_unit_itself_returns_a_case(town: Town) -> None:
    case = working(town)
    stranger = create_account(Role.HANDLER, create_unit("Đơn vị khác"))
    for actor in (actor_of(stranger), town.as_dispatcher):
        with pytest.raises(NotAllowed):
            call(return_case, case, actor, reason="Không phải của chúng tôi")


def test_a_proposed_transfer_waits_and_the_case_stays(town: Town) -> None:
    case, other = working(town), create_unit("Điện lực")
    propose(case, town.as_handler, other.id)
    (request,) = requests_of(case)
    assert (request.kind, request.state, request.wanted_unit_id, request.asked_by_id) == (
        *(K.TRANSFER, S.OPEN, other.id),
        town.handler.id,
    )
    assert load(case.report_id).assignments[0].state is A.IN_PROGRESS
    entry = entry_of(case.report_id, HistoryKind.TRANSFER_PROPOSED)
    assert entry.data == {"request_id": request.id, "wanted_unit_id": other.id}
    assert (entry.note, entry.public) == ("Không thuộc thẩm quyền", False)


def test_a_transfer_may_be_proposed_without_a_unit_but_not_to_any(town: Town) -> None:
    case = working(town)
    gone = create_unit("Đã giải thể", valid_to=date(2026, 1, 1))
    for unit_id, why in (
        (town.unit.id, "unit_is_the_same"),
        (gone.id, "unit_not_in_force"),
        (99_999, "unknown_unit"),
    ):
        with pytest.raises(Invalid) as refused:
            propose(case, town.as_handler, unit_id)
        assert refused.value.fields == {"unit_id": why}
    propose(case, town.as_handler)
    assert requests_of(case)[0].wanted_unit_id is None


def test_the_head_asks_for_time_until_the_end_of_a_working_day(town: Town) -> None:
    case = working(town)
    ask_extension(case, town.as_head)
    (request,) = requests_of(case)
    assert (request.kind, request.state) == (K.EXTENSION, S.OPEN)
    assert request.wanted_due == datetime(2026, 3, 13, 10, 0, tzinfo=UTC)  # 17:00 there
    report = load(case.report_id)
    assert report.due == report.rounds[0].original_due  # nothing moves before the decision
    entry = entry_of(case.report_id, HistoryKind.EXTENSION_ASKED)
    assert entry.data == {"request_id": request.id, "wanted_due": "2026-03-13T10:00:00+00:00"}


def test_round_the_clock_more_time_lasts_to_the_end_of_any_day(town: Town) -> None:
    category = create_category(
        "Ngập", clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=24 * 60
    )
    case = create_case(town.unit, handler=town.handler, category=category)
    ask_extension(case, town.as_head, date(2026, 3, 8))  # a Sunday
    assert requests_of(case)[0].wanted_due == datetime(2026, 3, 8, 16, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (None, "required"),
        (date(2026, 3, 11), "not_later"),  # the deadline's own day
        (date(2026, 3, 14), "not_a_working_day"),
        (date(2027, 12, 1), "too_far"),
    ],
)
def test_more_time_is_asked_for_until_a_later_working_day(
    town: Town, day: date | None, why: str
) -> None:
    case = working(town)
    with pytest.raises(Invalid) as refused:
        ask_extension(case, town.as_head, day)
    assert refused.value.fields == {"wanted_on": why}


def test_only_the_head_asks_for_time(town: Town) -> None:
    case = working(town)
    for actor in (town.as_handler, town.as_dispatcher):
        with pytest.raises(NotAllowed):
            ask_extension(case, actor)


def test_one_request_of_a_kind_is_open_at_a_time(town: Town) -> None:
    case = working(town)
    propose(case, town.as_handler)
    ask_extension(case, town.as_head)
    for again in (propose, ask_extension):
        with pytest.raises(Conflict, match="already_asked"):
            again(case, town.as_head)
    assert len(requests_of(case)) == 2


def test_a_request_made_to_an_old_view_is_refused(town: Town) -> None:
    case = working(town)
    for ask in (propose, ask_extension):
        with pytest.raises(Conflict, match="changed_meanwhile"):
            ask(case, town.as_head, version=1)


def withdraw(case: Case, actor: Actor, request_id: int) -> None:
    how = {"version": None, "city": the_city(), "now": LATER + HOUR}
    withdraw_request(case.report_id, request_id, actor=actor, **how)


def test_who_asked_takes_it_back_once(town: Town) -> None:
    case = working(town)
    propose(case, town.as_handler)
    (request,) = requests_of(case)
    withdraw(case, town.as_handler, request.id)
    (request,) = requests_of(case)
    assert (request.state, request.decided_by_id) == (S.DROPPED, town.handler.id)
    assert entry_of(case.report_id, HistoryKind.REQUEST_WITHDRAWN).data["request"] == "transfer"
    with pytest.raises(Conflict, match="already_decided"):
        withdraw(case, town.as_handler, request.id)
    propose(case, town.as_handler)  # and may ask anew
    assert [one.state for one in requests_of(case)] == [S.DROPPED, S.OPEN]


def test_a_colleague_takes_nothing_back_but_the_head_may(town: Town) -> None:
    case = working(town)
    propose(case, town.as_handler)
    (request,) = requests_of(case)
    colleague = create_account(Role.HANDLER, town.unit)
    stranger = create_account(Role.HEAD, create_unit("Đơn vị khác"))
    for actor in (actor_of(colleague), actor_of(stranger), town.as_dispatcher):
        with pytest.raises(NotAllowed):
            withdraw(case, actor, request.id)
    other = create_case(town.unit, handler=town.handler, category=town.category)
    with pytest.raises(NotFound):
        withdraw(other, town.as_handler, request.id)
    withdraw(case, town.as_head, request.id)


@pytest.mark.parametrize("target", [A.RETURNED, A.TRANSFERRED, A.WITHDRAWN])
def test_a_case_that_ends_drops_what_it_asked_for(town: Town, target: AssignmentState) -> None:
    case = working(town)
    propose(case, town.as_handler)
    ask_extension(case, town.as_head)
    actor = town.as_handler if target is A.RETURNED else town.as_dispatcher
    step(case, target, actor, LATER + HOUR)
    assert set(states_of(case).values()) == {S.DROPPED}
    assert all(request.decided_at == LATER + HOUR for request in requests_of(case))


def test_an_answer_drops_the_proposal_and_its_approval_the_wish(town: Town) -> None:
    category = create_category("Cần duyệt", approval_needed=True)
    case = create_case(town.unit, handler=town.handler, category=category)
    propose(case, town.as_handler)
    ask_extension(case, town.as_head)
    said = Answer(outcome=Outcome.NOT_FOUND, text="Không tìm thấy.")
    answered_at = LATER + timedelta(hours=2)
    answer_case(
        *(case.report_id, case.assignment_id, said),
        version=None,
        actor=town.as_handler,
        city=the_city(),
        now=answered_at,
    )
    assert states_of(case) == {K.TRANSFER: S.DROPPED, K.EXTENSION: S.OPEN}
    step(case, A.APPROVED, town.as_head, answered_at + HOUR)
    assert states_of(case) == {K.TRANSFER: S.DROPPED, K.EXTENSION: S.DROPPED}


def test_nothing_is_asked_for_a_case_that_is_done(town: Town) -> None:
    case = working(town)
    step(case, A.RETURNED, town.as_handler, LATER)
    before = len(history_of(case.report_id))
    for ask in (propose, ask_extension):
        with pytest.raises(DomainError, match="assignment_ended"):
            ask(case, town.as_head)
    assert len(history_of(case.report_id)) == before
