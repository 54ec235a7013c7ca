"""A phone call or an e-mail becomes a report on the citizen's behalf."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.consents import CURRENT
from feedback.domain.states import Channel, ReportState, Role
from feedback.operations.transaction import reading
from feedback.storage.models import Area, Category, HistoryEntry, Report
from tests.factories import (
    INSIDE,
    create_account,
    create_area,
    create_category,
    create_rule,
    create_unit,
    create_working_week,
)
from tests.support.staff import post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Centre:
    """A ward whose rubbish has its unit."""

    def __init__(self) -> None:
        create_working_week()
        self.area: Area = create_area()
        self.category: Category = create_category()
        create_rule(create_unit("Công ty Môi trường"), category=self.category)
        self.dispatcher = create_account(Role.DISPATCHER)


@pytest.fixture
def centre(app: Flask) -> Centre:
    with app.app_context():
        return Centre()


@pytest.fixture
def desk(app: Flask, centre: Centre) -> FlaskClient:
    return sign_in(app, centre.dispatcher)


def fields_of(centre: Centre, **changes: Any) -> dict[str, Any]:
    """A call that can be taken."""
    fields: dict[str, Any] = {
        "submission_id": str(uuid4()),
        "channel": "phone",
        "category_id": centre.category.id,
        "area_id": centre.area.id,
        "address_text": "12 Lê Lợi",
        "text": "Rác tồn ba ngày",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def newest(app: Flask) -> Report:
    with app.app_context(), reading() as session:
        found = session.query(Report).order_by(Report.id.desc()).limit(1).one()
        assert found.rounds is not None
        found.reporter  # noqa: B018 (loaded before it is detached)
        session.expunge_all()
        return found


def test_a_call_becomes_a_report_and_the_page_says_where_it_went(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    contact = {
        "contact_name": "Bà Lan",
        "contact_phone": "0900 111 222",
        "consent": CURRENT.version,
    }
    answer = post(desk, "/staff/intake", fields_of(centre, **contact))
    assert answer.status_code == 303
    report = newest(app)
    assert (report.channel, report.state, report.language) == (
        Channel.PHONE,
        ReportState.DISPATCHED,
        "vi",
    )
    assert report.reporter is not None
    assert report.reporter.consent_version == CURRENT.version
    shown = desk.get(answer.location).text
    assert report.code in shown
    assert "It is with Công ty Môi trường (en), which answers by" in shown
    assert " ".join(report.code.replace("-", "")) in shown
    assert "0900" not in shown
    with app.app_context(), reading() as session:
        entry = session.query(HistoryEntry).filter_by(kind="received").one()
        assert entry.account_id == centre.dispatcher.id


def test_an_unknown_category_waits_and_can_be_sent_on_at_once(
    app: Flask, centre: Centre, desk: FlaskClient
) -> None:
    fields = fields_of(centre, channel="email", category_id="", language="en")
    answer = post(desk, "/staff/intake", fields)
    report = newest(app)
    assert (report.channel, report.state, report.language) == (
        Channel.EMAIL,
        ReportState.RECEIVED,
        "en",
    )
    shown = desk.get(answer.location).text
    assert "No rule knows its unit" in shown
    assert re.search(r'value="email"[^>]*checked', shown)
    assert "by e-mail" in desk.get(f"/staff/reports/{report.code}").text


@pytest.mark.parametrize("typed", [f"{INSIDE[0]}, {INSIDE[1]}", "16,47; 107,58", "16.47 107.58"])
def test_a_point_is_read_as_maps_write_it(
    app: Flask, centre: Centre, desk: FlaskClient, typed: str
) -> None:
    fields = fields_of(centre, area_id=None, address_text=None, point=typed)
    assert post(desk, "/staff/intake", fields).status_code == 303
    report = newest(app)
    assert (report.latitude, report.longitude, report.area_id) == (*INSIDE, centre.area.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": None}, "text"),
        ({"area_id": None, "address_text": None}, "address_text"),
        ({"point": "ở đầu đường"}, "point"),
        ({"point": "1" * 5000}, "point"),
        ({"point": "91, 107", "area_id": None}, "point"),
        ({"point": "10.5, 106.5", "area_id": None}, "point"),
        ({"contact_phone": "0900111222"}, "consent"),
        ({"category_id": 999_999}, "category_id"),
        ({"channel": "web"}, "channel"),
        ({"language": "xx"}, "language"),
        ({"area_id": 10**30}, "area_id"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    app: Flask, centre: Centre, desk: FlaskClient, changes: dict[str, Any], field: str
) -> None:
    fields = fields_of(centre, contact_name="Ông Minh", consent=CURRENT.version, **changes)
    if field == "consent":
        del fields["consent"]
    answer = post(desk, "/staff/intake", fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert "Ông Minh" in answer.text
    with app.app_context(), reading() as session:
        assert session.query(Report).count() == 0


def test_a_call_sent_twice_is_one_report(app: Flask, centre: Centre, desk: FlaskClient) -> None:
    fields = fields_of(centre)
    first, second = (post(desk, "/staff/intake", fields) for _ in range(2))
    assert first.location == second.location
    differs = post(desk, "/staff/intake", {**fields, "text": "Khác"})
    assert differs.status_code == 409
    assert "Khác" in differs.text


def test_a_report_that_is_none_is_not_shown_as_sent(desk: FlaskClient) -> None:
    assert desk.get("/staff/intake?sent=000-000").status_code == 404
