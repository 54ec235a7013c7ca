"""Reports that repeat another one, reports refused and taken back, and what the public sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    ActorKind,
    AssignmentState,
    Outcome,
    RejectionReason,
    ReportState,
    Visibility,
    VisibilityPolicy,
)
from feedback.operations.add_unit import add_unit
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.approve_answer import approve_answer
from feedback.operations.ask_again import ask_again
from feedback.operations.decide_rejection import lift_rejection, uphold_rejection
from feedback.operations.decide_visibility import decide_visibility
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.mark_duplicate import mark_duplicate, undo_duplicate
from feedback.operations.reject_report import reject_report
from feedback.storage.models import Report
from tests.factories import MONDAY, create_category, create_report, create_unit, the_city
from tests.operations.by_hand import HOUR, ask, working
from tests.operations.lives import Town, at_once, create_town, entry_of, kinds_of, load

A, R, V = AssignmentState, ReportState, Visibility
LATER = MONDAY + timedelta(hours=3)


def decide(use_case: Callable[..., None], report_id: int, town: Town, **more: Any) -> Report:
    """Have the dispatcher decide, three hours later; gives the report as it is then."""
    how = {"version": None, "actor": town.as_dispatcher, "now": LATER, **more}
    use_case(report_id, **how, city=the_city())
    return load(report_id)


def reject(report_id: int, town: Town) -> Report:
    """Refuse a report."""
    reason = RejectionReason.OUT_OF_SCOPE
    return decide(reject_report, report_id, town, reason=reason, text="Mời gửi Công an.")


def dispatch(report_id: int, town: Town, **more: Any) -> Report:
    """Send a report to the town's unit."""
    given = {"unit_id": town.unit.id, "category_id": town.category.id, **more}
    return decide(dispatch_report, report_id, town, **given)


# Duplicates


def test_a_duplicate_points_to_its_root_and_leaves_every_unit(town: Town) -> None:
    root = create_report()
    case = working(town)
    second = create_unit("Điện lực")
    decide(add_unit, case.report_id, town, unit_id=second.id)
    ask(case, town, MONDAY + HOUR)
    report = decide(mark_duplicate, case.report_id, town, root_code=f" {root.code.lower()} ")
    assert (report.state, report.root_id) == (R.DUPLICATE, root.report_id)
    assert [a.state for a in report.assignments] == [A.WITHDRAWN, A.WITHDRAWN]
    assert report.rounds[0].waiting_since is None
    entry = entry_of(case.report_id, HistoryKind.MARKED_DUPLICATE)
    assert (entry.data, entry.public) == ({"root_id": root.report_id}, True)
    by_itself = entry_of(case.report_id, HistoryKind.ASSIGNMENT_WITHDRAWN)
    assert by_itself.actor_kind is ActorKind.SYSTEM


def test_approved_answers_end_too_and_an_undone_duplicate_has_no_unit(app_context: None) -> None:
    town = create_town(evidence_needed=False, approval_needed=True)
    root, case = create_report(), working(town)
    decide(add_unit, case.report_id, town, unit_id=create_unit("Điện lực").id)
    said = Answer(outcome=Outcome.REFUSED, text="Đã xem.")
    ids = (case.report_id, case.assignment_id)
    how: dict[str, Any] = {"version": None, "city": the_city(), "now": MONDAY + HOUR}
    answer_case(*ids, said, actor=town.as_handler, **how)
    approve_answer(*ids, actor=town.as_head, **how)
    due = load(case.report_id).due

    decide(mark_duplicate, case.report_id, town, root_code=root.code)
    report = decide(undo_duplicate, case.report_id, town)
    assert (report.state, report.root_id, report.lead_assignment_id) == (R.RECEIVED, None, None)
    assert {a.state for a in report.assignments} == {A.WITHDRAWN}
    assert entry_of(case.report_id, HistoryKind.DUPLICATE_UNDONE).data == {
        "root_id": root.report_id
    }
    report = dispatch(case.report_id, town)
    assert (report.state, report.due, len(report.rounds)) == (R.DISPATCHED, due, 1)


def test_a_duplicate_of_a_duplicate_points_to_the_root(town: Town) -> None:
    first, second, third = (create_report() for _ in range(3))
    decide(mark_duplicate, third.report_id, town, root_code=second.code)
    decide(mark_duplicate, second.report_id, town, root_code=first.code)
    moved = load(third.report_id)
    assert (moved.root_id, moved.state) == (first.report_id, R.DUPLICATE)
    assert kinds_of(third.report_id)[-1] is HistoryKind.ROOT_MOVED
    fourth = create_report()
    report = decide(mark_duplicate, fourth.report_id, town, root_code=third.code)
    assert report.root_id == first.report_id


def test_what_cannot_be_a_root_is_refused(town: Town) -> None:
    report, root, refused = create_report(), create_report(), create_report()
    reject(refused.report_id, town)
    decide(mark_duplicate, root.report_id, town, root_code=report.code)
    for code, problem in (
        ("", "required"),
        ("khong co", "unknown_report"),
        (report.code, "repeats_itself"),
        (root.code, "repeats_itself"),
        (refused.code, "root_gone"),
    ):
        with pytest.raises(Invalid) as invalid:
            decide(mark_duplicate, report.report_id, town, root_code=code)
        assert invalid.value.fields == {"root_code": problem}
    assert load(report.report_id).state is R.RECEIVED


def test_two_reports_cannot_become_each_others_duplicates(town: Town) -> None:
    one, other = create_report(), create_report()

    def mark(report_id: int, code: str) -> Callable[[], None]:
        return lambda: mark_duplicate(
            report_id, root_code=code, version=1, actor=town.as_dispatcher, city=the_city(),
            now=LATER,
        )  # fmt: skip

    results = at_once(mark(one.report_id, other.code), mark(other.report_id, one.code))
    assert sum(isinstance(result, (Conflict, Invalid)) for result in results) == 1
    states = {load(receipt.report_id).state for receipt in (one, other)}
    assert states == {R.DUPLICATE, R.RECEIVED}


# Rejections taken back


@pytest.mark.parametrize(
    ("policy", "lifted", "dispatched"),
    [
        (VisibilityPolicy.AUTO, V.PENDING, V.PUBLIC),
        (VisibilityPolicy.REVIEW, V.PENDING, V.PENDING),
        (VisibilityPolicy.NEVER, V.PRIVATE, V.PRIVATE),
    ],
)
def test_a_rejection_taken_back_goes_by_the_categorys_policy(
    town: Town, policy: VisibilityPolicy, lifted: Visibility, dispatched: Visibility
) -> None:
    category = create_category("Tiếng ồn", visibility_policy=policy)
    report_id = create_report(category=category).report_id
    reject(report_id, town)
    report = decide(lift_rejection, report_id, town, reason="Người dân đã bổ sung")
    assert (report.state, report.visibility) == (R.RECEIVED, lifted)
    assert entry_of(report_id, HistoryKind.REJECTION_LIFTED).note == "Người dân đã bổ sung"
    assert dispatch(report_id, town, category_id=category.id).visibility is dispatched


def test_what_was_private_before_the_rejection_stays_private(town: Town) -> None:
    report_id = create_report().report_id
    decide(decide_visibility, report_id, town, visibility=V.PRIVATE, reason="Có biển số xe")
    reject(report_id, town)
    report = decide(lift_rejection, report_id, town, reason="Xem lại")
    assert report.visibility is V.PRIVATE
    assert dispatch(report_id, town).visibility is V.PRIVATE


def test_taking_a_rejection_back_needs_a_dispatcher_and_a_reason(town: Town) -> None:
    report_id = create_report().report_id
    with pytest.raises(Conflict):
        decide(lift_rejection, report_id, town, reason="Xem lại")
    reject(report_id, town)
    with pytest.raises(Invalid) as invalid:
        decide(lift_rejection, report_id, town, reason=" ")
    assert invalid.value.fields == {"reason": "required"}
    with pytest.raises(NotAllowed):
        decide(lift_rejection, report_id, town, reason="Xem lại", actor=CITIZEN)


def test_who_asked_again_is_heard_and_told(town: Town) -> None:
    report_id = create_report().report_id
    reject(report_id, town)
    with pytest.raises(Conflict) as conflict:
        decide(uphold_rejection, report_id, town, text="Như đã trả lời.")
    assert conflict.value.code == "already_decided"
    ask_again(report_id, reason="Xin xem lại", actor=CITIZEN, city=the_city(), now=LATER)
    with pytest.raises(Invalid) as invalid:
        decide(uphold_rejection, report_id, town, text=" ")
    assert invalid.value.fields == {"text": "required"}
    report = decide(uphold_rejection, report_id, town, text="Vẫn là đơn khiếu nại.")
    assert (report.state, report.asked_again_at) == (R.REJECTED, None)
    entry = entry_of(report_id, HistoryKind.REJECTION_UPHELD)
    assert (entry.note, entry.public) == ("Vẫn là đơn khiếu nại.", True)


def test_taking_a_rejection_back_answers_who_asked_again(town: Town) -> None:
    report_id = create_report().report_id
    reject(report_id, town)
    ask_again(report_id, reason="Xin xem lại", actor=CITIZEN, city=the_city(), now=LATER)
    report = decide(lift_rejection, report_id, town, reason="Đã đủ thông tin")
    assert (report.state, report.asked_again_at) == (R.RECEIVED, None)


# What the public sees


def test_a_dispatcher_releases_and_holds_with_a_reason(town: Town) -> None:
    category = create_category("Tiếng ồn", visibility_policy=VisibilityPolicy.REVIEW)
    report_id = create_report().report_id
    assert dispatch(report_id, town, category_id=category.id).visibility is V.PENDING
    assert decide(decide_visibility, report_id, town, visibility=V.PUBLIC).visibility is V.PUBLIC
    report = decide(decide_visibility, report_id, town, visibility=V.PRIVATE, reason="Lộ mặt người")
    assert report.visibility is V.PRIVATE
    entry = entry_of(report_id, HistoryKind.VISIBILITY_CHANGED)
    assert (entry.note, entry.public, entry.account_id) == (
        "Lộ mặt người", False, town.dispatcher.id,
    )  # fmt: skip


def test_no_dispatch_overrules_what_a_dispatcher_holds(town: Town) -> None:
    report_id = create_report().report_id
    for visibility in (V.PRIVATE, V.PENDING):
        decide(decide_visibility, report_id, town, visibility=visibility, reason="Chờ xem")
    assert dispatch(report_id, town).visibility is V.PENDING


def test_what_the_public_may_never_see_is_refused(town: Town) -> None:
    never = create_category("Tệ nạn", visibility_policy=VisibilityPolicy.NEVER)
    report_id = create_report(category=never).report_id
    for visibility in (V.PUBLIC, V.PENDING):
        with pytest.raises(Invalid) as invalid:
            decide(decide_visibility, report_id, town, visibility=visibility, reason="?")
        assert invalid.value.fields == {"visibility": "never_public"}
    refused = create_report().report_id
    for wanted, problems in (
        (None, {"visibility": "required"}),
        (V.PRIVATE, {"reason": "required"}),
    ):
        with pytest.raises(Invalid) as invalid:
            decide(decide_visibility, refused, town, visibility=wanted)
        assert invalid.value.fields == problems
    with pytest.raises(Conflict) as conflict:
        decide(decide_visibility, refused, town, visibility=V.PENDING, reason="?")
    assert conflict.value.code == "visible_so_already"
    reject(refused, town)
    with pytest.raises(Conflict) as conflict:
        decide(decide_visibility, refused, town, visibility=V.PUBLIC)
    assert conflict.value.code == "stays_private"
    with pytest.raises(NotAllowed):
        decide(decide_visibility, report_id, town, visibility=V.PRIVATE, actor=town.as_head)
