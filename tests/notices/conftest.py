"""A town whose people can be written to."""

from collections.abc import Callable

import pytest
from flask import Flask

from feedback.operations.transaction import transaction
from feedback.storage.models import Account, Unit
from tests.factories import the_city
from tests.operations.lives import Town, create_town
from tests.support.post import Postbox, reach_people_by, work_off

HANDLER, HEAD, DISPATCHER = "handler@unit.example", "head@unit.example", "centre@city.example"
DUTY, CITIZEN = "duty@unit.example", "lan@people.example"


@pytest.fixture
def post(app: Flask) -> Postbox:
    """The only channel of the city, in memory."""
    box = Postbox()
    reach_people_by(app, email=box)
    return box


@pytest.fixture
def town(app_context: None, post: Postbox) -> Town:
    """A ward, a unit and a rule; its people and its duty contact have addresses."""
    town = create_town(approval_needed=True)
    with transaction(the_city()) as session:
        for account, address in (
            (town.handler, HANDLER),
            (town.head, HEAD),
            (town.dispatcher, DISPATCHER),
        ):
            session.get_one(Account, account.id).email = address
        session.get_one(Unit, town.unit.id).duty_email = DUTY
    return town


@pytest.fixture
def deliver(town: Town) -> Callable[[], None]:
    """Does all that the notices queue has to do."""
    return lambda: work_off(the_city())
