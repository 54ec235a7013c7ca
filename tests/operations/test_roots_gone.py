"""No duplicate waits for a report that nobody handles, and what came with one goes with it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import ActorKind, RejectionReason, ReportState
from feedback.operations.apply_retention import apply_retention
from feedback.operations.decide_rejection import lift_rejection
from feedback.operations.mark_duplicate import mark_duplicate, undo_duplicate
from feedback.operations.reject_report import reject_report
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.models import Report
from tests.factories import MONDAY, create_report, the_city
from tests.operations.by_hand import working
from tests.operations.lives import Town, at_once, entry_of, kinds_of, load

R, K = ReportState, HistoryKind
LATER = MONDAY + timedelta(hours=3)


def made(count: int) -> list[int]:
    """Some reports of different people, oldest first."""
    return [create_report().report_id for _ in range(count)]


def mark(report_id: int, root_id: int, town: Town) -> None:
    code = load(root_id).code
    how = {"version": None, "actor": town.as_dispatcher, "city": the_city(), "now": LATER}
    mark_duplicate(report_id, root_code=code, **how)


def undo(report_id: int, town: Town) -> None:
    undo_duplicate(report_id, version=None, actor=town.as_dispatcher, city=the_city(), now=LATER)


def reject(report_id: int, town: Town) -> None:
    reject_report(
        report_id,
        reason=RejectionReason.OUT_OF_SCOPE,
        text="Mời gửi Công an.",
        version=None,
        actor=town.as_dispatcher,
        city=the_city(),
        now=LATER,
    )


def withdraw(report_id: int, _town: Town) -> None:
    withdraw_report(report_id, actor=CITIZEN, city=the_city(), now=LATER)


def roots(report_ids: Sequence[int]) -> list[int | None]:
    return [load(report_id).root_id for report_id in report_ids]


def nobody_waits_in_vain() -> bool:
    """Whether every duplicate's root is a report that somebody handles or has handled."""
    root = aliased(Report)
    gone = (R.DUPLICATE, R.REJECTED, R.WITHDRAWN)
    with reading() as session:
        session.expire_all()
        query = select(Report.id).join(root, Report.root_id == root.id).where(root.state.in_(gone))
        return session.scalars(query).all() == []


@pytest.mark.parametrize("end", [reject, withdraw])
def test_the_oldest_duplicate_takes_the_place_of_a_root_that_is_gone(
    town: Town, end: Callable[[int, Town], None]
) -> None:
    root, oldest, second, third = made(4)
    for repeat in (third, oldest, second):
        mark(repeat, root, town)
    end(root, town)

    assert roots([oldest, second, third]) == [None, oldest, oldest]
    assert [load(one).state for one in (oldest, second)] == [R.RECEIVED, R.DUPLICATE]
    entry = entry_of(oldest, K.DUPLICATE_UNDONE)
    assert entry.data == {"root_id": root, "why": "root_gone"}
    assert (entry.actor_kind, entry.public) == (ActorKind.SYSTEM, True)
    assert entry_of(second, K.ROOT_MOVED).data == {"root_id": oldest, "why": "root_gone"}
    assert nobody_waits_in_vain()
    assert verify_statistics(city=the_city()) == []

    end(oldest, town)
    assert roots([second, third]) == [None, second]


def test_one_whose_work_had_begun_goes_back_to_triage_with_its_deadline(town: Town) -> None:
    (root,), case = made(1), working(town)
    due = load(case.report_id).due
    mark(case.report_id, root, town)
    withdraw(root, town)
    report = load(case.report_id)
    assert (report.state, report.lead_assignment_id, report.due) == (R.RECEIVED, None, due)


def test_a_root_accepted_after_all_does_not_take_them_back(town: Town) -> None:
    root, repeat = made(2)
    mark(repeat, root, town)
    reject(root, town)
    how = {"version": None, "actor": town.as_dispatcher, "city": the_city(), "now": LATER}
    lift_rejection(root, reason="Xem lại", **how)
    assert [load(one).state for one in (root, repeat)] == [R.RECEIVED, R.RECEIVED]
    mark(repeat, root, town)  # the dispatcher may say so once more
    assert roots([repeat]) == [root]


def test_what_was_anonymised_is_not_put_before_anybody(town: Town) -> None:
    root, old = made(2)
    mark(old, root, town)
    late = LATER + timedelta(days=120)
    apply_retention(city=replace(the_city(), retention_days=90), now=late)
    assert load(old).anonymised_at is not None
    young = create_report(now=late).report_id
    mark(young, root, town)
    withdraw(root, town)
    assert [load(one).state for one in (old, young)] == [R.DUPLICATE, R.RECEIVED]


def test_what_repeated_a_duplicate_repeats_it_again_once_that_is_undone(town: Town) -> None:
    top, middle, low, lower, other = made(5)
    mark(low, middle, town)
    mark(lower, middle, town)
    mark(other, top, town)
    mark(middle, top, town)
    assert roots([middle, low, lower, other]) == [top] * 4

    undo(middle, town)
    assert load(middle).state is R.RECEIVED
    assert roots([middle, low, lower, other]) == [None, middle, middle, top]
    assert entry_of(low, K.ROOT_MOVED).data == {"root_id": middle, "why": "root_of_its_own"}
    assert kinds_of(low)[-1] is K.ROOT_MOVED
    assert nobody_waits_in_vain()


def test_they_come_back_through_several_steps_but_not_what_left_meanwhile(town: Town) -> None:
    highest, top, middle, low, left = made(5)
    mark(low, middle, town)
    mark(left, middle, town)
    mark(middle, top, town)
    mark(top, highest, town)
    undo(left, town)
    mark(left, highest, town)
    undo(middle, town)
    assert roots([top, middle, low, left]) == [highest, None, middle, highest]
    undo(top, town)
    assert roots([top, left]) == [None, highest]


def test_who_moved_because_a_root_was_gone_does_not_go_back_to_it(town: Town) -> None:
    gone, oldest, second = made(3)
    mark(oldest, gone, town)
    mark(second, gone, town)
    reject(gone, town)
    how = {"version": None, "actor": town.as_dispatcher, "city": the_city(), "now": LATER}
    lift_rejection(gone, reason="Xem lại", **how)
    mark(gone, oldest, town)
    undo(gone, town)
    assert roots([gone, oldest, second]) == [None, None, oldest]


@pytest.mark.parametrize(
    "other",
    [
        lambda ids, town: mark(ids[2], ids[0], town),  # one more duplicate of the root
        lambda ids, town: undo(ids[1], town),  # its only duplicate is none
        lambda ids, town: mark(ids[0], ids[2], town),  # it repeats another one itself
        lambda ids, town: withdraw(ids[0], town),
    ],
)
def test_two_dispatchers_at_once_leave_nobody_waiting(
    town: Town, other: Callable[[list[int], Town], None]
) -> None:
    ids = made(3)
    mark(ids[1], ids[0], town)
    results = at_once(lambda: reject(ids[0], town), lambda: other(ids, town))
    assert all(result is None or isinstance(result, (Conflict, Invalid)) for result in results)
    assert None in results
    assert nobody_waits_in_vain()


def test_undoing_at_once_with_a_merge_above_it_leaves_no_chain(town: Town) -> None:
    highest, top, middle, low = made(4)
    mark(low, middle, town)
    mark(middle, top, town)
    results = at_once(lambda: undo(middle, town), lambda: mark(top, highest, town))
    assert all(result is None or isinstance(result, Conflict) for result in results)
    assert None in results
    assert nobody_waits_in_vain()
