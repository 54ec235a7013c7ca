"""A reporter takes a report back, or asks for a second look at a refused one."""

from datetime import timedelta
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    RejectionReason,
    ReportState,
    Visibility,
)
from feedback.operations.ask_again import ask_again
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.reject_report import reject_report
from feedback.operations.withdraw_report import withdraw_report
from tests.factories import (
    MONDAY,
    create_case,
    create_closed_report,
    create_report,
    create_unit,
    the_city,
)
from tests.operations.lives import Town, entry_of, footprint, history_of, kinds_of, load, steps

LATER = MONDAY + timedelta(hours=3)
DAY = timedelta(days=1)


def withdraw(report_id: int, **how: Any) -> None:
    """Take a report back three hours after it came."""
    given: dict[str, Any] = {"actor": CITIZEN, "now": LATER, **how}
    withdraw_report(report_id, city=the_city(), **given)


def ask(report_id: int, reason: str = "Việc này thuộc thành phố", **how: Any) -> None:
    """Ask for a second look a day after the refusal."""
    given: dict[str, Any] = {"actor": CITIZEN, "now": LATER + DAY, **how}
    ask_again(report_id, reason=reason, city=the_city(), **given)


def reject(report_id: int, town: Town, **how: Any) -> None:
    """The operations centre refuses a report."""
    given: dict[str, Any] = {"actor": town.as_dispatcher, "now": LATER, **how}
    reject_report(
        report_id,
        reason=RejectionReason.OUT_OF_SCOPE,
        text="Mời bạn gửi đến Công an phường.",
        version=None,
        city=the_city(),
        **given,
    )


# Taking back


def test_taking_a_report_back_ends_what_every_unit_has_of_it(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler, category=town.category)
    other = create_unit("Điện lực")
    with steps(case.report_id, town.as_dispatcher, MONDAY) as life:
        level = life.reference.directory.level_in_force(
            town.category.service_level_code, life.today
        )
        life.assign(other.id, level)
    withdraw(case.report_id, reason="  Đã tự dọn  ")

    report = load(case.report_id)
    assert report.state is ReportState.WITHDRAWN
    assert report.visibility is Visibility.PRIVATE
    assert {a.state for a in report.assignments} == {AssignmentState.WITHDRAWN}
    assert {a.ended_at for a in report.assignments} == {LATER}
    entries = history_of(case.report_id)[-4:]
    assert [(entry.kind, entry.actor_kind) for entry in entries] == [
        (HistoryKind.WITHDRAWN, CITIZEN.kind),
        (HistoryKind.ASSIGNMENT_WITHDRAWN, SYSTEM.kind),
        (HistoryKind.ASSIGNMENT_WITHDRAWN, SYSTEM.kind),
        (HistoryKind.VISIBILITY_CHANGED, SYSTEM.kind),
    ]
    assert (entries[0].note, entries[0].from_state) == ("Đã tự dọn", "in_progress")
    assert {entry.report_version for entry in entries} == {report.version}


def test_a_report_nobody_has_yet_can_be_taken_back_without_a_reason(town: Town) -> None:
    report_id = create_report().report_id
    withdraw(report_id)
    assert load(report_id).state is ReportState.WITHDRAWN
    assert entry_of(report_id, HistoryKind.WITHDRAWN).note == ""


def test_what_is_finished_cannot_be_taken_back(town: Town) -> None:
    closed = create_closed_report(town.unit, category=town.category, handler=town.handler)
    refused = create_report().report_id
    reject(refused, town)
    withdrawn = create_report().report_id
    withdraw(withdrawn)
    for report_id in (closed.report_id, refused, withdrawn):
        before = footprint()
        with pytest.raises(Conflict) as conflict:
            withdraw(report_id)
        assert conflict.value.code == "step_not_possible"
        assert footprint() == before


def test_only_the_reporter_takes_a_report_back(town: Town) -> None:
    case = create_case(town.unit, category=town.category)
    before = footprint()
    for actor in (town.as_dispatcher, town.as_head, SYSTEM):
        with pytest.raises(NotAllowed):
            withdraw(case.report_id, actor=actor)
    with pytest.raises(Invalid) as refusal:
        withdraw(case.report_id, reason="x" * 2_001)
    assert refusal.value.fields == {"reason": "too_long"}
    with pytest.raises(Conflict) as conflict:
        withdraw(case.report_id, version=99)
    assert conflict.value.code == "changed_meanwhile"
    with pytest.raises(NotFound):
        withdraw(404)
    assert footprint() == before


# A second look


def test_a_refused_report_is_put_before_the_dispatchers_once_more(town: Town) -> None:
    report_id = create_report().report_id
    reject(report_id, town)
    ask(report_id)

    report = load(report_id)
    assert report.state is ReportState.REJECTED
    assert report.visibility is Visibility.PRIVATE
    assert report.asked_again_at == LATER + DAY
    entry = entry_of(report_id, HistoryKind.ASKED_AGAIN)
    assert (entry.note, entry.actor_kind) == ("Việc này thuộc thành phố", CITIZEN.kind)
    assert entry.report_version == report.version


def test_one_may_ask_once_after_each_refusal(town: Town) -> None:
    report_id = create_report().report_id
    reject(report_id, town)
    ask(report_id)
    with pytest.raises(Conflict) as conflict:
        ask(report_id)
    assert conflict.value.code == "asked_before"

    with steps(report_id, town.as_dispatcher, LATER + 2 * DAY) as life:
        life.move_report(
            ReportState.RECEIVED, HistoryKind.REJECTION_LIFTED, given={"reason"}, note="Nhầm"
        )
    reject(report_id, town, now=LATER + 3 * DAY)
    ask(report_id, now=LATER + 4 * DAY)
    assert kinds_of(report_id).count(HistoryKind.ASKED_AGAIN) == 2


def test_the_time_for_asking_ends_after_thirty_days(town: Town) -> None:
    report_id = create_report().report_id
    reject(report_id, town)
    with pytest.raises(Conflict) as conflict:
        ask(report_id, now=LATER + 30 * DAY + timedelta(seconds=1))
    assert conflict.value.code == "asking_over"
    ask(report_id, now=LATER + 30 * DAY)


def test_only_the_reporter_of_a_refused_report_asks_and_says_why(town: Town) -> None:
    report_id = create_report().report_id
    with pytest.raises(Conflict) as conflict:
        ask(report_id)
    assert conflict.value.code == "not_rejected"
    reject(report_id, town)
    before = footprint()
    for reason, code in (("  ", "why_again"), ("x" * 2_001, "too_long")):
        with pytest.raises(Invalid) as refusal:
            ask(report_id, reason)
        assert refusal.value.fields == {"reason": code}
    for actor in (town.as_dispatcher, town.as_handler, SYSTEM):
        with pytest.raises(NotAllowed):
            ask(report_id, actor=actor)
    assert footprint() == before


def test_a_refused_report_that_was_asked_for_cannot_be_dispatched_unless_it_is_taken_back_in(
    town: Town,
) -> None:
    report_id = create_report().report_id
    reject(report_id, town)
    ask(report_id)
    with pytest.raises(Conflict):
        dispatch_report(
            report_id,
            unit_id=town.unit.id,
            category_id=town.category.id,
            version=None,
            actor=town.as_dispatcher,
            city=the_city(),
            now=LATER + 2 * DAY,
        )
