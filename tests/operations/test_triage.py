"""The dispatcher's two ways with a report no rule could route: send it on, or refuse it."""

from datetime import date, timedelta
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM, Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    AssignmentState,
    RejectionReason,
    ReportState,
    Visibility,
    VisibilityPolicy,
)
from feedback.domain.transitions import Need
from feedback.operations.dispatch_report import dispatch_report
from feedback.operations.reject_report import reject_report
from tests.factories import MONDAY, create_category, create_report, create_unit, the_city
from tests.operations.lives import Town, entry_of, footprint, history_of, kinds_of, load, steps

LATER = MONDAY + timedelta(hours=3)


def dispatch(report_id: int, town: Town, **more: Any) -> None:
    """Send a report to the town's unit, three hours later."""
    given: dict[str, Any] = {
        "unit_id": town.unit.id,
        "category_id": town.category.id,
        "version": None,
        "actor": town.as_dispatcher,
        "now": LATER,
        **more,
    }
    dispatch_report(report_id, city=the_city(), **given)


def reject(report_id: int, town: Town, **more: Any) -> None:
    """Refuse a report with a reason and a text."""
    given: dict[str, Any] = {
        "reason": RejectionReason.OUT_OF_SCOPE,
        "text": "Mời ông bà gửi đến Công an phường.",
        "version": None,
        "actor": town.as_dispatcher,
        "now": LATER,
        **more,
    }
    reject_report(report_id, city=the_city(), **given)


def test_a_report_is_dispatched_by_hand_with_its_category(town: Town) -> None:
    report_id = create_report().report_id
    dispatch(report_id, town, version=1)

    report = load(report_id)
    assert (report.state, report.version) == (ReportState.DISPATCHED, 2)
    assert (report.unit_id, report.category_id) == (town.unit.id, town.category.id)
    assert report.visibility is Visibility.PUBLIC
    assert report.rounds[0].started_at == LATER
    assert report.changed_at == LATER
    assert report.assignments[0].rule_id is None
    history = history_of(report_id)
    assert [entry.kind for entry in history] == [
        HistoryKind.RECEIVED,
        HistoryKind.CATEGORISED,
        HistoryKind.ROUND_STARTED,
        HistoryKind.DISPATCHED,
        HistoryKind.LEAD_NAMED,
        HistoryKind.VISIBILITY_CHANGED,
    ]
    assert [entry.report_version for entry in history] == [1, 2, 2, 2, 2, 2]
    assert history[1].data == {"category_id": town.category.id}
    assert history[3].account_id == town.dispatcher.id


def test_a_category_that_was_right_is_not_written_again(town: Town) -> None:
    category = create_category("Cây xanh")
    report_id = create_report(category=category).report_id
    dispatch(report_id, town, category_id=category.id)
    assert HistoryKind.CATEGORISED not in kinds_of(report_id)


def test_only_what_stands_in_the_city_today_can_be_chosen(town: Town) -> None:
    report_id = create_report().report_id
    before = footprint()
    gone = create_unit(valid_to=date(2026, 3, 1))
    coming = create_unit(valid_from=date(2026, 3, 3))
    for fields, problems in (
        ({"unit_id": gone.id}, {"unit_id": "unit_not_in_force"}),
        ({"unit_id": coming.id}, {"unit_id": "unit_not_in_force"}),
        ({"unit_id": 999_999}, {"unit_id": "unknown_unit"}),
        ({"unit_id": 10**30}, {"unit_id": "unknown_unit"}),
        ({"category_id": 999_999}, {"category_id": "unknown_category"}),
        ({"category_id": 10**30}, {"category_id": "unknown_category"}),
    ):
        with pytest.raises(Invalid) as invalid:
            dispatch(report_id, town, **fields)
        assert invalid.value.fields == problems
    assert footprint() == before
    with pytest.raises(NotFound):
        dispatch(999_999, town)


def test_only_a_dispatcher_dispatches_and_rejects(town: Town) -> None:
    report_id = create_report().report_id
    strangers: tuple[Actor, ...] = (town.as_handler, town.as_head, CITIZEN, SYSTEM)
    for actor in strangers:
        with pytest.raises(NotAllowed):
            dispatch(report_id, town, actor=actor)
        with pytest.raises(NotAllowed):
            reject(report_id, town, actor=actor)
    assert kinds_of(report_id) == [HistoryKind.RECEIVED]


def test_a_report_that_is_somewhere_already_is_not_the_dispatchers(town: Town) -> None:
    report_id = create_report(category=town.category, area_id=town.area.id).report_id
    for step in (dispatch, reject):
        with pytest.raises(Conflict) as conflict:
            step(report_id, town)
        assert conflict.value.code == "step_not_possible"


def test_a_report_that_changed_meanwhile_says_what_happened(town: Town) -> None:
    report_id = create_report().report_id
    seen = load(report_id).version
    reject(report_id, town, version=seen)
    with pytest.raises(Conflict) as conflict:
        dispatch(report_id, town, version=seen)
    assert conflict.value.code == "changed_meanwhile"
    assert conflict.value.params["changes"] == ["rejected", "visibility_changed"]


def test_a_rejected_report_is_private_and_tells_the_right_door(town: Town) -> None:
    report_id = create_report().report_id
    reject(report_id, town, text=" Mời gửi Công an phường.\x00 ")
    report = load(report_id)
    assert (report.state, report.visibility) == (ReportState.REJECTED, Visibility.PRIVATE)
    assert report.rejection_text == "Mời gửi Công an phường."
    entry = entry_of(report_id, HistoryKind.REJECTED)
    assert (entry.from_state, entry.to_state) == ("received", "rejected")
    assert entry.data == {"reason_code": "out_of_scope"}
    assert (entry.note, entry.public) == ("Mời gửi Công an phường.", True)


def test_a_rejection_needs_its_reason_and_a_text(town: Town) -> None:
    report_id = create_report().report_id
    for fields, problems in (
        ({"reason": None}, {"reason_code": "required"}),
        ({"text": " \x00"}, {"text": "required"}),
        ({"reason": None, "text": ""}, {"reason_code": "required", "text": "required"}),
        ({"text": "a" * 2_001}, {"text": "too_long"}),
    ):
        with pytest.raises(Invalid) as invalid:
            reject(report_id, town, **fields)
        assert invalid.value.fields == problems
    assert load(report_id).state is ReportState.RECEIVED


def test_what_came_back_from_a_unit_keeps_its_round_and_its_promise(town: Town) -> None:
    report_id = create_report(category=town.category, area_id=town.area.id).report_id
    due = load(report_id).due
    with steps(report_id, town.as_handler, LATER) as life:
        assert life.lead is not None
        life.move(
            life.lead,
            AssignmentState.RETURNED,
            HistoryKind.RETURNED,
            given={Need.REASON},
            note="Không thuộc thẩm quyền",
        )
    returned = load(report_id)
    assert (returned.state, returned.lead_assignment_id) == (ReportState.RECEIVED, None)
    assert returned.unit_id == town.unit.id  # the last one that had it
    assert returned.assignments[0].ended_at == LATER

    other = create_unit("Ủy ban phường")
    urgent = create_category("Ngập lụt", resolve_days=1)
    dispatch(
        report_id, town, unit_id=other.id, category_id=urgent.id, now=LATER + timedelta(days=1)
    )

    report = load(report_id)
    assert len(report.rounds) == 1
    assert report.due == report.rounds[0].due == report.rounds[0].original_due == due
    assert [a.due for a in report.assignments] == [due, due]
    assert report.unit_id == report.rounds[0].unit_id == other.id
    assert kinds_of(report_id).count(HistoryKind.ROUND_STARTED) == 1


def test_a_new_category_that_is_never_public_takes_a_report_from_the_public(town: Town) -> None:
    report_id = create_report(category=town.category, area_id=town.area.id).report_id
    assert load(report_id).visibility is Visibility.PUBLIC
    with steps(report_id, town.as_handler, LATER) as life:
        assert life.lead is not None
        life.move(life.lead, AssignmentState.RETURNED, HistoryKind.RETURNED, given={Need.REASON})
    private = create_category("Tệ nạn", visibility_policy=VisibilityPolicy.NEVER)
    dispatch(report_id, town, category_id=private.id)
    assert load(report_id).visibility is Visibility.PRIVATE
