"""Staff at their desks: clients that have signed in, and the forms their pages carry."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.storage.models import Account
from tests.factories import PASSWORD

CSRF_FIELD = re.compile(r'name="csrf_token" value="([^"]+)"')
VERSION_FIELD = re.compile(r'name="version" value="(\d+)"')


def sign_in(app: Flask, account: Account, *, language: str = "en") -> FlaskClient:
    """A new client whose session belongs to the account."""
    client = new_client(app, language=language)
    answer = post(client, "/login", {"login": account.login, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def new_client(app: Flask, *, language: str = "en") -> FlaskClient:
    """A client that nobody has signed in with."""
    client = app.test_client()
    client.set_cookie("language", language)
    return client


def post(
    client: FlaskClient, address: str, fields: dict[str, Any] | None = None, **more: Any
) -> TestResponse:
    """Send a form with the token of the client's session, as its page would."""
    token = csrf_token(client)
    return client.post(address, data={"csrf_token": token, **(fields or {})}, **more)


def csrf_token(client: FlaskClient) -> str:
    """The session's form token, taken from a page that everybody may see."""
    found = CSRF_FIELD.search(client.get("/privacy").text)
    assert found
    return found[1]


def version_on(page: str) -> int:
    """The version of the report that a case page was made from."""
    found = VERSION_FIELD.search(page)
    assert found, page
    return int(found[1])
