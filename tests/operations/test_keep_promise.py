"""A unit shows that it has kept what its answer promised."""

from datetime import timedelta
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.states import Outcome, PhotoPurpose, ReportState, Role
from feedback.operations.follow_report import can_be_followed
from feedback.operations.keep_promise import Proof, keep_promise
from feedback.operations.reopen_report import reopen_report
from feedback.operations.transaction import reading
from feedback.storage.models import Account, HistoryEntry, Message, Photo, Unit
from feedback.storage.queries import promises
from tests.factories import (
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_closed_report,
    create_unit,
    create_upload,
    create_working_week,
    the_city,
)
from tests.operations.lives import load

LATER = MONDAY + timedelta(days=10)
TEXT = "Đã lắp thêm ba thùng rác."


@pytest.fixture
def unit(app_context: None) -> Unit:
    create_working_week()
    return create_unit()


@pytest.fixture
def handler(unit: Unit) -> Account:
    return create_account(Role.HANDLER, unit)


def planned(unit: Unit, handler: Account, **more: Any) -> Case:
    return create_closed_report(unit, outcome=Outcome.PLANNED, handler=handler, **more)


def keep(case: Case, by: Account, **how: Any) -> None:
    proof = Proof(
        text=how.pop("text", TEXT),
        photo_ids=how.pop("photo_ids", None) or (create_upload(PhotoPurpose.NOTE),),
        text_checked=how.pop("text_checked", False),
    )
    seen = {"version": None, "now": LATER} | how
    keep_promise(
        case.report_id, case.assignment_id, proof, actor=actor_of(by), city=the_city(), **seen
    )


def test_a_kept_promise_is_public_history_and_changes_no_state(
    unit: Unit, handler: Account
) -> None:
    case = planned(unit, handler)
    assert can_be_followed(load(case.report_id))
    keep(case, handler)
    report = load(case.report_id)
    assert (report.state, report.outcome) == (ReportState.CLOSED, Outcome.PLANNED)
    assert report.rounds[-1].promise_kept_at == LATER
    assert not can_be_followed(report)
    with reading() as session:
        entry = session.query(HistoryEntry).filter_by(kind=HistoryKind.PROMISE_KEPT).one()
        assert (entry.note, entry.public, entry.data["number"]) == (TEXT, True, 1)
        assert session.query(Message).one().public
        assert session.query(Photo).filter_by(message_id=entry.data["message_id"]).count() == 1
    with pytest.raises(Conflict, match="no_open_promise"):
        keep(case, handler)


def test_a_promise_is_kept_with_words_and_a_photo_by_its_own_unit(
    unit: Unit, handler: Account
) -> None:
    case = planned(unit, handler)
    stranger = create_account(Role.HEAD, create_unit("Điện lực"))
    with pytest.raises(NotAllowed):
        keep(case, stranger)
    for lacking, field in (
        ({"text": " "}, "text"),
        ({"text": "Gọi 0905 123 456"}, "checked_text"),
        ({"photo_ids": ("unknown",)}, "photos"),
    ):
        with pytest.raises(Invalid) as refused:
            keep(case, handler, **lacking)
        assert set(refused.value.fields) == {field}
    with pytest.raises(Invalid) as refused:
        keep_promise(
            *(case.report_id, case.assignment_id),
            Proof(text=TEXT),
            version=None,
            actor=actor_of(handler),
            city=the_city(),
            now=LATER,
        )
    assert set(refused.value.fields) == {"evidence"}
    with pytest.raises(Conflict, match="changed_meanwhile"):
        keep(case, handler, version=1)
    fixed = create_closed_report(unit, handler=handler)
    with pytest.raises(Conflict, match="no_open_promise"):
        keep(fixed, handler)


def test_open_promises_are_listed_by_their_day(unit: Unit, handler: Account) -> None:
    other = create_unit("Điện lực")
    late = planned(unit, handler)
    later = planned(unit, handler, now=MONDAY + timedelta(days=2))
    planned(other, create_account(Role.HANDLER, other))
    kept = planned(unit, handler)
    keep(kept, handler)
    again = planned(unit, handler)
    reopen_report(again.report_id, reason="Chưa làm", actor=CITIZEN, city=the_city(), now=LATER)
    with reading() as session:
        listed = promises.awaited(session, unit.id, None, 10)
        assert [one.report_id for one in listed] == [late.report_id, later.report_id]
        first = listed[0]
        assert first.promised_on is not None
        behind = promises.Position(first.promised_on, first.id)
        assert [one.id for one in promises.awaited(session, unit.id, behind, 10)] == [listed[1].id]
        assert promises.count_due(session, unit.id, first.promised_on) == 1
        assert promises.count_due(session, None, first.promised_on) == 2
