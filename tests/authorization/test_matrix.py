"""Every route × every kind of person × own and foreign object, against the declared policy."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from config import ROOT
from tests.authorization.doors import doors, knock
from tests.authorization.matrix import document
from tests.authorization.policies import POLICIES, Answer, Who
from tests.authorization.town import MISSING_CODE, MISSING_TOKEN, Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# What differs between two answers that say the same.
VARYING = re.compile(
    r'nonce="[^"]*"|nonce-[\w+/=-]+|name="csrf_token" value="[^"]*"|[0-9a-f]{16}\b'
    r"|\d\d/\d\d/\d{4} \d\d:\d\d|/letters/\d+|" + MISSING_CODE
)


def answer_of(response: TestResponse) -> Answer:
    """What somebody met."""
    if response.status_code == 302 and response.location.partition("?")[0] == "/login":
        return Answer.LOGIN
    assert response.status_code != 500, response.text
    return {401: Answer.REFUSED, 403: Answer.REFUSED, 404: Answer.HIDDEN}.get(
        response.status_code, Answer.IN
    )


def test_every_route_has_a_policy_and_every_policy_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(POLICIES)


def test_the_table_that_people_read_is_the_policy(app: Flask) -> None:
    written = (ROOT / "docs" / "authorization.md").read_text(encoding="utf-8")
    assert written == document(app), "python -m tests.authorization.matrix > docs/authorization.md"


@pytest.mark.parametrize("who", Who)
def test_everybody_meets_what_the_policy_says(town: Town, who: Who) -> None:
    client = town.client(who)
    met = {}
    declared = {}
    for door in doors(town.app):
        policy = POLICIES[door.endpoint]
        met[f"{door} own"] = answer_of(knock(town, client, door, "own", who))
        declared[f"{door} own"] = policy.own[who]
        if "code" in door.rule.arguments:
            met[f"{door} foreign"] = answer_of(knock(town, client, door, "foreign", who))
            declared[f"{door} foreign"] = policy.foreign[who]
    assert len(met) > len(POLICIES)
    assert met == declared


@pytest.mark.parametrize("who", [Who.FOREIGN_HANDLER, Who.OTHER_REPORTER, Who.ANONYMOUS])
def test_what_is_foreign_answers_like_what_does_not_exist(town: Town, who: Who) -> None:
    client = town.client(who)
    compared = 0
    for door in doors(town.app):
        if POLICIES[door.endpoint].own[who] is not Answer.HIDDEN:
            continue
        foreign, missing = (knock(town, client, door, which, who) for which in ("own", "missing"))
        assert foreign.status_code == missing.status_code == 404, str(door)
        assert plain(town, foreign) == plain(town, missing), str(door)
        compared += 1
    assert compared >= 6


def plain(town: Town, response: TestResponse) -> str:
    """An answer's text without what differs by chance or repeats the address asked for."""
    text = response.text
    for repeated in (town.own.case.code, town.counter.code, MISSING_TOKEN):
        text = text.replace(repeated, "")
    return VARYING.sub("", text)
