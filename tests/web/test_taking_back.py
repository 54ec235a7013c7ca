"""The pages on which a reporter takes a report back or asks for a second look at it."""

from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.actors import Actor
from feedback.domain.states import ActorKind, RejectionReason, ReportState, Role
from feedback.operations.reject_report import reject_report
from feedback.operations.transaction import reading
from feedback.storage.models import Report
from feedback.web.context import now
from tests.factories import Case, create_case, create_report, create_unit, create_working_week
from tests.factories import the_city as city
from tests.support.staff import new_client, post

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def open_case(app: Flask) -> Case:
    """A report at a unit."""
    with app.app_context():
        create_working_week()
        return create_case(create_unit(), now=now())


@pytest.fixture
def refused(app: Flask) -> Case:
    """A report the operations centre has just refused."""
    with app.app_context():
        receipt = create_report(now=now())
        reject_report(
            receipt.report_id,
            reason=RejectionReason.OUT_OF_SCOPE,
            text="Mời bạn gửi đến Công an phường.",
            version=None,
            actor=Actor(ActorKind.STAFF, None, Role.DISPATCHER),
            city=city(),
            now=now(),
        )
        return Case(receipt.report_id, 0, receipt.code, receipt.token)


def path_of(case: Case, page: str = "") -> str:
    """A page behind the secret link."""
    return f"/r/{case.code}/{case.token}{page}"


def state_of(app: Flask, case: Case) -> ReportState:
    """Where the report stands."""
    with app.app_context(), reading() as session:
        return session.get_one(Report, case.report_id).state


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return new_client(app)


def test_a_report_is_withdrawn_after_it_was_asked_whether(
    app: Flask, client: FlaskClient, open_case: Case
) -> None:
    withdraw = path_of(open_case, "/withdraw")
    assert f'href="{withdraw}"' in client.get(path_of(open_case)).text
    page = client.get(withdraw)
    assert "This cannot be undone." in page.text
    assert state_of(app, open_case) is ReportState.DISPATCHED

    answer = post(client, withdraw, {"reason": "Đã tự dọn"})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert state_of(app, open_case) is ReportState.WITHDRAWN
    page = client.get(path_of(open_case))
    for words in ("Your report was withdrawn.", "This report was withdrawn.", "Đã tự dọn"):
        assert words in page.text
    assert withdraw not in page.text
    assert "Answer due" not in page.text
    assert client.get(f"/reports/{open_case.code}").status_code == HTTPStatus.NOT_FOUND
    assert client.get(withdraw).location == path_of(open_case)
    assert post(client, withdraw).status_code == HTTPStatus.CONFLICT


def test_a_reason_that_is_too_long_comes_back_as_it_was_typed(
    app: Flask, client: FlaskClient, open_case: Case
) -> None:
    answer = post(client, path_of(open_case, "/withdraw"), {"reason": "x" * 2_001})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "x" * 2_001 in answer.text
    assert "This text is too long." in answer.text
    assert state_of(app, open_case) is ReportState.DISPATCHED


def test_a_second_look_is_asked_for_once(app: Flask, client: FlaskClient, refused: Case) -> None:
    ask = path_of(refused, "/second-look")
    assert f'href="{ask}"' in client.get(path_of(refused)).text
    assert "until" in client.get(ask).text
    empty = post(client, ask, {"reason": " "})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Write why the report should be looked at again." in empty.text

    assert post(client, ask, {"reason": "Việc của thành phố"}).status_code == HTTPStatus.SEE_OTHER
    page = client.get(path_of(refused))
    assert "You asked for a second look." in page.text
    assert "Việc của thành phố" in page.text
    assert ask not in page.text
    assert state_of(app, refused) is ReportState.REJECTED
    assert post(client, ask, {"reason": "Nữa"}).status_code == HTTPStatus.CONFLICT


def test_nothing_of_it_is_offered_where_it_is_not_possible(
    client: FlaskClient, open_case: Case, refused: Case
) -> None:
    assert client.get(path_of(open_case, "/second-look")).location == path_of(open_case)
    assert client.get(path_of(refused, "/withdraw")).location == path_of(refused)


@pytest.mark.parametrize("page", ["/withdraw", "/second-look"])
def test_a_wrong_link_opens_neither(client: FlaskClient, open_case: Case, page: str) -> None:
    for path in (f"/r/{open_case.code}/wrong{page}", f"/r/222-222/{open_case.token}{page}"):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND
        assert post(client, path, {"reason": "Vì"}).status_code == HTTPStatus.NOT_FOUND
