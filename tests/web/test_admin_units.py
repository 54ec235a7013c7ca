"""The administrator's desk: its frame, the units, and the history of changes."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.states import Role
from feedback.storage.models import Account, Unit
from tests.factories import create_account, create_unit
from tests.support.staff import post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SEEN = re.compile(r'name="seen" value="(\d+)"')
FIELDS = {
    "name": "Đội Cây xanh",
    "short_name": "Cây xanh",
    "name_en": "Parks",
    "kind": "office",
    "valid_from": "2026-01-01",
}


@pytest.fixture
def administrator(app: Flask) -> Account:
    with app.app_context():
        return create_account(Role.ADMINISTRATOR, name="Lê Quản Trị")


@pytest.fixture
def desk(app: Flask, administrator: Account) -> FlaskClient:
    return sign_in(app, administrator)


@pytest.fixture
def unit(app: Flask) -> Unit:
    with app.app_context():
        return create_unit("Công ty Điện lực")


def test_the_desk_begins_with_an_overview(desk: FlaskClient) -> None:
    page = desk.get("/admin").text
    for address in ("/admin/units", "/admin/changes", "/admin/status"):
        assert f'href="{address}"' in page
    assert "Nothing has been changed on these pages yet." in page


def test_a_unit_is_set_up_found_and_changed(desk: FlaskClient) -> None:
    made = post(desk, "/admin/units/new", {**FIELDS, "code": "cay-xanh"})
    assert made.status_code == 303
    page = desk.get(made.location).text
    assert "The unit is set up." in page
    assert "Parks" in desk.get("/admin/units?q=doi+cay").text
    assert "No units here" in desk.get("/admin/units?q=khong").text
    seen = SEEN.findall(page)[0]
    changed = {**FIELDS, "duty_phone": "0234 3822 822", "seen": seen, "note": "Quyết định 9"}
    assert post(desk, made.location, changed).status_code == 303
    page = desk.get(made.location).text
    assert "Duty phone: <del>—</del> → <ins>0234 3822 822</ins>" in page
    assert "Quyết định 9" in page


def test_nothing_typed_is_lost_when_something_is_wrong(desk: FlaskClient) -> None:
    refused = post(desk, "/admin/units/new", {**FIELDS, "code": "Cây xanh", "valid_from": ""})
    assert refused.status_code == 422
    assert 'href="#code"' in refused.text
    assert 'href="#valid_from"' in refused.text
    assert 'value="Cây xanh"' in refused.text
    assert '<option value="office" selected>' in refused.text


def test_two_administrators_are_told_of_each_other(
    app: Flask, desk: FlaskClient, unit: Unit
) -> None:
    address = f"/admin/units/{unit.id}"
    mine = {**FIELDS, "name": "Tên của tôi", "seen": "0"}
    with app.app_context():
        other = sign_in(app, create_account(Role.ADMINISTRATOR, name="Trần Khác"))
    assert post(other, address, {**mine, "name": "Tên của người khác"}).status_code == 303
    refused = post(desk, address, mine)
    assert refused.status_code == 409
    told = refused.text.partition('id="error-summary"')[2].partition("</form>")[0]
    assert "Tên của người khác" in told
    assert "Trần Khác" in told
    assert 'value="Tên của tôi"' in refused.text
    again = SEEN.findall(refused.text)[0]
    assert post(desk, address, {**mine, "seen": again}).status_code == 303


def test_the_history_is_filtered_by_kind_and_person(
    desk: FlaskClient, administrator: Account, unit: Unit
) -> None:
    post(desk, f"/admin/units/{unit.id}", {**FIELDS, "seen": "0"})
    shown = "Unit Đội Cây xanh: changed"
    assert shown in desk.get("/admin/changes").text
    assert shown in desk.get(f"/admin/changes?kind=unit&who={administrator.id}").text
    assert shown not in desk.get("/admin/changes?kind=account").text
    assert shown not in desk.get("/admin/changes?before=1").text
    assert desk.post("/admin/changes").status_code == 405


@pytest.mark.parametrize("number", ["0", "99", str(2**31), str(2**70)])
def test_a_unit_that_is_not_there_is_not_found(desk: FlaskClient, number: str) -> None:
    assert desk.get(f"/admin/units/{number}").status_code == 404
    assert post(desk, f"/admin/units/{number}", {**FIELDS, "seen": "0"}).status_code == 404


def test_forged_numbers_are_refused(desk: FlaskClient, unit: Unit) -> None:
    for name in ("seen", "head_account_id"):
        fields = {**FIELDS, "seen": "0", name: str(2**70)}
        assert post(desk, f"/admin/units/{unit.id}", fields).status_code == 422
