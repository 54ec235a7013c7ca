"""On working mornings staff hear of what is due, once a person and kind, and never twice of one."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from feedback.domain.notices import NoticeKind
from feedback.domain.states import AssignmentState, Clock
from feedback.operations.remind_staff import CASES, remind_staff
from feedback.operations.transaction import transaction
from feedback.storage.models import Assignment, CalendarDay
from tests.factories import (
    INSIDE,
    MONDAY,
    Case,
    create_answered_case,
    create_case,
    create_category,
    create_unit,
    the_city,
)
from tests.notices.conftest import DUTY, HANDLER, HEAD
from tests.operations.by_hand import at, step
from tests.operations.lives import Town, steps
from tests.support.post import Postbox, all_notices, reach_people_by

Deliver = Callable[[], None]
ESCALATE_AFTER = 3
N = NoticeKind
# A case that came on the Monday is due on day 9, a Wednesday, at 17:00.


def morning(days: int) -> datetime:
    """Half past seven, some days after the Monday on which everything begins."""
    return at(days, 7, 30)


def remind(now: datetime) -> None:
    """The work of a morning."""
    remind_staff(escalate_after_days=ESCALATE_AFTER, city=the_city(), now=now)


def written() -> list[tuple[NoticeKind, int]]:
    """Each reminder with the number of its cases, by its place in the day."""
    return sorted((n.kind, len(n.data[CASES])) for n in all_notices() if CASES in n.data)


def whom(kind: NoticeKind, post: Postbox) -> list[str]:
    """Who got a reminder of a kind."""
    marks = {f"<notice-{n.id}.{n.mark}" for n in all_notices() if n.kind is kind}
    return sorted(m.address for m in post.messages if m.id.partition("@")[0] in marks)


@pytest.fixture
def taken(town: Town) -> list[Case]:
    """Three cases of the handler, due on the same Wednesday."""
    how = {"category": town.category, "handler": town.handler, "place": INSIDE}
    return [create_case(town.unit, **how) for _ in range(3)]


def test_one_letter_on_the_working_day_before_names_all_cases(
    taken: list[Case], post: Postbox, deliver: Deliver
) -> None:
    deliver()
    post.messages.clear()
    for days in (7, 8, 9):
        remind(morning(days))
    deliver()
    assert written() == [(N.DUE_TOMORROW, 3)]
    (letter,) = post.to(HANDLER)
    assert letter.letter.subject == "3 phản ánh đến hạn vào ngày làm việc tiếp theo"
    assert all(case.code in letter.letter.text for case in taken)
    assert all(case.code in letter.letter.html for case in taken)
    assert all(case.token not in letter.letter.text for case in taken)


def test_what_is_due_on_a_monday_or_on_days_off_is_told_on_the_friday_before(
    town: Town, deliver: Deliver
) -> None:
    urgent = create_category(
        clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=6 * 24 * 60
    )
    create_case(town.unit, category=urgent, now=MONDAY)  # due on Sunday at nine
    create_case(town.unit, category=create_category(resolve_days=5), now=MONDAY)  # next Monday
    for days in range(7):
        remind(morning(days))
    due = [n for n in all_notices() if n.kind is N.DUE_TOMORROW]
    assert {n.created_at for n in due} == {morning(4)}
    assert {len(n.data[CASES]) for n in due} == {2}


def test_nothing_is_said_on_a_day_off(taken: list[Case]) -> None:
    with transaction(the_city()) as session:
        session.add(
            CalendarDay(day=at(8, 0).date(), kind="holiday", blocks=[], name="Lễ", source="test")
        )
    remind(morning(5))
    remind(morning(8))
    assert written() == []


def test_a_case_nobody_handles_is_told_to_whoever_stands_for_the_unit(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    create_case(town.unit, category=town.category, place=INSIDE)
    remind(morning(8))
    deliver()
    assert whom(N.DUE_TOMORROW, post) == [DUTY, HEAD]


def test_an_answer_that_waits_for_the_head_is_told_to_the_head(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    how = {"category": town.category, "handler": town.handler, "place": INSIDE}
    create_answered_case(town.unit, **how)
    remind(morning(8))
    deliver()
    assert whom(N.DUE_TOMORROW, post) == [HEAD]


def test_overdue_is_told_to_handler_and_head_once_for_each_deadline(
    town: Town, taken: list[Case], post: Postbox, deliver: Deliver
) -> None:
    for days in (10, 10, 11):
        remind(morning(days))
    assert written() == [(N.OVERDUE, 3), (N.OVERDUE, 3)]
    deliver()
    assert whom(N.OVERDUE, post) == [HANDLER, HEAD]
    with steps(taken[0].report_id, town.as_dispatcher, morning(11)) as life:
        life.move_due(life.round, at(11, 17), why="extension")
    remind(morning(14))
    told = [n for n in all_notices() if n.kind is N.OVERDUE and n.created_at == morning(14)]
    assert [[case_id for case_id, _due in n.data[CASES]] for n in told] == [
        [taken[0].assignment_id],
        [taken[0].assignment_id],
    ]


def test_the_head_hears_once_of_what_has_been_overdue_for_days(
    taken: list[Case], post: Postbox, deliver: Deliver
) -> None:
    for days in (10, 11, 14, 15, 16):
        remind(morning(days))
    deliver()
    escalated = [n for n in all_notices() if n.kind is N.ESCALATED]
    assert [n.created_at for n in escalated] == [morning(14)]  # the third working day after
    assert whom(N.ESCALATED, post) == [HEAD]
    assert any("lãnh đạo đơn vị" in message.letter.text for message in post.to(HEAD))


def test_what_waits_for_the_citizen_or_is_settled_is_not_told(
    town: Town, taken: list[Case], deliver: Deliver
) -> None:
    waiting, returned, _left = taken
    step(waiting, AssignmentState.WAITING, town.as_handler, MONDAY)
    step(returned, AssignmentState.RETURNED, town.as_handler, MONDAY)
    remind(morning(10))
    assert written() == [(N.OVERDUE, 1), (N.OVERDUE, 1)]


def test_who_left_the_unit_is_told_nothing(town: Town, post: Postbox, deliver: Deliver) -> None:
    other = create_unit("Đơn vị khác")
    case = create_case(town.unit, category=town.category, handler=town.handler, place=INSIDE)
    with transaction(the_city()) as session:
        handler = session.get_one(Assignment, case.assignment_id).handler
        assert handler is not None
        handler.unit_id = other.id
    remind(morning(8))
    deliver()
    assert whom(N.DUE_TOMORROW, post) == [DUTY, HEAD]


def test_a_long_list_says_how_many_more_there_are(
    town: Town, post: Postbox, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.jobs.letters.to_staff.LONGEST_LIST", 2)
    how = {"category": town.category, "handler": town.handler, "place": INSIDE}
    for _ in range(5):
        create_case(town.unit, **how)
    remind(morning(8))
    deliver()
    assert "… và 3 phản ánh khác." in post.to(HANDLER)[-1].letter.text


def test_without_a_channel_nothing_is_written(app: Flask, taken: list[Case]) -> None:
    reach_people_by(app)
    remind(morning(10))
    assert written() == []
