"""A password or second factor that somebody else changed: replaced, written down and told."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback.domain.states import Role
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, OutboxRow
from tests.authorization.doors import doors
from tests.factories import create_account, create_unit, create_working_week, the_city
from tests.support.post import Postbox, reach_people_by, work_off
from tests.support.staff import new_client, post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESS, CHANGE, OWN = "lan@city.example", "/account/password", "móng giò xanh biếc"
SHOWN = re.compile(r'id="new-password">([^<]+)<')


@pytest.fixture
def box(app: Flask) -> Postbox:
    made = Postbox()
    reach_people_by(app, email=made)
    return made


@pytest.fixture
def handler(app: Flask, box: Postbox) -> Account:
    with app.app_context():
        create_working_week()
        account = create_account(Role.HANDLER, create_unit(), name="Trần Lan")
        with transaction(the_city()) as session:
            session.get_one(Account, account.id).email = ADDRESS
        return account


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    with app.app_context():
        account = create_account(Role.ADMINISTRATOR, name="Võ Quản Trị")
    return sign_in(app, account)


def given(administrator: FlaskClient, account: Account) -> str:
    """The one-time password an administrator reads out."""
    page = post(administrator, f"/admin/accounts/{account.id}/password").text
    found = SHOWN.search(page)
    assert found, page
    return found[1]


def signed_in_with(app: Flask, account: Account, password: str) -> FlaskClient:
    client = new_client(app)
    assert post(client, "/login", {"login": account.login, "password": password}).status_code == 303
    return client


def letters(app: Flask, box: Postbox) -> list[str]:
    """What the owner of the account was sent, whole."""
    with app.app_context():
        work_off(the_city())
    return [f"{m.letter.subject} {m.letter.text} {m.letter.html}" for m in box.to(ADDRESS)]


def test_a_one_time_password_opens_nothing_but_the_page_that_replaces_it(
    app: Flask, handler: Account, administrator: FlaskClient
) -> None:
    client = signed_in_with(app, handler, given(administrator, handler))
    guards = app.extensions["guards"]
    tried = 0
    for door in doors(app):
        blueprint = door.endpoint.rpartition(".")[0]
        if not guards.get(blueprint, "").startswith("staff_with"):
            continue
        if door.endpoint in {"account.password", "account.send_password"}:
            continue
        with app.test_request_context():
            values = dict.fromkeys(door.rule.arguments, 1 if "int:" in door.rule.rule else "x")
            address = app.url_for(door.endpoint, **values)
        tried += 1
        token = {"csrf_token": post_token(client)}
        met = client.open(address, method=door.method, data=token if door.method != "GET" else None)
        assert (met.status_code, met.location) == (303, CHANGE), str(door)
        reads_json = {"Accept": "application/json"}
        met = client.open(address, method=door.method, data=token, headers=reads_json)
        assert met.status_code == 403, str(door)
        assert met.get_json()["code"] == "password_to_replace"
    assert tried > 100


def post_token(client: FlaskClient) -> str:
    """The form token of the only page that opens."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(CHANGE).text)
    assert found
    return found[1]


def test_its_owner_replaces_it_and_goes_to_work(
    app: Flask, handler: Account, administrator: FlaskClient
) -> None:
    password = given(administrator, handler)
    page_of_account = f"/admin/accounts/{handler.id}"
    assert "has not been replaced" in administrator.get(page_of_account).text
    client = signed_in_with(app, handler, password)
    page = client.get(CHANGE).text
    assert "An administrator gave you the password" in page
    assert ">Cancel<" not in page
    same = post(client, CHANGE, {"current_password": password, "password": password})
    assert same.status_code == 422
    assert client.get("/staff/queue").status_code == 303
    done = post(client, CHANGE, {"current_password": password, "password": OWN})
    assert done.location == "/staff"
    assert client.get("/staff/queue").status_code == 200
    assert "has not been replaced" not in administrator.get(page_of_account).text
    signed_in_with(app, handler, OWN)


def test_the_way_out_stays_open(app: Flask, handler: Account, administrator: FlaskClient) -> None:
    client = signed_in_with(app, handler, given(administrator, handler))
    assert post(client, "/logout").location == "/login"
    assert client.get(CHANGE).location.startswith("/login")


def test_a_new_account_begins_with_a_one_time_password(
    app: Flask, administrator: FlaskClient
) -> None:
    fields = {"login": "mai.le", "name": "Lê Mai", "role": "dispatcher"}
    page = post(administrator, "/admin/accounts/new", fields).text
    found = SHOWN.search(page)
    assert found
    client = new_client(app)
    post(client, "/login", {"login": "mai.le", "password": found[1]})
    assert client.get("/staff/triage").location == CHANGE


def test_the_operator_may_give_one_for_one_use_too(app: Flask, handler: Account) -> None:
    runner = app.test_cli_runner()
    for option, location in (["--one-time"], CHANGE), ([], None):
        args = ["accounts", "password", handler.login, "--password", OWN, *option]
        done = runner.invoke(args=args)
        assert done.exit_code == 0, done.output
        client = signed_in_with(app, handler, OWN)
        assert client.get("/staff/queue").location == location


def test_who_reset_a_password_stands_on_the_accounts_page_and_the_owner_is_told(
    app: Flask, handler: Account, administrator: FlaskClient, box: Postbox
) -> None:
    password = given(administrator, handler)
    page = administrator.get(f"/admin/accounts/{handler.id}").text
    assert re.search(r"new password set</b>\s*<span[^>]*>.*Võ Quản Trị", page)
    (letter,) = letters(app, box)
    assert "Mật khẩu của bạn đã được đặt lại" in letter
    assert password not in letter
    given(administrator, handler)
    assert len(letters(app, box)) == 2  # each time


def test_who_reset_a_second_factor_stands_on_the_accounts_page_and_the_owner_is_told(
    app: Flask, handler: Account, administrator: FlaskClient, box: Postbox
) -> None:
    page_of_account = f"/admin/accounts/{handler.id}"
    record = f"/admin/sign-ins?login={handler.login}"
    assert f'href="{record}"' in administrator.get(page_of_account).text
    form = {"login": handler.login}
    assert post(administrator, "/admin/sign-ins/reset-second-factor", form).location == record
    page = administrator.get(page_of_account).text
    assert re.search(r"second factor reset</b>\s*<span[^>]*>.*Võ Quản Trị", page)
    assert "second factor reset" in administrator.get("/admin/changes?kind=account").text
    (letter,) = letters(app, box)
    assert "Xác thực hai lớp của bạn đã được đặt lại" in letter


def test_nobody_without_an_address_is_written_to(
    app: Flask, administrator: FlaskClient, box: Postbox
) -> None:
    with app.app_context():
        account = create_account(Role.HANDLER, create_unit())
    given(administrator, account)
    with app.app_context(), reading() as session:
        assert session.scalars(select(OutboxRow)).all() == []
    assert box.messages == []
