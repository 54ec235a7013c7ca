"""The doors of the product, and how somebody comes to one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.authorization.policies import Who
from tests.authorization.town import Town
from tests.support.staff import csrf_token

ENDS_THE_SESSION = {"auth.logout"}
# What a page needs in its address, and numbers that forms need to be read at all.
_LIST = {"figure": "received", "scope": "city", "window": "7"}
_OF_REPORT = {"figure": "received"}
_LETTERS = {"figure": "late"}
QUERIES = {
    "supervisor.download_cases": _LIST,
    "supervisor.list_cases_of": _LIST,
    "supervisor.download_letter_cases": _LETTERS,
    "supervisor.list_letters_of": _LETTERS,
    "supervisor.download_report_cases": _OF_REPORT,
    "supervisor.list_report_cases": _OF_REPORT,
}
NUMBERS = {"handler_id": "1"}


@dataclass(frozen=True)
class Door:
    """One route with one method."""

    rule: Rule
    method: str

    @property
    def endpoint(self) -> str:
        """The name the policy is found by."""
        return self.rule.endpoint

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


def doors(app: Flask) -> Iterator[Door]:
    """Every door of the product, those that end a session last."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint in ENDS_THE_SESSION)
    for rule in rules:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Door(rule, method)


def knock(
    town: Town,
    client: FlaskClient,
    door: Door,
    which: str,
    who: Who,
    *,
    extra: Mapping[str, str] | None = None,
) -> TestResponse:
    """Come to a door, with a form that carries its token, the report's version and `extra`."""
    arguments = town.arguments(which, who)
    values = {name: arguments[name] for name in door.rule.arguments}
    with town.app.test_request_context():
        address = town.app.url_for(door.endpoint, **values, **QUERIES.get(door.endpoint, {}))
    form = {}
    if door.method != "GET":
        form = {
            "csrf_token": csrf_token(client),
            "version": str(town.version(which)),
            **NUMBERS,
            **(extra or {}),
        }
    with client.open(address, method=door.method, data=form) as response:
        response.get_data()
        return response
