"""A unit answers: what each outcome needs, and what becomes of the report."""

from datetime import date, timedelta
from typing import Any

import pytest

from feedback.domain.actors import CITIZEN, SYSTEM
from feedback.domain.errors import Conflict, Invalid, NotAllowed
from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    ActorKind,
    AssignmentState,
    Outcome,
    PhotoPurpose,
    PhotoState,
    ReportState,
    Role,
)
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.approve_answer import approve_answer, send_back_answer
from feedback.operations.transaction import transaction
from feedback.storage.models import Photo
from tests.factories import (
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_case,
    create_category,
    create_unit,
    create_upload,
    the_city,
)
from tests.operations.lives import (
    Town,
    assignment_of,
    at_once,
    entry_of,
    footprint,
    kinds_of,
    load,
    photos_of,
    uploads_of,
)

LATER = MONDAY + timedelta(hours=2)
TODAY = date(2026, 3, 2)
DONE: dict[str, Any] = {"outcome": Outcome.FIXED, "text": "Đã thu gom."}


def evidence(colour: str = "green") -> tuple[str, ...]:
    """One uploaded photo of the result."""
    return uploads_of(colour, purpose=PhotoPurpose.EVIDENCE)


def answer(case: Case, town: Town, *, how: dict[str, Any] | None = None, **said: Any) -> None:
    """Answer a case as its handler, two hours after it came."""
    given = {"version": None, "actor": town.as_handler, "now": LATER, **(how or {})}
    answer_case(case.report_id, case.assignment_id, Answer(**said), city=the_city(), **given)


def refused(case: Case, town: Town, **said: Any) -> dict[str, str]:
    """The fields an answer is refused for; nothing of it may be stored."""
    before = footprint(), load(case.report_id).version
    with pytest.raises(Invalid) as invalid:
        answer(case, town, **said)
    assert (footprint(), load(case.report_id).version) == before
    return invalid.value.fields


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_outcome_closes_a_report_that_needs_no_approval(town: Town, outcome: Outcome) -> None:
    case = create_case(town.unit, handler=town.handler, category=town.category)
    planned = outcome is Outcome.PLANNED
    answer(
        case,
        town,
        outcome=outcome,
        text=" Đã xem xét.\x00 ",
        photo_ids=evidence() if outcome is Outcome.FIXED else (),
        promised_on=TODAY + timedelta(days=30),  # said whatever the outcome, kept for one only
    )
    report, assignment = load(case.report_id), assignment_of(case.report_id)
    assert (report.state, report.outcome, report.closed_at) == (ReportState.CLOSED, outcome, LATER)
    assert (assignment.state, assignment.outcome) == (AssignmentState.APPROVED, outcome)
    assert (assignment.answer_text, assignment.answered_at) == ("Đã xem xét.", LATER)
    promised = TODAY + timedelta(days=30) if planned else None
    assert assignment.promised_on == report.rounds[0].promised_on == promised
    told = promised.isoformat() if promised else None
    assert entry_of(case.report_id, HistoryKind.ANSWERED).data == {
        "outcome": outcome.value,
        "promised_on": told,
    }
    assert kinds_of(case.report_id)[-3:] == ["answered", "approved", "closed"]
    closed = entry_of(case.report_id, HistoryKind.CLOSED)
    assert (closed.from_state, closed.to_state) == ("answered", "closed")
    assert (closed.actor_kind, closed.public) == (ActorKind.SYSTEM, True)
    assert closed.data["outcome"] == outcome.value
    assert closed.data["promised_on"] == told
    assert (closed.data["minutes"], closed.data["waited"]) == (120, 0)


def test_what_an_answer_lacks_is_named(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler, category=town.category)
    planned: dict[str, Any] = {"outcome": Outcome.PLANNED, "text": "Sẽ làm."}
    too_far = TODAY + timedelta(days=11 * 366)
    for said, problems in (
        ({"outcome": None, "text": "Đã xem."}, {"outcome": "required"}),
        ({"outcome": Outcome.REFUSED, "text": " \u200e"}, {"text": "required"}),
        (DONE, {"evidence": "required"}),
        (planned, {"promised_date": "required"}),
        ({**planned, "promised_on": TODAY - timedelta(days=1)}, {"promised_date": "required"}),
        ({**planned, "promised_on": too_far}, {"promised_date": "required"}),
        ({**planned, "promised_on": date.max}, {"promised_date": "required"}),
        ({**DONE, "text": "a" * 5_001}, {"text": "too_long"}),
        ({**DONE, "photo_ids": ("nobody-knows-it",)}, {"photos": "photo_missing"}),
        ({**DONE, "photo_ids": uploads_of("red")}, {"photos": "photo_missing"}),
        ({**DONE, "photo_ids": tuple("abcdef")}, {"photos": "too_many_photos"}),
        (
            {"outcome": Outcome.REFUSED, "text": "Gọi 0905 123 456."},
            {"checked_text": "required"},
        ),
        (
            {"outcome": None, "text": ""},
            {"outcome": "required", "text": "required"},
        ),
    ):
        assert refused(case, town, **said) == problems
    assert assignment_of(case.report_id).state is AssignmentState.IN_PROGRESS


def test_today_is_a_day_that_can_be_promised_in_the_citys_zone(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler, category=town.category)
    past_midnight = {"now": MONDAY.replace(hour=17, minute=30)}  # Tuesday 00:30 in the city
    planned: dict[str, Any] = {"outcome": Outcome.PLANNED, "text": "Sẽ làm."}
    with pytest.raises(Invalid):
        answer(case, town, **planned, promised_on=TODAY, how=past_midnight)
    answer(case, town, **planned, promised_on=TODAY + timedelta(days=1), how=past_midnight)
    assert load(case.report_id).outcome is Outcome.PLANNED


def test_a_person_may_stand_by_a_text_that_looks_private(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler, category=town.category)
    text = "Gọi đường dây nóng 0234 3 822 222."
    answer(case, town, outcome=Outcome.REFUSED, text=text, text_checked=True)
    assert load(case.report_id).state is ReportState.CLOSED


def test_evidence_is_asked_for_only_where_the_level_wants_it(town: Town) -> None:
    lenient = create_category("Thủ tục", evidence_needed=False)
    case = create_case(town.unit, handler=town.handler, category=lenient)
    answer(case, town, **DONE)
    assert load(case.report_id).state is ReportState.CLOSED


def test_evidence_belongs_to_the_answer(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler, category=town.category)
    answer(case, town, **DONE, photo_ids=(*evidence("red"), *evidence("blue")))
    shown = photos_of(case.report_id)
    assert [photo.position for photo in shown] == [0, 1]
    assert {photo.assignment_id for photo in shown} == {case.assignment_id}
    assert {photo.purpose for photo in shown} == {PhotoPurpose.EVIDENCE}


def test_a_photo_that_could_not_be_decoded_is_no_evidence(town: Town) -> None:
    case = create_case(town.unit, handler=town.handler, category=town.category)
    broken = create_upload(PhotoPurpose.EVIDENCE)
    with transaction(the_city()) as session:
        session.query(Photo).filter_by(upload_id=broken).one().state = PhotoState.FAILED
    assert refused(case, town, **DONE, photo_ids=(broken,)) == {"evidence": "required"}
    answer(case, town, **DONE, photo_ids=(broken, *evidence()))
    assert load(case.report_id).state is ReportState.CLOSED


def test_only_the_unit_answers_and_only_what_it_works_on(town: Town) -> None:
    case = create_case(town.unit, category=town.category)
    with pytest.raises(Conflict) as conflict:
        answer(case, town, **DONE, photo_ids=evidence())
    assert conflict.value.params["source"] == "dispatched"

    taken = create_case(town.unit, handler=town.handler, category=town.category)
    stranger = actor_of(create_account(Role.HEAD, create_unit()))
    for actor in (stranger, town.as_dispatcher, CITIZEN, SYSTEM):
        with pytest.raises(NotAllowed):
            answer(taken, town, **DONE, photo_ids=evidence(), how={"actor": actor})
    answer(taken, town, **DONE, photo_ids=evidence(), how={"actor": town.as_head})
    with pytest.raises(Conflict):
        answer(taken, town, **DONE, photo_ids=evidence())


# Approval


@pytest.fixture
def case(town: Town) -> Case:
    """A case in progress whose level asks for the head's approval."""
    approving = create_category("Đường sá", approval_needed=True)
    return create_case(town.unit, handler=town.handler, category=approving)


def approve(case: Case, town: Town, **how: Any) -> None:
    """Approve as the head, four hours after the case came."""
    given = {"version": None, "actor": town.as_head, "now": MONDAY + timedelta(hours=4), **how}
    approve_answer(case.report_id, case.assignment_id, city=the_city(), **given)


def send_back(case: Case, town: Town, reason: str = "Ảnh chưa rõ", **how: Any) -> None:
    """Send an answer back as the head, three hours after the case came."""
    given = {"version": None, "actor": town.as_head, "now": MONDAY + timedelta(hours=3), **how}
    send_back_answer(case.report_id, case.assignment_id, reason=reason, city=the_city(), **given)


def test_an_answer_waits_for_the_head(town: Town, case: Case) -> None:
    answer(case, town, **DONE, photo_ids=evidence())
    report = load(case.report_id)
    assert (report.state, report.outcome, report.closed_at) == (ReportState.ANSWERED, None, None)
    approve(case, town, version=report.version)
    report = load(case.report_id)
    assert (report.state, report.outcome) == (ReportState.CLOSED, Outcome.FIXED)
    approved = entry_of(case.report_id, HistoryKind.APPROVED)
    assert (approved.account_id, approved.public) == (town.head.id, True)


def test_only_the_head_of_the_unit_approves_or_sends_back(town: Town, case: Case) -> None:
    answer(case, town, **DONE, photo_ids=evidence())
    other_head = actor_of(create_account(Role.HEAD, create_unit()))
    for actor in (town.as_handler, other_head, town.as_dispatcher, CITIZEN):
        with pytest.raises(NotAllowed):
            approve(case, town, actor=actor)
        with pytest.raises(NotAllowed):
            send_back(case, town, actor=actor)
    assert load(case.report_id).state is ReportState.ANSWERED


def test_an_answer_sent_back_keeps_its_evidence(town: Town, case: Case) -> None:
    answer(case, town, **DONE, photo_ids=evidence())
    send_back(case, town)
    report = load(case.report_id)
    assert report.state is ReportState.IN_PROGRESS
    entry = entry_of(case.report_id, HistoryKind.SENT_BACK)
    assert (entry.from_state, entry.to_state) == ("answered", "in_progress")
    assert (entry.note, entry.public) == ("Ảnh chưa rõ", False)

    answer(case, town, **{**DONE, "text": "Đã sửa câu chữ."})
    approve(case, town)
    report = load(case.report_id)
    assert report.state is ReportState.CLOSED
    assert report.assignments[0].answer_text == "Đã sửa câu chữ."
    assert len(photos_of(case.report_id)) == 1


def test_sending_back_needs_a_reason(town: Town, case: Case) -> None:
    answer(case, town, **DONE, photo_ids=evidence())
    for reason, problem in ((" \x00", "required"), ("a" * 2_001, "too_long")):
        with pytest.raises(Invalid) as invalid:
            send_back(case, town, reason)
        assert invalid.value.fields == {"reason": problem}


def test_nothing_can_be_approved_before_it_is_answered_or_twice(town: Town, case: Case) -> None:
    for step in (approve, send_back):
        with pytest.raises(Conflict):
            step(case, town)
    answer(case, town, **DONE, photo_ids=evidence())
    approve(case, town)
    for step in (approve, send_back):
        with pytest.raises(Conflict) as conflict:
            step(case, town)
        assert conflict.value.code == "assignment_ended"


def test_a_head_who_looked_at_an_older_answer_is_told_what_happened(town: Town, case: Case) -> None:
    answer(case, town, **DONE, photo_ids=evidence())
    seen = load(case.report_id).version
    send_back(case, town)
    answer(case, town, outcome=Outcome.REFUSED, text="Không làm.")
    with pytest.raises(Conflict) as conflict:
        approve(case, town, version=seen)
    assert conflict.value.params["changes"] == ["sent_back", "answered"]
    assert load(case.report_id).state is ReportState.ANSWERED


def test_approving_and_sending_back_at_the_same_moment_do_one_of_them(
    town: Town, case: Case
) -> None:
    answer(case, town, **DONE, photo_ids=evidence())
    seen = load(case.report_id).version
    results = at_once(
        lambda: approve(case, town, version=seen), lambda: send_back(case, town, version=seen)
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]
    done = (ReportState.CLOSED, ReportState.IN_PROGRESS)[results.index(None)]
    assert load(case.report_id).state is done
