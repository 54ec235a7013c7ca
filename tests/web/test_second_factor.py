"""The second factor: set up, asked for, used once, recovered from, and reset."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from config import Settings
from feedback.app import create_app
from feedback.domain.sign_ins import SignInKind
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, RecoveryCode, SecondFactor, SignInEvent
from tests.factories import PASSWORD, create_account, create_unit, create_working_week, the_city
from tests.support.staff import new_client, post, sign_in

KEY = re.compile(r'<p class="code key">([A-Z2-7 ]+)</p>')
RECOVERY = re.compile(r"<code>(\d{4}-\d{4}-\d{4})</code>")
ACCOUNT, ENROL, CODE = "/account", "/login/second-factor", "/login/code"


@pytest.fixture
def earnest(environment: dict[str, str]) -> Iterator[Flask]:
    """A city that requires the second factor, as one in production does."""
    app = create_app(Settings.from_environment(environment | {"SECOND_FACTOR": "required"}))
    with app.app_context():
        create_working_week()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def dispatcher(earnest: Flask) -> Account:
    with earnest.app_context():
        return create_account(Role.DISPATCHER)


def give_password(client: FlaskClient, account: Account) -> TestResponse:
    form = {"login": account.login, "password": PASSWORD, "next": "/staff/triage"}
    return post(client, "/login", form)


def key_on(page: str) -> str:
    found = KEY.search(page)
    assert found, page
    return found[1].replace(" ", "")


def code_of(key: str) -> str:
    """The code the app shows now."""
    return pyotp.TOTP(key).now()


def enrolled(app: Flask, account: Account) -> tuple[str, list[str]]:
    """An account that has just been made to set up a second factor: its key, recovery codes."""
    client = new_client(app)
    assert give_password(client, account).location == ENROL
    key = key_on(client.get(ENROL).text)
    page = post(client, ENROL, {"code": code_of(key)})
    assert page.status_code == 200
    forget_last_code(app)
    return key, RECOVERY.findall(page.text)


def forget_last_code(app: Flask) -> None:
    """Let the half minute of the last code be over."""
    with app.app_context(), transaction(the_city()) as session:
        session.execute(update(SecondFactor).values(last_step=0))


def at_code(app: Flask, account: Account) -> FlaskClient:
    """A client whose password was right."""
    client = new_client(app)
    assert give_password(client, account).location == CODE
    return client


def kinds(app: Flask) -> list[SignInKind]:
    with app.app_context(), reading() as session:
        return list(session.scalars(select(SignInEvent.kind).order_by(SignInEvent.id)))


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_roles_of_the_whole_city_get_in_only_with_a_second_factor(
    earnest: Flask, role: Role
) -> None:
    with earnest.app_context():
        account = create_account(role)
    client = new_client(earnest)
    assert give_password(client, account).location == ENROL
    assert client.get(ACCOUNT).location.startswith("/login")
    page = client.get(ENROL)
    assert page.headers["Cache-Control"] == "no-store"
    assert "<svg" in page.text
    key = key_on(page.text)
    assert post(client, ENROL, {"code": "000000"}).status_code == 422
    done = post(client, ENROL, {"code": code_of(key)})
    assert len(set(RECOVERY.findall(done.text))) == 10
    assert client.get(ACCOUNT).status_code == 200
    assert client.get(ENROL).location == "/login"  # the secret is shown to nobody any more


def test_people_of_a_unit_need_none_and_may_have_one(earnest: Flask) -> None:
    with earnest.app_context():
        handler = create_account(Role.HANDLER, create_unit())
    client = sign_in(earnest, handler)
    assert post(client, "/account/second-factor").location == "/account/second-factor"
    key = key_on(client.get("/account/second-factor").text)
    form = {"code": code_of(key)}
    assert len(RECOVERY.findall(post(client, "/account/second-factor/confirm", form).text)) == 10
    assert client.get("/account/second-factor").location == ACCOUNT
    at_code(earnest, handler)


def test_the_right_code_leads_to_where_one_wanted_to_go(
    earnest: Flask, dispatcher: Account
) -> None:
    key, _codes = enrolled(earnest, dispatcher)
    client = at_code(earnest, dispatcher)
    typed = code_of(key)
    answer = post(client, CODE, {"code": f" {typed[:3]} {typed[3:]} "})
    assert answer.location == "/staff/triage"
    assert client.get("/staff/triage").status_code == 200


def test_a_recovery_code_opens_once_and_is_noted(earnest: Flask, dispatcher: Account) -> None:
    _key, codes = enrolled(earnest, dispatcher)
    client = at_code(earnest, dispatcher)
    assert post(client, CODE, {"code": codes[3]}).status_code == 303
    assert "9 recovery codes are left" in client.get(ACCOUNT).text
    assert "Logged in with a recovery code" in client.get(ACCOUNT).text
    assert post(at_code(earnest, dispatcher), CODE, {"code": codes[3]}).status_code == 422
    assert post(at_code(earnest, dispatcher), CODE, {"code": codes[4]}).status_code == 303
    assert kinds(earnest).count(SignInKind.SIGNED_IN_WITH_RECOVERY_CODE) == 2


def test_nothing_in_the_store_is_a_secret_or_a_code(earnest: Flask, dispatcher: Account) -> None:
    key, codes = enrolled(earnest, dispatcher)
    with earnest.app_context(), reading() as session:
        sealed = session.scalars(select(SecondFactor.sealed_secret)).one()
        hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert key not in sealed
    assert all(stored.startswith("$argon2id$") for stored in hashes)
    assert not any(code.replace("-", "") in "".join(hashes) for code in codes)


def test_guessing_codes_is_held_off(earnest: Flask, dispatcher: Account) -> None:
    key, _codes = enrolled(earnest, dispatcher)
    client = at_code(earnest, dispatcher)
    statuses = [post(client, CODE, {"code": "000000"}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert post(client, CODE, {"code": code_of(key)}).status_code == 429
    assert kinds(earnest)[-2:] == [SignInKind.WRONG_CODE, SignInKind.HELD_OFF]


def test_a_code_without_the_password_before_it_opens_nothing(
    earnest: Flask, dispatcher: Account
) -> None:
    key, _codes = enrolled(earnest, dispatcher)
    stranger = new_client(earnest)
    assert stranger.get(CODE).location == "/login"
    assert post(stranger, CODE, {"code": code_of(key)}).location == "/login"
    client = at_code(earnest, dispatcher)
    with earnest.app_context(), transaction(the_city()) as session:
        session.get_one(Account, dispatcher.id).session_key = "changed meanwhile"
    assert post(client, CODE, {"code": code_of(key)}).location == "/login"
    assert client.get(ACCOUNT).status_code == 302


def test_new_recovery_codes_need_a_code_and_replace_the_old(
    earnest: Flask, dispatcher: Account
) -> None:
    key, old = enrolled(earnest, dispatcher)
    client = at_code(earnest, dispatcher)
    post(client, CODE, {"code": old[0]})
    address = "/account/second-factor/recovery-codes"
    assert post(client, address, {"code": "000000"}).status_code == 422
    new = RECOVERY.findall(post(client, address, {"code": code_of(key)}).text)
    assert len(new) == 10
    assert post(at_code(earnest, dispatcher), CODE, {"code": old[1]}).status_code == 422
    assert post(at_code(earnest, dispatcher), CODE, {"code": new[1]}).status_code == 303


def test_the_second_factor_is_given_up_only_where_one_may_do_without(
    earnest: Flask, dispatcher: Account
) -> None:
    key, codes = enrolled(earnest, dispatcher)
    client = at_code(earnest, dispatcher)
    post(client, CODE, {"code": codes[0]})
    form = {"code": code_of(key)}
    assert post(client, "/account/second-factor/remove", form).status_code == 403
    with earnest.app_context():
        handler = create_account(Role.HANDLER, create_unit())
    theirs = sign_in(earnest, handler)
    post(theirs, "/account/second-factor")
    key = key_on(theirs.get("/account/second-factor").text)
    post(theirs, "/account/second-factor/confirm", {"code": code_of(key)})
    forget_last_code(earnest)
    form = {"code": code_of(key)}
    assert post(theirs, "/account/second-factor/remove", form).location == ACCOUNT
    sign_in(earnest, handler)


def test_the_operator_resets_a_lost_one_and_its_sessions_end(
    earnest: Flask, dispatcher: Account
) -> None:
    _key, codes = enrolled(earnest, dispatcher)
    client = at_code(earnest, dispatcher)
    post(client, CODE, {"code": codes[0]})
    runner = earnest.test_cli_runner()
    done = runner.invoke(args=["accounts", "reset-second-factor", dispatcher.login])
    assert done.exit_code == 0, done.output
    assert client.get(ACCOUNT).status_code == 302
    assert give_password(new_client(earnest), dispatcher).location == ENROL
    assert SignInKind.SECOND_FACTOR_RESET in kinds(earnest)
    assert runner.invoke(args=["accounts", "reset-second-factor", "nobody"]).exit_code == 1


def test_a_session_from_before_the_requirement_is_not_carried_on(
    app: Flask, environment: dict[str, str]
) -> None:
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
    client = sign_in(app, account)
    assert "trial installation" in client.get(ACCOUNT).text
    cookie = client.get_cookie("session")
    assert cookie
    earnest = create_app(Settings.from_environment(environment | {"SECOND_FACTOR": "required"}))
    later = new_client(earnest)
    later.set_cookie("session", cookie.value)
    assert later.get(ACCOUNT).status_code == 302
    with earnest.app_context():
        db.engine.dispose()


def test_the_administrator_resets_one_at_the_record(earnest: Flask, dispatcher: Account) -> None:
    enrolled(earnest, dispatcher)
    with earnest.app_context():
        administrator = create_account(Role.ADMINISTRATOR)
    _key, codes = enrolled(earnest, administrator)
    client = at_code(earnest, administrator)
    post(client, CODE, {"code": codes[0]})
    page = f"/admin/sign-ins?login={dispatcher.login}"
    assert "Reset the second factor" in client.get(page).text
    form = {"login": dispatcher.login}
    assert post(client, "/admin/sign-ins/reset-second-factor", form).location == page
    assert "Reset the second factor" not in client.get(page).text
    assert give_password(new_client(earnest), dispatcher).location == ENROL
    reset = {"login": "nobody"}
    assert post(client, "/admin/sign-ins/reset-second-factor", reset).status_code == 303
