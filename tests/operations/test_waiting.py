"""Waiting for the citizen: what it does to the due moment, and what ends it."""

from datetime import UTC, timedelta

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    Clock,
    Outcome,
)
from feedback.operations.answer_case import Answer, answer_case
from tests.factories import (
    create_case,
    create_category,
    the_city,
)
from tests.operations.by_hand import DUE, A, R, ask, at, due_of, reply, step, working
from tests.operations.lives import Town, entry_of, history_of, kinds_of, load


def test_waiting_moves_the_due_moment_by_the_working_time_waited(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    report = load(case.report_id)
    assert report.state is R.WAITING
    assert report.rounds[0].waiting_since == at(0, 10)
    assert due_of(case) == DUE  # moved only when the waiting ends

    reply(case, at(1, 9))  # 1:30 + 4:00 on Monday, 1:30 on Tuesday: seven hours

    report = load(case.report_id)
    assert report.state is R.IN_PROGRESS
    assert (report.rounds[0].waiting_since, report.rounds[0].waited_minutes) == (None, 420)
    # 420 minutes after Wednesday 17:00 is Thursday 16:00.
    assert due_of(case) == at(10, 16)
    ended = entry_of(case.report_id, HistoryKind.WAITING_ENDED)
    moved = entry_of(case.report_id, HistoryKind.DUE_MOVED)
    assert ended.data == {"minutes": 420}
    assert moved.data == {
        "original_due": DUE.isoformat(),
        "due": at(10, 16).astimezone(UTC).isoformat(),
        "why": "waiting",
    }


def test_waiting_counts_whole_minutes_that_add_up(town: Town) -> None:
    case = working(town)
    for minute in range(0, 30, 10):
        ask(case, town, at(0, 10, minute) + timedelta(seconds=59))
        reply(case, at(0, 10, minute + 5) + timedelta(seconds=1, microseconds=1))
    assert load(case.report_id).rounds[0].waited_minutes == 15
    assert due_of(case) == at(10, 7, 45)


def test_no_working_time_waited_moves_nothing(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 11, 30))
    reply(case, at(0, 13))
    assert due_of(case) == DUE
    assert entry_of(case.report_id, HistoryKind.WAITING_ENDED).data == {"minutes": 0}
    assert HistoryKind.DUE_MOVED not in kinds_of(case.report_id)


def test_waiting_counts_up_to_the_levels_limit_over_the_whole_round(town: Town) -> None:
    category = create_category("Có hạn chờ", waiting_limit_minutes=300)
    case = create_case(town.unit, handler=town.handler, category=category)
    ask(case, town, at(0, 10))
    reply(case, at(0, 14))  # 1:30 + 1:00
    ask(case, town, at(0, 15))
    reply(case, at(4, 9), actor=SYSTEM)  # far more than the 2:30 that are left
    ask(case, town, at(4, 10))
    reply(case, at(4, 11))
    report = load(case.report_id)
    assert report.rounds[0].waited_minutes == 300
    ended = [e for e in history_of(case.report_id) if e.kind is HistoryKind.WAITING_ENDED]
    assert [entry.data["minutes"] for entry in ended] == [150, 150, 0]
    assert due_of(case) == at(10, 14)


def test_round_the_clock_waiting_counts_every_minute(town: Town) -> None:
    category = create_category(
        "Ngập", clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=24 * 60
    )
    case = create_case(town.unit, handler=town.handler, category=category, now=at(5, 23))
    assert load(case.report_id).due == at(6, 23)
    ask(case, town, at(5, 23, 30))
    reply(case, at(6, 1, 30))
    report = load(case.report_id)
    assert (report.due, report.rounds[0].original_due) == (at(7, 1), at(6, 23))


@pytest.mark.parametrize(
    ("target", "actor"),
    [
        (A.IN_PROGRESS, "citizen"),
        (A.IN_PROGRESS, "system"),
        (A.RETURNED, "handler"),
        (A.TRANSFERRED, "dispatcher"),
        (A.WITHDRAWN, "dispatcher"),
        (A.WITHDRAWN, "system"),
    ],
)
def test_leaving_waiting_by_any_way_adds_the_time(
    town: Town, target: AssignmentState, actor: str
) -> None:
    actors = {
        "citizen": CITIZEN,
        "system": SYSTEM,
        "handler": town.as_handler,
        "dispatcher": town.as_dispatcher,
    }
    case = working(town)
    ask(case, town, at(0, 10))
    step(case, target, actors[actor], at(0, 11))
    report = load(case.report_id)
    assert (report.rounds[0].waited_minutes, report.rounds[0].waiting_since) == (60, None)
    assert report.rounds[0].due == report.due == at(10, 8, 30)
    assert report.rounds[0].original_due == DUE


def test_answering_while_waiting_adds_the_time_and_takes_it_out_of_the_measure(
    town: Town,
) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    answer_case(
        *(case.report_id, case.assignment_id),
        Answer(outcome=Outcome.NOT_FOUND, text="Không tìm thấy."),
        version=None,
        actor=town.as_handler,
        city=the_city(),
        now=at(0, 11),
    )
    report = load(case.report_id)
    assert (report.state, report.rounds[0].due) == (R.CLOSED, at(10, 8, 30))
    assert entry_of(case.report_id, HistoryKind.CLOSED).data["minutes"] == 60
    assert entry_of(case.report_id, HistoryKind.CLOSED).data["waited"] == 60
