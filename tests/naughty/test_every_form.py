"""Naughty strings in every text field of every form, as the person who may send it."""

import pytest
from flask import Flask
from marshmallow import fields

from feedback.web.forms import Form
from tests.authorization.doors import Door, doors, knock
from tests.authorization.policies import POLICIES, Answer, Who
from tests.authorization.town import Town
from tests.naughty.strings import batches

ROLES = (Who.REPORTER, Who.HEAD, Who.DISPATCHER, Who.SUPERVISOR, Who.ADMINISTRATOR)


def text_fields() -> set[str]:
    """The name of every field that takes a text, in whichever form."""
    found: set[str] = set()
    kinds = list(Form.__subclasses__())
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found |= {
            name
            for name, field in kind().fields.items()
            if type(field) in {fields.String, fields.Email}
        }
    return found


def sender_of(door: Door) -> Who:
    """Somebody who gets in there."""
    return next(who for who in ROLES if POLICIES[door.endpoint].own[who] is Answer.IN)


def test_the_text_fields_are_found(app: Flask) -> None:
    assert text_fields() >= {"text", "address_text", "contact_name", "comment", "reason", "login"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_no_text_in_any_field_breaks_a_form(app: Flask, town: Town) -> None:
    clients = {who: town.client(who) for who in ROLES}
    names = text_fields()
    tried = 0
    for door in doors(app):
        policy = POLICIES[door.endpoint]
        if door.method == "GET" or not any(policy.own[who] is Answer.IN for who in ROLES):
            continue
        who = sender_of(door)
        for text in batches(40):
            answer = knock(town, clients[who], door, "own", who, extra=dict.fromkeys(names, text))
            assert answer.status_code < 500, f"{door}: {text!r}"
            tried += 1
    assert tried > 200
