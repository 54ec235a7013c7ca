"""Who reported: dispatchers look with a reason, each look is recorded, nobody else ever sees it."""

from http import HTTPStatus

import pytest
from flask import Flask

from feedback.domain.states import Role
from feedback.operations.transaction import reading
from feedback.storage.models import Account, PrivacyEntry, Unit
from tests.factories import Case, create_account, create_case, create_unit, create_working_week
from tests.support.staff import post, sign_in

CONTACT = {
    "contact_name": "Nguyễn Văn Kín",
    "contact_email": "kin@example.com",
    "contact_phone": "0905 123 456",
    "consent_version": "1",
}
REASON = {"identity_reason": "Gọi lại hỏi số nhà"}
PRIVATE = ("Văn Kín", "kin@example.com", "123 456")


@pytest.fixture
def unit(app: Flask) -> Unit:
    with app.app_context():
        create_working_week()
        return create_unit()


@pytest.fixture
def case(app: Flask, unit: Unit) -> Case:
    with app.app_context():
        return create_case(unit, **CONTACT)


@pytest.fixture
def dispatcher(app: Flask) -> Account:
    with app.app_context():
        return create_account(Role.DISPATCHER, name="Chị Điều Phối")


def looks(app: Flask) -> list[tuple[int | None, int | None, str]]:
    """Each recorded look: who, at which report, why."""
    with app.app_context(), reading() as session:
        rows = session.query(PrivacyEntry).order_by(PrivacyEntry.id)
        return [(row.account_id, row.report_id, row.reason) for row in rows]


def test_a_dispatcher_sees_that_somebody_left_a_contact_and_opens_it_with_a_reason(
    app: Flask, case: Case, dispatcher: Account
) -> None:
    client = sign_in(app, dispatcher)
    page = client.get(f"/staff/reports/{case.code}")
    assert "Somebody left a contact:" in page.text
    assert "e-mail and phone" in page.text
    assert not any(part in page.text for part in PRIVATE)

    opened = post(client, f"/staff/reports/{case.code}/identity", REASON)
    assert opened.status_code == HTTPStatus.OK
    assert all(part in opened.text for part in PRIVATE)
    assert opened.headers["Cache-Control"] == "no-store"
    assert looks(app) == [(dispatcher.id, case.report_id, REASON["identity_reason"])]

    again = client.get(f"/staff/reports/{case.code}")
    assert not any(part in again.text for part in PRIVATE)
    assert "Looked at who sent the report" in again.text
    assert REASON["identity_reason"] in again.text
    assert client.get(f"/staff/reports/{case.code}/identity").status_code in {404, 405}


@pytest.mark.parametrize("reason", ["", "   ", "abc", "x" * 1001])
def test_without_a_reason_nothing_is_shown_and_nothing_recorded(
    app: Flask, case: Case, dispatcher: Account, reason: str
) -> None:
    client = sign_in(app, dispatcher)
    refused = post(client, f"/staff/reports/{case.code}/identity", {"identity_reason": reason})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="identity_reason-error"' in refused.text
    assert not any(part in refused.text for part in PRIVATE)
    assert looks(app) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DISPATCHER])
def test_nobody_else_opens_it_or_learns_that_it_was_opened(
    app: Flask, unit: Unit, case: Case, dispatcher: Account, role: Role
) -> None:
    post(sign_in(app, dispatcher), f"/staff/reports/{case.code}/identity", REASON)
    with app.app_context():
        at_unit = unit if role in {Role.HANDLER, Role.HEAD} else None
        account = create_account(role, at_unit)
    client = sign_in(app, account)
    refused = post(client, f"/staff/reports/{case.code}/identity", REASON)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    page = client.get(f"/staff/reports/{case.code}")
    for text in (refused.text, page.text):
        assert not any(part in text for part in PRIVATE)
        assert REASON["identity_reason"] not in text
        assert "Who reported" not in text
    assert len(looks(app)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_without_contact_says_so_and_has_nothing_to_open(
    app: Flask, unit: Unit, dispatcher: Account
) -> None:
    with app.app_context():
        code = create_case(unit).code
    client = sign_in(app, dispatcher)
    assert "Nobody left a contact." in client.get(f"/staff/reports/{code}").text
    answer = post(client, f"/staff/reports/{code}/identity", REASON)
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert looks(app) == []
