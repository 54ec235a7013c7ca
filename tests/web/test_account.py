"""One's own account: sessions, the password, and what was noted about them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback.domain.sign_ins import SignInKind
from feedback.domain.states import Role
from feedback.operations.transaction import reading
from feedback.storage.models import Account, SignInEvent
from tests.factories import PASSWORD, create_account, create_unit, create_working_week
from tests.support.staff import new_client, post, sign_in

ACCOUNT, QUEUE = "/account", "/staff/queue"
NEW = "móng giò xanh biếc"
END = re.compile(r"/account/sessions/(\d+)/end")


@pytest.fixture
def handler(app: Flask) -> Account:
    with app.app_context():
        create_working_week()
        return create_account(Role.HANDLER, create_unit(), login="an.tran")


def noted(app: Flask, account: Account | None = None) -> list[SignInKind]:
    """What was noted, the oldest first."""
    with app.app_context(), reading() as session:
        events = select(SignInEvent.kind).order_by(SignInEvent.id)
        if account:
            events = events.where(SignInEvent.account_id == account.id)
        return list(session.scalars(events))


def session_ids(client: FlaskClient) -> list[int]:
    """The sessions the account page lists, the last seen first."""
    return [int(number) for number in END.findall(client.get(ACCOUNT).text)]


def test_the_account_page_lists_ones_sessions_and_nobody_elses(
    app: Flask, handler: Account
) -> None:
    with app.app_context():
        other = create_account(Role.SUPERVISOR)
    client, _second = sign_in(app, handler), sign_in(app, handler)
    sign_in(app, other)
    assert len(session_ids(client)) == 2
    page = client.get(ACCOUNT).text
    assert "127.0.0.*" in page
    assert "127.0.0.1" not in page


def test_one_session_is_ended_from_another(app: Flask, handler: Account) -> None:
    left_behind = sign_in(app, handler)
    client = sign_in(app, handler)
    oldest = min(session_ids(client))
    assert post(client, f"/account/sessions/{oldest}/end").location == ACCOUNT
    assert left_behind.get(QUEUE).status_code == 302
    assert client.get(QUEUE).status_code == 200
    assert len(session_ids(client)) == 1


def test_all_other_sessions_are_ended_at_once(app: Flask, handler: Account) -> None:
    others = [sign_in(app, handler) for _ in range(2)]
    client = sign_in(app, handler)
    post(client, "/account/sessions/end-others")
    assert [other.get(QUEUE).status_code for other in others] == [302, 302]
    assert client.get(QUEUE).status_code == 200


def test_a_session_of_somebody_else_is_not_there(app: Flask, handler: Account) -> None:
    with app.app_context():
        other = create_account(Role.SUPERVISOR)
    theirs = sign_in(app, other)
    (foreign,) = session_ids(theirs)
    client = sign_in(app, handler)
    answers = [
        post(client, f"/account/sessions/{number}/end").status_code for number in (foreign, 99_999)
    ]
    assert answers == [404, 404]
    assert theirs.get(ACCOUNT).status_code == 200


def test_logging_out_leaves_the_other_devices_alone(app: Flask, handler: Account) -> None:
    phone, desk = sign_in(app, handler), sign_in(app, handler)
    post(phone, "/logout")
    assert phone.get(QUEUE).status_code == 302
    assert desk.get(QUEUE).status_code == 200


def test_a_new_password_ends_the_other_sessions(app: Flask, handler: Account) -> None:
    other, client = sign_in(app, handler), sign_in(app, handler)
    answer = post(client, "/account/password", {"current_password": PASSWORD, "password": NEW})
    assert answer.location == ACCOUNT
    assert other.get(QUEUE).status_code == 302
    assert client.get(QUEUE).status_code == 200
    login = {"login": handler.login, "password": NEW}
    assert post(new_client(app), "/login", login).status_code == 303
    assert SignInKind.PASSWORD_CHANGED in noted(app, handler)


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("not my password", NEW, "current_password"),
        (PASSWORD, PASSWORD, "password"),
        (PASSWORD, "too short", "password"),
        (PASSWORD, "", "password"),
        ("", NEW, "current_password"),
    ],
)
def test_a_password_that_cannot_be_leaves_everything(
    app: Flask, handler: Account, current: str, new: str, field: str
) -> None:
    other, client = sign_in(app, handler), sign_in(app, handler)
    answer = post(client, "/account/password", {"current_password": current, "password": new})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert other.get(QUEUE).status_code == 200


def test_guessing_the_password_at_an_open_desk_is_held_off(app: Flask, handler: Account) -> None:
    client = sign_in(app, handler)
    guess = {"current_password": "not my password", "password": NEW}
    statuses = [post(client, "/account/password", guess).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert client.get(QUEUE).status_code == 200


def test_every_try_is_noted_and_being_held_off_once(app: Flask, handler: Account) -> None:
    attacker = new_client(app)
    wrong = {"login": handler.login, "password": "wrong password!"}
    for _ in range(13):
        post(attacker, "/login", wrong)
    post(attacker, "/login", {**wrong, "login": "nobody"})
    assert noted(app, handler) == [SignInKind.WRONG_PASSWORD] * 10 + [SignInKind.HELD_OFF]
    assert noted(app)[-1] is SignInKind.UNKNOWN_LOGIN


def test_the_record_is_the_administrators_and_ones_own(app: Flask, handler: Account) -> None:
    with app.app_context():
        administrator = create_account(Role.ADMINISTRATOR, name="Quản Trị")
    post(new_client(app), "/login", {"login": handler.login, "password": "wrong password!"})
    own = sign_in(app, handler)
    page = own.get(ACCOUNT).text
    assert "Wrong password" in page
    assert "Logged in" in page
    assert own.get("/admin/sign-ins").status_code == 403

    client = sign_in(app, administrator)
    everything = client.get("/admin/sign-ins").text
    assert handler.name in everything
    assert "Quản Trị" in everything
    failures = client.get("/admin/sign-ins?login=An.Tran&only=failures").text
    assert failures.count("Wrong password") == 1
    assert "<td>Logged in" not in failures
    assert "Nothing was noted" in client.get("/admin/sign-ins?login=nobody").text
