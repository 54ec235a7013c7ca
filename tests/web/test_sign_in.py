"""Signing in and out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError
from sqlalchemy import select, update

from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations import passwords
from feedback.operations.change_account import set_password
from feedback.operations.create_account import disable_account
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, StaffSession
from tests.factories import (
    MONDAY,
    PASSWORD,
    create_account,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.staff import new_client, post, sign_in

QUEUE = "/staff/queue"


@pytest.fixture
def handler(app: Flask) -> Account:
    with app.app_context():
        create_working_week()
        return create_account(Role.HANDLER, create_unit(), login="an.tran")


def test_a_right_password_leads_to_where_one_wanted_to_go(app: Flask, handler: Account) -> None:
    client = new_client(app)
    asked = client.get("/staff/queue?view=mine")
    assert asked.location == "/login?next=/staff/queue?view%3Dmine"

    form = {"login": " An.Tran ", "password": PASSWORD, "next": "/staff/queue?view=mine"}
    answer = post(client, "/login", form)

    assert (answer.status_code, answer.location) == (303, "/staff/queue?view=mine")
    assert client.get(QUEUE).status_code == 200
    with app.app_context(), reading() as session:
        assert session.get_one(Account, handler.id).last_login_at is not None


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "staff"]
)
def test_nobody_is_led_elsewhere(app: Flask, handler: Account, elsewhere: str) -> None:
    form = {"login": handler.login, "password": PASSWORD, "next": elsewhere}
    assert post(new_client(app), "/login", form).location == "/staff"


@pytest.mark.parametrize("login", ["an.tran", "nobody"])
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(
    app: Flask, handler: Account, login: str
) -> None:
    client = new_client(app, language="vi")
    answer = post(client, "/login", {"login": login, "password": "wrong password!"})
    assert answer.status_code == 422
    assert "<title>Lỗi: " in answer.text
    assert answer.text.count("Tên đăng nhập hoặc mật khẩu không đúng.") == 2
    assert f'value="{login}"' in answer.text
    assert "wrong password!" not in answer.text
    assert client.get(QUEUE).status_code == 302


def test_an_unknown_login_costs_one_verification_too(
    app: Flask, handler: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, *given: Any) -> bool:
            verified.append(given[0])
            return super().verify(*given)

    counting = Counting(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", counting)
    for login in ("nobody", "an.tran"):
        post(new_client(app), "/login", {"login": login, "password": "wrong password!"})
    assert len(verified) == 2
    assert all(hashed.startswith("$argon2id$") for hashed in verified)


def test_both_fields_are_needed(app: Flask) -> None:
    answer = post(new_client(app), "/login", {"login": "", "password": ""})
    assert answer.status_code == 422
    assert 'href="#login"' in answer.text
    assert 'href="#password"' in answer.text


def test_an_old_hash_is_replaced_at_the_next_sign_in(app: Flask, handler: Account) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with app.app_context(), transaction(the_city()) as session:
        session.get_one(Account, handler.id).password_hash = old
    sign_in(app, handler)
    with app.app_context(), reading() as session:
        new = session.get_one(Account, handler.id).password_hash
    assert new != old
    assert not passwords.is_outdated(new)
    sign_in(app, handler)


def test_a_session_from_before_the_sign_in_is_not_carried_on(app: Flask, handler: Account) -> None:
    client = new_client(app)
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    post(client, "/login", {"login": handler.login, "password": PASSWORD})
    with client.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_ends_a_copied_cookie_too(app: Flask, handler: Account) -> None:
    client = sign_in(app, handler)
    copied = client.get_cookie("session")
    assert copied
    assert post(client, "/logout").location == "/login"
    thief = new_client(app)
    thief.set_cookie("session", copied.value)
    assert client.get(QUEUE).status_code == 302
    assert thief.get(QUEUE).status_code == 302


@pytest.mark.parametrize(
    ("begun_ago", "seen_ago", "goes_on"),
    [
        (timedelta(hours=11), timedelta(minutes=29), True),
        (timedelta(hours=12), timedelta(minutes=1), False),
        (timedelta(hours=1), timedelta(minutes=30), False),
    ],
)
def test_a_session_ends_by_itself(
    app: Flask, handler: Account, begun_ago: timedelta, seen_ago: timedelta, goes_on: bool
) -> None:
    client = sign_in(app, handler)
    make_older(app, begun_ago, seen_ago)
    assert (client.get(QUEUE).status_code == 200) is goes_on


def test_being_seen_is_written_once_a_minute(app: Flask, handler: Account) -> None:
    client = sign_in(app, handler)
    for ago, written in ((timedelta(seconds=50), False), (timedelta(seconds=70), True)):
        make_older(app, ago, ago)
        client.get(QUEUE)
        with app.app_context(), reading() as session:
            seen = session.scalars(select(StaffSession.last_seen_at)).one()
        assert (datetime.now(UTC) - seen < timedelta(seconds=20)) is written


def make_older(app: Flask, begun_ago: timedelta, seen_ago: timedelta) -> None:
    """Let the one session have begun, and been seen, so long ago."""
    now = datetime.now(UTC)
    with app.app_context(), transaction(the_city()) as session:
        session.execute(
            update(StaffSession).values(created_at=now - begun_ago, last_seen_at=now - seen_ago)
        )


def test_a_session_does_not_move_to_another_browser(app: Flask, handler: Account) -> None:
    client = sign_in(app, handler)
    answer = client.get(QUEUE, headers={"User-Agent": "another"})
    assert answer.status_code == 302


@pytest.mark.parametrize("ending", ["disabled", "new password"])
def test_a_closed_account_and_a_new_password_end_sessions(
    app: Flask, handler: Account, ending: str
) -> None:
    client = sign_in(app, handler)
    with app.app_context():
        if ending == "disabled":
            disable_account(handler.login, city=the_city(), now=MONDAY)
        else:
            set_password(handler.login, "another long one", city=the_city(), now=MONDAY)
    assert client.get(QUEUE).status_code == 302
    answer = post(new_client(app), "/login", {"login": handler.login, "password": PASSWORD})
    assert answer.status_code == 422


def test_tries_are_limited_and_the_owner_gets_in_all_the_same(app: Flask, handler: Account) -> None:
    owner = sign_in(app, handler)
    post(owner, "/logout")
    attacker = new_client(app)
    wrong = {"login": handler.login, "password": "wrong password!"}
    statuses = [post(attacker, "/login", wrong).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]

    refused = post(attacker, "/login", {"login": handler.login, "password": PASSWORD})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert "Too many tries. Wait" in refused.text

    # The owner's own browser has a count of its own.
    right = {"login": handler.login, "password": PASSWORD}
    assert post(owner, "/login", right).status_code == 303


def test_a_known_device_is_known_for_its_own_account_only(app: Flask, handler: Account) -> None:
    with app.app_context():
        other = create_account(Role.SUPERVISOR)
    client = sign_in(app, handler)
    post(client, "/logout")
    wrong = {"login": other.login, "password": "wrong password!"}
    assert [post(client, "/login", wrong).status_code for _ in range(11)][-1] == 429


def test_tries_are_limited_without_redis_too(
    app: Flask, handler: Account, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_given: Any, **_more: Any) -> Any:
        raise ConnectionError("Redis is gone")

    monkeypatch.setattr(Redis, "execute_command", gone)
    wrong = {"login": handler.login, "password": "wrong password!"}
    client = new_client(app)
    assert [post(client, "/login", wrong).status_code for _ in range(11)] == [422] * 10 + [429]


def test_who_has_signed_in_does_not_see_the_form_again(app: Flask, handler: Account) -> None:
    assert sign_in(app, handler).get("/login").location == "/staff"


def test_reading_an_account_leaves_no_transaction_open(app: Flask, handler: Account) -> None:
    sign_in(app, handler)
    with app.app_context():
        assert not db.session().in_transaction()
