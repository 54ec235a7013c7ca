"""The pages on which people say "I see this too", and find their own report again."""

import re
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback.domain.states import Role
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Follower
from feedback.web.context import now
from tests.factories import (
    Case,
    create_account,
    create_case,
    create_report,
    create_unit,
    create_working_week,
)
from tests.support.staff import new_client, post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def case(app: Flask) -> Case:
    """A published report whose reporter left an address."""
    with app.app_context():
        create_working_week()
        unit = create_unit()
        create_account(Role.HEAD, unit, login="head")
        return create_case(unit, now=now(), contact_email="lan@example.com", consent_version="1")


def page_of(client: FlaskClient, case: Case) -> str:
    """The public page."""
    return client.get(f"/reports/{case.code}").text


def only_follower(app: Flask) -> Follower:
    """The one follower there is."""
    with app.app_context(), reading() as session:
        follower = session.scalars(select(Follower)).one()
        session.expunge(follower)
        return follower


def test_one_tap_counts_a_device_once(app: Flask, case: Case) -> None:
    mine, theirs = new_client(app), new_client(app)
    address = f"/reports/{case.code}/follow"
    assert "I see this too" in page_of(mine, case)
    assert mine.get_cookie("this_device") is None
    for client in (mine, mine, theirs):
        answer = post(client, address)
        assert answer.location == f"/reports/{case.code}#follow"
    assert "2 people see this too" in page_of(mine, case)
    assert "You are one of them" in page_of(mine, case)
    assert "You are one of them" not in page_of(new_client(app), case)

    post(mine, f"/reports/{case.code}/unfollow")
    assert "1 person sees this too" in page_of(mine, case)
    assert "I see this too" in page_of(mine, case)


def test_a_forged_device_is_a_new_one(app: Flask, case: Case) -> None:
    client = new_client(app)
    post(client, f"/reports/{case.code}/follow")
    client.set_cookie("this_device", "forged.signature")
    post(client, f"/reports/{case.code}/follow")
    assert "2 people see this too" in page_of(client, case)


def test_staff_and_the_reporter_see_how_many(app: Flask, case: Case) -> None:
    post(new_client(app), f"/reports/{case.code}/follow")
    with app.app_context(), reading() as session:
        head = session.scalars(select(Account)).one()
        session.expunge(head)
    desk = sign_in(app, head)
    for path in ("/staff/queue", f"/staff/reports/{case.code}"):
        assert "1 person sees this too" in desk.get(path).text
    assert "1 person sees this too" in new_client(app).get(f"/r/{case.code}/{case.token}").text


def test_news_are_asked_for_and_ended_by_the_link_of_a_letter(app: Flask, case: Case) -> None:
    client = new_client(app)
    post(client, f"/reports/{case.code}/follow")
    wrong = post(client, f"/reports/{case.code}/news", {"email": "minh@"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="minh@"' in wrong.text
    assert "Enter an e-mail address like name@example.com." in wrong.text
    fields = {"email": "minh@example.com", "consent": "1"}
    assert post(client, f"/reports/{case.code}/news", fields).status_code == HTTPStatus.SEE_OTHER
    assert "We wrote to the address you gave." in page_of(client, case)
    post(new_client(app), f"/following/{only_follower(app).token}/confirm")
    page = page_of(client, case)
    assert "News go to the e-mail address you gave." in page
    assert "minh@example.com" not in page

    letter = f"/following/{only_follower(app).token}"
    asked = client.get(letter)
    assert f"No more news of report {case.code}?" in asked.text
    assert only_follower(app)
    reader = new_client(app)
    assert post(reader, letter).status_code == HTTPStatus.SEE_OTHER
    assert "You get no more news of this report." in reader.get("/").text
    assert reader.get(letter).status_code == HTTPStatus.NOT_FOUND
    assert post(reader, letter).status_code == HTTPStatus.NOT_FOUND


def test_what_the_public_does_not_see_cannot_be_followed(app: Flask, case: Case) -> None:
    with app.app_context():
        hidden = create_report().code
    for code in (hidden, "222-222", "nonsense"):
        for step in ("follow", "unfollow", "news"):
            answer = post(new_client(app), f"/reports/{code}/{step}")
            assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_lost_report_is_found_by_code_and_contact(app: Flask, case: Case) -> None:
    client = new_client(app)
    assert 'href="/find"' in client.get("/").text
    fields = {"code": case.code.lower().replace("-", " "), "contact": "LAN@example.com"}
    answer = post(client, "/find", fields)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert answer.location == f"/r/{case.code}/{case.token}"
    assert "lan@example.com" not in client.get(answer.location).text


def test_a_wrong_pair_gets_one_answer_and_keeps_what_was_typed(app: Flask, case: Case) -> None:
    client = new_client(app)
    bodies = set()
    for code, contact in ((case.code, "minh@example.com"), ("222-222", "lan@example.com")):
        answer = post(client, "/find", {"code": code, "contact": contact})
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert f'value="{contact}"' in answer.text
        text = re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", answer.text)
        bodies.add(text.replace(code, "").replace(contact, ""))
    assert len(bodies) == 1
    empty = post(client, "/find")
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Enter the report" in empty.text
