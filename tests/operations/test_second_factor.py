"""Which codes are taken, by the clock."""

from datetime import datetime, timedelta

import pyotp
import pytest

from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.sign_ins import OPERATOR
from feedback.domain.states import Role
from feedback.operations.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    enrolment,
    sign_in_with_code,
)
from feedback.storage.models import Account
from tests.factories import MONDAY, create_account, the_city

HALF_MINUTE = timedelta(seconds=30)


def enrolled(account: Account) -> str:
    """Set the account's second factor with the code of Monday; returns its key."""
    begin_enrolment(account.id, city=the_city(), now=MONDAY)
    key = enrolment(account.id, "Thành phố", city=the_city()).key
    confirm_enrolment(
        pyotp.TOTP(key).at(MONDAY),
        account_id=account.id,
        session_id=0,
        origin=OPERATOR,
        city=the_city(),
        now=MONDAY,
    )
    return key


def opens(account: Account, code: str, now: datetime) -> bool:
    try:
        sign_in_with_code(
            code,
            account_id=account.id,
            account_key=account.session_key,
            origin=OPERATOR,
            city=the_city(),
            now=now,
        )
    except Invalid:
        return False
    return True


@pytest.mark.usefixtures("app_context")
def test_a_code_opens_once_and_half_a_minute_round_its_time() -> None:
    account = create_account(Role.DISPATCHER)
    totp = pyotp.TOTP(enrolled(account))
    assert not opens(account, totp.at(MONDAY), MONDAY)  # it has confirmed the enrolment
    now = MONDAY + timedelta(hours=1)
    tried = [
        (steps, opens(account, totp.at(now + steps * HALF_MINUTE), now))
        for steps in (-2, 2, -1, -1, 0, 0, -1, 1)
    ]
    assert tried == [
        (-2, False),
        (2, False),
        (-1, True),
        (-1, False),
        (0, True),
        (0, False),
        (-1, False),
        (1, True),
    ]


@pytest.mark.usefixtures("app_context")
def test_what_is_set_up_cannot_be_set_up_again_or_looked_at() -> None:
    account = create_account(Role.DISPATCHER)
    with pytest.raises(NotFound):
        enrolment(account.id, "Thành phố", city=the_city())
    enrolled(account)
    with pytest.raises(Conflict):
        begin_enrolment(account.id, city=the_city(), now=MONDAY)
    with pytest.raises(NotFound):
        enrolment(account.id, "Thành phố", city=the_city())


@pytest.mark.usefixtures("app_context")
def test_beginning_again_makes_another_key() -> None:
    account = create_account(Role.DISPATCHER)
    begin_enrolment(account.id, city=the_city(), now=MONDAY)
    first = enrolment(account.id, "Thành phố", city=the_city())
    begin_enrolment(account.id, city=the_city(), now=MONDAY)
    second = enrolment(account.id, "Thành phố", city=the_city())
    assert first.key != second.key
    assert second.key in second.address
    assert account.login in second.address
