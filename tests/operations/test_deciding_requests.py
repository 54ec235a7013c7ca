"""What units ask the operations centre for, decided; and what all its decisions do to figures."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    CaseRequestState,
    RejectionReason,
    ReportState,
)
from feedback.operations.add_unit import add_unit
from feedback.operations.decide_rejection import lift_rejection
from feedback.operations.decide_requests import decide_extension, decide_transfer
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.mark_duplicate import mark_duplicate, undo_duplicate
from feedback.operations.name_lead import name_lead
from feedback.operations.propose_transfer import propose_transfer
from feedback.operations.reject_report import reject_report
from feedback.operations.request_extension import request_extension
from feedback.operations.transaction import reading
from feedback.operations.transfer_case import transfer_case
from feedback.operations.verify_statistics import verify_statistics
from feedback.operations.withdraw_assignment import withdraw_assignment
from feedback.storage.models import CaseRequest, Report, Unit
from tests.factories import MONDAY, Case, create_report, create_unit, the_city
from tests.operations.by_hand import DAY, DUE, HOUR, ask, working
from tests.operations.lives import Town, entry_of, kinds_of, load
from tests.operations.test_statistics import difference_from_plain, ready_rows, refresh

LATER = MONDAY + timedelta(hours=3)
WANTED = datetime(2026, 3, 17, 10, 0, tzinfo=UTC)  # a Tuesday, 17:00 in the city


def decide(
    use_case: Callable[..., None], report_id: int, town: Town, *given: Any, **more: Any
) -> Report:
    """Have the dispatcher decide; gives the report as it is then."""
    how = {"version": None, "actor": town.as_dispatcher, "now": LATER, **more}
    use_case(report_id, *given, **how, city=the_city())
    return load(report_id)


def request_of(case: Case) -> CaseRequest:
    """What was asked for last about a case, detached."""
    with reading() as session:
        query = session.query(CaseRequest).filter_by(report_id=case.report_id)
        found = query.order_by(CaseRequest.id.desc()).limit(1).one()
        session.expunge(found)
        return found


def propose(case: Case, town: Town, unit: Unit | None) -> int:
    """The unit proposes a transfer; gives the proposal's id."""
    propose_transfer(
        case.report_id, case.assignment_id, unit_id=unit.id if unit else None,
        reason="Cột điện của Điện lực", version=None, actor=town.as_handler, city=the_city(),
        now=MONDAY + HOUR,
    )  # fmt: skip
    return request_of(case).id


def ask_for_time(case: Case, town: Town) -> int:
    """The head asks for more time; gives the request's id."""
    request_extension(
        case.report_id, case.assignment_id, wanted_on=WANTED.date(), reason="Chờ vật tư",
        version=None, actor=town.as_head, city=the_city(), now=MONDAY + HOUR,
    )  # fmt: skip
    return request_of(case).id


@pytest.fixture
def other() -> Unit:
    """Another unit."""
    return create_unit("Điện lực")


def test_a_proposal_agreed_to_moves_the_case_as_proposed(town: Town, other: Unit) -> None:
    case = working(town)
    request_id = propose(case, town, other)
    report = decide(decide_transfer, case.report_id, town, request_id, accept=True)
    assert [a.unit_id for a in report.assignments if not a.ended_at] == [other.id]
    assert report.due == DUE
    asked = request_of(case)
    assert (asked.state, asked.decided_by_id, asked.decided_at) == (
        CaseRequestState.ACCEPTED, town.dispatcher.id, LATER,
    )  # fmt: skip
    assert entry_of(case.report_id, HistoryKind.TRANSFERRED).note == "Cột điện của Điện lực"
    assert HistoryKind.REQUEST_ACCEPTED in kinds_of(case.report_id)


def test_a_proposal_without_a_unit_needs_one(town: Town, other: Unit) -> None:
    case = working(town)
    request_id = propose(case, town, None)
    with pytest.raises(Invalid) as invalid:
        decide(decide_transfer, case.report_id, town, request_id, accept=True)
    assert invalid.value.fields == {"unit_id": "required"}
    report = decide(
        decide_transfer, case.report_id, town, request_id, accept=True, unit_id=other.id
    )
    assert report.unit_id == other.id


def test_a_refusal_takes_a_reason_and_leaves_the_case(town: Town, other: Unit) -> None:
    case = working(town)
    request_id = propose(case, town, other)
    with pytest.raises(Invalid) as invalid:
        decide(decide_transfer, case.report_id, town, request_id, accept=False)
    assert invalid.value.fields == {"reason": "required"}
    report = decide(
        decide_transfer, case.report_id, town, request_id, accept=False, reason="Đúng việc"
    )
    assert report.assignments[0].state is AssignmentState.IN_PROGRESS
    refused = request_of(case)
    assert (refused.state, refused.decision_reason) == (CaseRequestState.REFUSED, "Đúng việc")
    with pytest.raises(Conflict) as conflict:
        decide(decide_transfer, case.report_id, town, request_id, accept=True)
    assert conflict.value.code == "already_decided"


def test_more_time_moves_the_due_moment_and_not_the_promise(town: Town) -> None:
    case = working(town)
    request_id = ask_for_time(case, town)
    report = decide(decide_extension, case.report_id, town, request_id, accept=True)
    assert (report.due, report.rounds[0].due) == (WANTED, WANTED)
    assert report.rounds[0].original_due == DUE
    assert report.assignments[0].due == WANTED
    assert entry_of(case.report_id, HistoryKind.DUE_MOVED).data["why"] == "extension"


def test_more_time_that_waiting_has_brought_already_is_not_given(town: Town) -> None:
    case = working(town)
    request_id = ask_for_time(case, town)
    ask(case, town, LATER)
    decide(withdraw_assignment, case.report_id, town, case.assignment_id, reason="?",
           now=LATER + 30 * DAY)  # fmt: skip
    with pytest.raises(Conflict) as conflict:
        decide(decide_extension, case.report_id, town, request_id, accept=True)
    assert conflict.value.code == "already_decided"  # it went with the case


def test_only_a_dispatcher_decides_about_a_request_of_this_report(town: Town, other: Unit) -> None:
    case, second = working(town), working(town)
    request_id = propose(case, town, other)
    for actor in (town.as_handler, town.as_head):
        for use_case in (decide_transfer, decide_extension):
            with pytest.raises(NotAllowed):
                decide(use_case, case.report_id, town, request_id, accept=True, actor=actor)
    for report_id, asked, use_case in (
        (second.report_id, request_id, decide_transfer),
        (case.report_id, request_id, decide_extension),
        (case.report_id, 10**30, decide_transfer),
    ):
        with pytest.raises(NotFound):
            decide(use_case, report_id, town, asked, accept=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_figures_of_every_decision_equal_the_plain_recomputation(town: Town, other: Unit) -> None:
    root = working(town)
    merged, split, moved, longer = (working(town) for _ in range(4))
    refused = create_report(category=None)

    def on(day: int) -> dict[str, Any]:
        return {"now": MONDAY + day * DAY}

    decide(mark_duplicate, merged.report_id, town, root_code=root.code, **on(1))
    report = decide(add_unit, split.report_id, town, unit_id=other.id, **on(1))
    decide(name_lead, split.report_id, town, report.assignments[1].id, **on(2))
    decide(
        transfer_case, moved.report_id, town, moved.assignment_id, unit_id=other.id,
        reason="Đúng thẩm quyền", **on(3),
    )  # fmt: skip
    request_id = ask_for_time(longer, town)
    decide(decide_extension, longer.report_id, town, request_id, accept=True, **on(3))
    how = {"reason": RejectionReason.ABUSIVE, "text": "Không."}
    decide(reject_report, refused.report_id, town, **how, **on(1))
    refresh(MONDAY + 4 * DAY)
    decide(undo_duplicate, merged.report_id, town, **on(5))
    decide(lift_rejection, refused.report_id, town, reason="Xem lại", **on(5))
    decide(
        dispatch_report, refused.report_id, town, unit_id=town.unit.id,
        other_unit_ids=[other.id], category_id=town.category.id, **on(6),
    )  # fmt: skip
    decide(withdraw_assignment, split.report_id, town, split.assignment_id, reason="Nhầm", **on(6))
    refresh(MONDAY + 12 * DAY)
    assert load(merged.report_id).state is ReportState.RECEIVED
    assert [name for row in ready_rows().values() for name in difference_from_plain(row)] == []
    assert verify_statistics(city=the_city()) == []
