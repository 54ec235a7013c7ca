"""Who follows somebody else's report is told of its result, and can stop that by the letter."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from feedback.domain.states import Visibility
from feedback.operations.approve_answer import approve_answer
from feedback.operations.follow_report import ask_for_news, confirm_news, stop_following
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Follower, Report
from tests.factories import INSIDE, MONDAY, Case, create_answered_case, the_city
from tests.operations.lives import Town
from tests.support.post import Postbox
from tests.support.staff import new_client
from tests.support.staff import post as send_form

Deliver = Callable[[], None]
CONFIRM = re.compile(r"/following/([\w-]+)/confirm")
MINH, LAN, DEVICE = "minh@people.example", "lan.follows@people.example", "a device"


@pytest.fixture
def followed(town: Town, post: Postbox, deliver: Deliver) -> Case:
    """An answered report with a public page, of which Minh wants news."""
    case = create_answered_case(
        town.unit, category=town.category, handler=town.handler, place=INSIDE
    )
    ask_for_news(
        case.report_id,
        device=DEVICE,
        email=MINH,
        consent_version="1",
        language="en",
        city=the_city(),
        now=MONDAY,
    )
    deliver()
    [asked] = post.to(MINH)
    confirm_news(token_in(asked.letter.text), city=the_city(), now=MONDAY)
    post.messages.clear()
    return case


def token_in(text: str) -> str:
    """The secret of the letter that asks whether news are wanted."""
    found = CONFIRM.search(text)
    assert found, text
    return found[1]


def close(case: Case, town: Town) -> None:
    """The head approves the answer."""
    approve_answer(
        case.report_id,
        case.assignment_id,
        version=None,
        actor=town.as_head,
        city=the_city(),
        now=MONDAY,
    )


def test_a_follower_hears_of_the_result_in_their_language(
    town: Town, followed: Case, post: Postbox, deliver: Deliver
) -> None:
    close(followed, town)
    deliver()
    [message] = post.to(MINH)
    assert message.letter.subject == f"[Code {followed.code}] A report you follow has a result"
    assert f"/reports/{followed.code}" in message.letter.text
    assert followed.token not in message.letter.text + message.letter.html


def test_the_letters_own_link_ends_the_following_after_a_question(
    app: Flask, town: Town, followed: Case, post: Postbox, deliver: Deliver
) -> None:
    close(followed, town)
    deliver()
    path = urlsplit(post.to(MINH)[0].letter.leave_url).path
    client = new_client(app)
    assert client.get(path).status_code == 200
    with reading() as session:
        assert session.query(Follower).count() == 1
    assert send_form(client, path).status_code == 303
    with reading() as session:
        session.expire_all()
        assert session.query(Follower).count() == 0


def test_nobody_is_told_of_what_the_public_may_not_see(
    town: Town, followed: Case, post: Postbox, deliver: Deliver
) -> None:
    with transaction(the_city()) as session:
        session.get_one(Report, followed.report_id).visibility = Visibility.PRIVATE
    close(followed, town)
    deliver()
    assert post.to(MINH) == []


def test_who_stopped_meanwhile_gets_no_letter(
    town: Town, followed: Case, post: Postbox, deliver: Deliver
) -> None:
    close(followed, town)
    stop_following(followed.report_id, device=DEVICE, city=the_city())
    deliver()
    assert post.to(MINH) == []


def test_nothing_but_the_question_goes_to_an_address_before_its_owner_confirms_it(
    app: Flask, town: Town, followed: Case, post: Postbox, deliver: Deliver
) -> None:
    how = {"consent_version": "1", "language": "vi", "city": the_city(), "now": MONDAY}
    for _ in range(2):  # pressed twice: asked once
        ask_for_news(followed.report_id, device="another", email=LAN, **how)
    deliver()
    [asked] = post.to(LAN)
    assert asked.letter.subject == f"[Mã {followed.code}] Bạn có muốn nhận tin về phản ánh này?"
    client, path = new_client(app), f"/following/{token_in(asked.letter.text)}/confirm"
    assert "Yes, send me news" in client.get(path).text
    close(followed, town)
    deliver()
    assert [len(post.to(address)) for address in (LAN, MINH)] == [1, 1]

    assert send_form(client, path).location == f"/reports/{followed.code}"
    assert "You have confirmed it" in client.get(path).text
    with reading() as session:
        session.expire_all()
        found = session.query(Follower).order_by(Follower.id).all()
    assert [follower.confirmed_at is not None for follower in found] == [True, True]


def test_the_letter_to_one_address_does_not_confirm_another(
    app: Flask, followed: Case, post: Postbox, deliver: Deliver
) -> None:
    how = {"consent_version": "1", "language": "vi", "city": the_city(), "now": MONDAY}
    ask_for_news(followed.report_id, device=DEVICE, email="own@people.example", **how)
    deliver()
    old = token_in(post.to("own@people.example")[0].letter.text)
    ask_for_news(followed.report_id, device=DEVICE, email=LAN, **how)
    client = new_client(app)
    assert client.get(f"/following/{old}/confirm").status_code == 404
    assert send_form(client, f"/following/{old}/confirm").status_code == 404
    deliver()
    leave = urlsplit(post.to(LAN)[0].letter.leave_url).path
    assert send_form(client, leave).status_code == 303
    with reading() as session:
        assert session.query(Follower).count() == 0
