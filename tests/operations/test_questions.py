"""A unit asks, the citizen answers or lets the limit pass."""

from datetime import datetime
from typing import Any

import pytest

from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import ActorKind, MessageKind, PhotoPurpose, ReportState, Role
from feedback.operations.answer_question import answer_question
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.end_waiting import end_waiting
from feedback.operations.transaction import reading
from feedback.storage.models import Message
from feedback.storage.queries import messages
from tests.factories import (
    Case,
    actor_of,
    create_account,
    create_case,
    create_category,
    create_unit,
    the_city,
)
from tests.operations.by_hand import DUE, A, at, due_of, step, working
from tests.operations.lives import (
    Town,
    entry_of,
    history_of,
    kinds_of,
    load,
    photos_of,
    steps,
    uploads_of,
)


def ask(case: Case, town: Town, now: datetime, **how: Any) -> None:
    """The unit asks; `how` replaces what is said."""
    given = {"question": "Nhà số mấy ạ?", "version": None, "actor": town.as_handler} | how
    ask_citizen(case.report_id, case.assignment_id, **given, city=the_city(), now=now)


def reply(case: Case, now: datetime, text: str = "Số 12 ạ.", **how: Any) -> bool:
    """The citizen answers the last question, unless another is named."""
    question_id = how.pop("question_id", None) or said(case, MessageKind.QUESTION)[-1].id
    return answer_question(case.report_id, question_id, text=text, **how, city=the_city(), now=now)


def said(case: Case, kind: MessageKind) -> list[Message]:
    with reading() as session:
        found = [m for m in messages.of_report(session, case.report_id) if m.kind is kind]
        session.expunge_all()
    return found


def test_a_question_stops_the_clock_and_only_the_reporter_may_read_it(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    report = load(case.report_id)
    assert report.state is ReportState.WAITING
    assert report.assignments[0].waiting_since == report.rounds[0].waiting_since == at(0, 10)
    (question,) = said(case, MessageKind.QUESTION)
    entry = entry_of(case.report_id, HistoryKind.QUESTION_ASKED)
    assert (entry.note, entry.public) == ("Nhà số mấy ạ?", False)
    assert entry.data == {"message_id": question.id, "lead": True}


def test_what_looks_private_goes_out_only_when_somebody_stands_by_it(town: Town) -> None:
    case = working(town)
    with pytest.raises(Invalid) as refused:
        ask(case, town, at(0, 10), question="Gọi 0905 123 456 được không?")
    assert refused.value.fields == {"checked_text": "required"}
    ask(case, town, at(0, 10), question="Gọi 0905 123 456 được không?", text_checked=True)
    assert load(case.report_id).state is ReportState.WAITING


@pytest.mark.parametrize(("question", "why"), [("  ", "required"), ("a" * 2_001, "too_long")])
def test_a_question_has_words(town: Town, question: str, why: str) -> None:
    case = working(town)
    with pytest.raises(Invalid) as refused:
        ask(case, town, at(0, 10), question=question)
    assert refused.value.fields == {"question": why}
    assert said(case, MessageKind.QUESTION) == []


def test_only_the_unit_asks_and_only_while_it_works(town: Town) -> None:
    case = create_case(town.unit, category=town.category)
    stranger = actor_of(create_account(Role.HANDLER, create_unit("Đơn vị khác")))
    with pytest.raises(Conflict):
        ask(case, town, at(0, 10))  # nobody has taken it yet
    case = working(town)
    for actor in (stranger, town.as_dispatcher):
        with pytest.raises(NotAllowed):
            ask(case, town, at(0, 10), actor=actor)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        ask(case, town, at(0, 10), version=1)


def test_an_answer_lets_the_work_go_on_and_is_marked(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    photo_ids = uploads_of("red", "green", purpose=PhotoPurpose.REPLY)
    assert reply(case, at(1, 9), photo_ids=photo_ids)

    report = load(case.report_id)
    assert report.state is ReportState.IN_PROGRESS
    assert (report.assignments[0].replied_at, report.rounds[0].waited_minutes) == (at(1, 9), 420)
    (message,) = said(case, MessageKind.REPLY)
    assert [photo.message_id for photo in photos_of(case.report_id)] == [message.id] * 2
    entry = entry_of(case.report_id, HistoryKind.QUESTION_ANSWERED)
    assert (entry.note, entry.public, entry.actor_kind) == ("Số 12 ạ.", False, ActorKind.CITIZEN)

    ask(case, town, at(1, 10))  # the unit has taken its next step
    assert load(case.report_id).assignments[0].replied_at is None


def test_the_same_answer_sent_twice_is_kept_once(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    photo_ids = uploads_of("red", purpose=PhotoPurpose.REPLY)
    for minute in (1, 2):
        assert reply(case, at(0, 11, minute), photo_ids=photo_ids)
    again = uploads_of("red", purpose=PhotoPurpose.REPLY)  # as a form without script sends it
    assert reply(case, at(0, 11, 3), photo_ids=again)
    assert len(said(case, MessageKind.REPLY)) == 1


def test_a_late_answer_is_kept_and_moves_nothing(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    reply(case, at(0, 11))
    due = due_of(case)
    assert not reply(case, at(0, 14), "À quên, nhà có cổng xanh.")
    assert due_of(case) == due
    assert kinds_of(case.report_id)[-1] is HistoryKind.CITIZEN_WROTE
    assert load(case.report_id).assignments[0].replied_at == at(0, 14)

    step(case, A.RETURNED, town.as_handler, at(0, 15))
    assert not reply(case, at(0, 16), "Vẫn còn đây ạ.")
    assert len(said(case, MessageKind.REPLY)) == 3
    assert load(case.report_id).assignments[0].replied_at is None  # nobody works on it there


def test_an_answer_to_an_older_question_does_not_end_the_waiting_for_a_newer(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    (first,) = said(case, MessageKind.QUESTION)
    reply(case, at(0, 11))
    ask(case, town, at(0, 14), question="Còn ảnh nào không?")
    assert not reply(case, at(0, 15), "Nhà số 14 mới đúng.", question_id=first.id)
    assert load(case.report_id).state is ReportState.WAITING


def test_an_answer_needs_words_or_a_photo_and_an_end(town: Town) -> None:
    case = working(town)
    ask(case, town, at(0, 10))
    for text, fields in (("", {"content": "required"}), ("a" * 2_001, {"text": "too_long"})):
        with pytest.raises(Invalid) as refused:
            reply(case, at(0, 11), text)
        assert refused.value.fields == fields
    with pytest.raises(Invalid) as refused:
        colours = ("red", "green", "blue", "white")
        reply(case, at(0, 11), photo_ids=uploads_of(*colours, purpose=PhotoPurpose.REPLY))
    assert refused.value.fields == {"photos": "too_many_photos"}
    for number in range(5):
        reply(case, at(0, 11, number), f"Lần {number}")
    with pytest.raises(Conflict, match="too_many_replies"):
        reply(case, at(0, 12), "Lần nữa")


def test_only_this_reports_questions_are_answered(town: Town) -> None:
    case, other = working(town), working(town)
    ask(case, town, at(0, 10))
    ask(other, town, at(0, 10))
    foreign = said(other, MessageKind.QUESTION)[0].id
    with pytest.raises(NotFound):
        reply(case, at(0, 11), question_id=foreign)
    with pytest.raises(NotFound):
        reply(case, at(0, 11), question_id=99_999)


def test_waiting_ends_by_itself_when_the_levels_limit_is_used_up(town: Town) -> None:
    category = create_category("Có hạn chờ", waiting_limit_minutes=300)
    case = create_case(town.unit, handler=town.handler, category=category)
    ask(case, town, at(0, 10))  # 1:30 before noon, 3:30 after it: until 16:30
    end_waiting(city=the_city(), now=at(0, 16, 29))
    assert load(case.report_id).state is ReportState.WAITING
    end_waiting(city=the_city(), now=at(1, 3))
    report = load(case.report_id)
    assert report.state is ReportState.IN_PROGRESS
    assert report.rounds[0].waited_minutes == 300
    entry = entry_of(case.report_id, HistoryKind.RESUMED)
    assert (entry.actor_kind, entry.public) == (ActorKind.SYSTEM, False)
    before = len(history_of(case.report_id))
    end_waiting(city=the_city(), now=at(2, 3))
    assert len(history_of(case.report_id)) == before
    assert not reply(case, at(2, 9))  # too late to move anything, kept all the same


def test_another_unit_waits_on_its_own_and_stops_no_clock(town: Town) -> None:
    case = working(town)
    second = create_unit("Đơn vị khác")
    people = actor_of(create_account(Role.HANDLER, second))
    with steps(case.report_id, town.as_dispatcher, at(0, 10)) as life:
        level_id = life.live_assignments[0].round.service_level_id
        life.assign(second.id, life.reference.directory.level(level_id))
    place = load(case.report_id).assignments[1].id
    also = Case(case.report_id, place, case.code, case.token)
    step(also, A.IN_PROGRESS, people, at(0, 10, 30), place=1, kind=HistoryKind.ACCEPTED)
    ask(also, town, at(0, 11), actor=people)
    report = load(case.report_id)
    assert (report.state, report.rounds[0].waiting_since) == (ReportState.IN_PROGRESS, None)
    assert report.assignments[1].waiting_since == at(0, 11)
    end_waiting(city=the_city(), now=at(60, 11))
    report = load(case.report_id)
    assert report.assignments[1].state is A.IN_PROGRESS
    assert (report.rounds[0].waited_minutes, due_of(case)) == (0, DUE)
