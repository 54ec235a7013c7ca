"""Who is told of what happens to a report, and who is not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from feedback.domain.actors import CITIZEN as THE_CITIZEN
from feedback.domain.histories import HistoryKind
from feedback.domain.notices import NoticeKind, NoticeState, Reach, Recipient
from feedback.domain.states import AssignmentState, RejectionReason, ReportState
from feedback.domain.transitions import Need
from feedback.operations.approve_answer import approve_answer, send_back_answer
from feedback.operations.mark_duplicate import mark_duplicate
from feedback.operations.name_handler import name_handler
from feedback.operations.prepare_notices import prepare_notices
from feedback.operations.reject_report import reject_report
from feedback.operations.reopen_report import reopen_report
from feedback.operations.transaction import reading, transaction
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.models import OutboxRow, Report, Unit
from tests.factories import (
    INSIDE,
    MONDAY,
    Case,
    create_answered_case,
    create_case,
    create_report,
    create_unit,
    the_city,
)
from tests.notices.conftest import CITIZEN, DISPATCHER, DUTY, HANDLER, HEAD
from tests.operations.by_hand import ask, reply, step
from tests.operations.lives import Town, load, steps
from tests.support.post import Postbox, all_notices, reach_people_by, told

HOUR = timedelta(hours=1)
N = NoticeKind
CONTACT = {"contact_email": CITIZEN, "consent_version": "1"}

Deliver = Callable[[], None]


def routed(town: Town, **more: object) -> Case:
    """A report with a contact that a rule sent to the unit."""
    return create_case(town.unit, category=town.category, place=INSIDE, **CONTACT, **more)


def answered(town: Town, **more: object) -> Case:
    """The same, with the handler's answer waiting for the head."""
    return create_answered_case(
        town.unit, category=town.category, handler=town.handler, place=INSIDE, **CONTACT, **more
    )


def approve(case: Case, town: Town) -> None:
    """The head approves; the report closes."""
    approve_answer(
        case.report_id,
        case.assignment_id,
        version=None,
        actor=town.as_head,
        city=the_city(),
        now=MONDAY + 2 * HOUR,
    )


def whom(notice: NoticeKind, post: Postbox) -> list[str]:
    """The addresses that letters of this kind went to."""
    ids = {f"<notice-{n.id}.{n.mark}" for n in all_notices() if n.kind is notice}
    return sorted(m.address for m in post.messages if m.id.partition("@")[0] in ids)


def test_a_report_that_is_sent_on_at_once_gives_its_reporter_one_letter(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    routed(town)
    deliver()
    assert len(post.to(CITIZEN)) == 1
    assert whom(N.RECEIVED, post) == [CITIZEN]
    assert whom(N.ASSIGNED, post) == [DUTY, HEAD]


def test_a_report_sent_on_later_tells_its_reporter_twice(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = create_case(town.unit, **CONTACT)
    deliver()
    assert [n.kind for n in all_notices() if n.recipient is Recipient.REPORTER] == [
        N.RECEIVED,
        N.DISPATCHED,
    ]
    assert all(n.report_id == case.report_id for n in all_notices())


def test_who_left_no_address_is_told_nothing(town: Town, post: Postbox, deliver: Deliver) -> None:
    create_report(
        category=town.category, place=INSIDE, contact_phone="0900111222", consent_version="1"
    )
    deliver()
    assert {notice.recipient for notice in all_notices()} == {Recipient.ACCOUNT, Recipient.UNIT}


def test_a_second_unit_is_told_and_the_reporter_is_not_told_again(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case, other = routed(town), create_unit("Điện lực")
    with transaction(the_city()) as session:
        session.get_one(Unit, other.id).duty_email = "power@unit.example"
    with steps(case.report_id, town.as_dispatcher, MONDAY + HOUR) as life:
        life.assign(other.id, life.reference.directory.level(life.round.service_level_id))
    deliver()
    assert len(post.to(CITIZEN)) == 1
    assert whom(N.ASSIGNED, post) == [DUTY, HEAD, "power@unit.example"]


def test_a_named_handler_is_told_but_not_who_takes_a_case(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    create_case(town.unit, category=town.category, handler=town.handler, place=INSIDE)
    named = create_case(town.unit, category=town.category, place=INSIDE)
    name_handler(
        named.report_id,
        named.assignment_id,
        handler_id=town.handler.id,
        version=None,
        actor=town.as_head,
        city=the_city(),
        now=MONDAY,
    )
    deliver()
    (letter,) = post.to(HANDLER)
    assert named.code in letter.letter.subject


def test_a_question_reaches_the_reporter_and_the_answer_the_handler(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = routed(town)
    step(case, AssignmentState.IN_PROGRESS, town.as_handler, MONDAY, kind=HistoryKind.ACCEPTED)
    ask(case, town, MONDAY + HOUR)
    deliver()
    assert whom(N.QUESTION, post) == [CITIZEN]
    reply(case, MONDAY + 2 * HOUR)
    deliver()
    assert whom(N.QUESTION_ANSWERED, post) == [DUTY, HEAD]  # nobody was named yet


def test_the_result_reaches_the_reporter_once_approved(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = answered(town)
    deliver()
    assert whom(N.CLOSED, post) == []
    approve(case, town)
    deliver()
    assert whom(N.CLOSED, post) == [CITIZEN]


def test_an_answer_sent_back_reaches_its_handler(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = answered(town)
    send_back_answer(
        case.report_id,
        case.assignment_id,
        reason="Thiếu ảnh",
        version=None,
        actor=town.as_head,
        city=the_city(),
        now=MONDAY + 2 * HOUR,
    )
    deliver()
    assert whom(N.SENT_BACK, post) == [HANDLER]


def test_a_return_reaches_the_dispatchers(town: Town, post: Postbox, deliver: Deliver) -> None:
    case = routed(town)
    step(case, AssignmentState.RETURNED, town.as_handler, MONDAY + HOUR)
    deliver()
    assert whom(N.RETURNED, post) == [DISPATCHER]


def test_a_reopening_is_one_letter_to_the_reporter_and_one_to_the_unit(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = answered(town)
    approve(case, town)
    deliver()
    before = len(post.to(CITIZEN))
    reopen_report(
        case.report_id,
        reason="Vẫn còn rác",
        version=None,
        actor=THE_CITIZEN,
        city=the_city(),
        now=MONDAY + 3 * HOUR,
    )
    deliver()
    assert whom(N.REOPENED, post) == [CITIZEN]
    assert len(post.to(CITIZEN)) == before + 1
    assert whom(N.ASSIGNED, post).count(HEAD) == 2


def test_a_rejection_reaches_the_reporter_with_the_right_door(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    receipt = create_report(**CONTACT)
    reject_report(
        receipt.report_id,
        reason=RejectionReason.FORMAL_COMPLAINT,
        text="Xin gửi đơn tới Ban tiếp công dân.",
        version=None,
        actor=town.as_dispatcher,
        city=the_city(),
        now=MONDAY + HOUR,
    )
    deliver()
    assert whom(N.REJECTED, post) == [CITIZEN]
    assert "> Xin gửi đơn tới Ban tiếp công dân." in post.to(CITIZEN)[-1].letter.text


def test_the_reporter_of_a_duplicate_hears_that_its_root_is_gone(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    root = create_report()
    repeat = create_report(contact_email="minh@people.example", consent_version="1")
    how = {"version": None, "actor": town.as_dispatcher, "city": the_city(), "now": MONDAY + HOUR}
    mark_duplicate(repeat.report_id, root_code=root.code, **how)
    withdraw_report(root.report_id, actor=THE_CITIZEN, city=the_city(), now=MONDAY + HOUR)
    deliver()
    assert whom(N.OF_ITS_OWN, post) == ["minh@people.example"]
    letter = post.to("minh@people.example")[-1].letter
    assert repeat.token in letter.text
    assert root.code not in letter.text


def test_the_reporter_of_a_duplicate_hears_of_the_result_of_its_root(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    root = answered(town)
    repeat = create_report(contact_email="minh@people.example", consent_version="1")
    with steps(repeat.report_id, town.as_dispatcher, MONDAY + HOUR) as life:
        life.report.root_id = root.report_id
        life.move_report(
            ReportState.DUPLICATE,
            HistoryKind.MARKED_DUPLICATE,
            given=set(Need),
            public=True,
            data={"root_id": root.report_id},
        )
    deliver()
    assert whom(N.DUPLICATE, post) == ["minh@people.example"]
    approve(root, town)
    deliver()
    assert whom(N.FOLLOWED_CLOSED, post) == ["minh@people.example"]
    letter = post.to("minh@people.example")[-1].letter
    assert repeat.code in letter.subject
    assert repeat.token in letter.text
    assert load(root.report_id).token not in letter.text + letter.html


@pytest.mark.parametrize(("why", "letters"), [("extension", 1), ("waiting", 0), ("calendar", 0)])
def test_only_an_extension_is_told_of_all_that_moves_a_deadline(
    town: Town, post: Postbox, deliver: Deliver, why: str, letters: int
) -> None:
    case = routed(town)
    with steps(case.report_id, town.as_dispatcher, MONDAY + HOUR) as life:
        life.move_due(life.round, life.round.due + timedelta(days=2), why=why)
    deliver()
    assert whom(N.EXTENDED, post) == [CITIZEN] * letters


def test_preparing_the_same_change_again_writes_nothing(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = routed(town)
    deliver()
    before = told()
    for version in range(1, load(case.report_id).version + 1):
        prepare_notices([(case.report_id, version)], city=the_city(), now=MONDAY)
    deliver()
    assert told() == before
    assert len(post.messages) == len(before)


def test_without_a_channel_nothing_is_promised(app: Flask, town: Town) -> None:
    reach_people_by(app)
    routed(town)
    with reading() as session:
        events = {row.event for row in session.query(OutboxRow)}
    assert "history_written" not in events


def test_another_channel_needs_nothing_but_a_number(
    app: Flask, town: Town, post: Postbox, deliver: Deliver
) -> None:
    texts = Postbox(reach=Reach.PHONE)
    reach_people_by(app, email=post, sms=texts)
    create_report(contact_phone="0900 111 222", consent_version="1")
    routed(town)
    deliver()
    assert [message.address for message in texts.messages] == ["0900 111 222"]
    assert {notice.state for notice in all_notices()} == {NoticeState.SENT}


def test_the_queue_carries_ids_only(town: Town, post: Postbox, deliver: Deliver) -> None:
    routed(town)
    deliver()
    with reading() as session:
        rows = session.query(OutboxRow).filter(OutboxRow.subscription.like("%notice%")).all()
        report = session.query(Report).one()
        assert rows
        for row in rows:
            assert set(row.payload) <= {"report_id", "version", "notice_id"}
            assert all(isinstance(value, int) for value in row.payload.values())
            assert report.token not in str(row.payload)
