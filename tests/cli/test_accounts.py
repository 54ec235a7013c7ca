"""`flask accounts`: making, changing and closing accounts."""

import pytest
from click.testing import Result
from flask import Flask

from feedback.domain.errors import NotAllowed
from feedback.domain.sign_ins import OPERATOR
from feedback.domain.states import Role
from feedback.operations.log_in import sign_in
from feedback.operations.transaction import reading
from feedback.storage.queries import accounts
from tests.factories import MONDAY, PASSWORD, create_unit, the_city


@pytest.fixture
def unit_code(app: Flask) -> str:
    with app.app_context():
        return create_unit().code


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["accounts", *arguments])


def create(app: Flask, unit_code: str, **changed: str) -> Result:
    options = {"name": "Trần An", "role": "handler", "unit": unit_code, "password": PASSWORD}
    given = {name: value for name, value in {**options, **changed}.items() if value}
    login = given.pop("login", "An.Tran")
    return run(
        app, "create", login, *(part for key, v in given.items() for part in (f"--{key}", v))
    )


def can_sign_in(app: Flask, password: str) -> bool:
    with app.app_context():
        try:
            sign_in(
                "an.tran",
                password,
                second_factor_required=False,
                origin=OPERATOR,
                city=the_city(),
                now=MONDAY,
            )
        except NotAllowed:
            return False
        return True


def test_an_account_is_made_changed_and_closed(app: Flask, unit_code: str) -> None:
    made = create(app, unit_code)
    assert made.exit_code == 0, made.output
    with app.app_context(), reading() as session:
        account = accounts.by_login(session, "an.tran")
        assert account
        assert (account.role, account.name) == (Role.HANDLER, "Trần An")
        assert account.password_hash.startswith("$argon2id$")
    assert can_sign_in(app, PASSWORD)

    assert run(app, "password", "an.tran", "--password", "another long one").exit_code == 0
    assert not can_sign_in(app, PASSWORD)
    assert can_sign_in(app, "another long one")

    assert run(app, "disable", "an.tran").exit_code == 0
    assert not can_sign_in(app, "another long one")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"password": "eleven char"}, "password: password_too_short"),
        ({"password": "an.tran.long.name", "login": "an.tran.long.name"}, "password_is_login"),
        ({"login": "an tran"}, "login: not_a_login"),
        ({"unit": ""}, "unit_id: required"),
        ({"role": "supervisor"}, "unit_id: role_has_no_unit"),
        ({"unit": "nowhere"}, "there is no unit with the code nowhere"),
        ({"name": " "}, "name: required"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    app: Flask, unit_code: str, changed: dict[str, str], told: str
) -> None:
    refused = create(app, unit_code, **changed)
    assert refused.exit_code == 1
    assert told in refused.output
    assert len(refused.output.strip().splitlines()) == 1


def test_two_people_do_not_share_a_login(app: Flask, unit_code: str) -> None:
    create(app, unit_code)
    assert "login: login_taken" in create(app, unit_code, login="an.tran").output


def test_an_unknown_account_is_refused(app: Flask) -> None:
    for arguments in (["password", "nobody", "--password", PASSWORD], ["disable", "nobody"]):
        refused = run(app, *arguments)
        assert (refused.exit_code, refused.output) == (1, "Error: account_not_found\n")
