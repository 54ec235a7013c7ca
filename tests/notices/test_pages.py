"""Who was told, on the pages of those who may know."""

from collections.abc import Callable

import pytest
from flask import Flask

from feedback.delivery.channels import Refused
from feedback.domain.notices import GivenUp
from feedback.domain.states import Role
from tests.factories import INSIDE, create_account, create_case
from tests.notices.conftest import CITIZEN, HEAD
from tests.operations.lives import Town
from tests.support.post import Postbox
from tests.support.staff import sign_in

Deliver = Callable[[], None]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_dispatcher_sees_who_could_not_be_told_but_no_address(
    app: Flask, town: Town, post: Postbox, deliver: Deliver
) -> None:
    post.failure = Refused(GivenUp.ADDRESS_REFUSED, "550 5.1.1")
    how = {"category": town.category, "place": INSIDE, "consent_version": "1"}
    case = create_case(town.unit, contact_email=CITIZEN, **how)
    deliver()
    page = sign_in(app, town.dispatcher).get(f"/staff/reports/{case.code}").text
    assert "given up: the address does not exist" in page
    assert "to the reporter" in page
    assert not [address for address in (CITIZEN, HEAD) if address in page]


def test_a_unit_is_not_told_who_was_told(
    app: Flask, town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = create_case(town.unit, category=town.category, place=INSIDE)
    deliver()
    page = sign_in(app, town.head).get(f"/staff/reports/{case.code}").text
    assert case.code in page
    assert "Who was told" not in page


def test_the_administrator_sees_how_many_were_given_up(
    app: Flask, town: Town, post: Postbox, deliver: Deliver
) -> None:
    create_case(town.unit, category=town.category, place=INSIDE)
    deliver()
    post.failure = Refused(GivenUp.ADDRESS_REFUSED)
    create_case(town.unit, category=town.category, place=INSIDE)
    deliver()
    page = sign_in(app, create_account(Role.ADMINISTRATOR)).get("/admin/status").text
    assert "given up: the address does not exist" in page
    assert ">sent<" in page
