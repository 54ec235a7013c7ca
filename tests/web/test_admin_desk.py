"""Accounts, categories, service levels and routing rules, through the administrator's forms."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.states import Role
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Area, Category, RoutingRule, ServiceLevel, Unit
from tests.factories import (
    create_account,
    create_area,
    create_category,
    create_rule,
    create_service_level,
    create_unit,
    create_working_week,
)
from tests.support.staff import new_client, post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SEEN = re.compile(r'name="seen" value="(\d+)"')


@dataclass(frozen=True)
class Desk:
    """An administrator at work, and what there is to administer."""

    client: FlaskClient
    unit: Unit
    handler: Account
    category: Category
    level: ServiceLevel
    area: Area
    rule: RoutingRule

    def seen(self, address: str) -> str:
        return SEEN.findall(self.client.get(address).text)[0]

    def send(self, address: str, **fields: object) -> tuple[int, str]:
        """Send a form with the version its page shows."""
        page = address.removesuffix("/end").removesuffix("/close").removesuffix("/dissolve")
        answer = post(self.client, address, {"seen": self.seen(page), **fields})
        where = answer.location if answer.status_code == 303 else answer.text
        return answer.status_code, where


@pytest.fixture
def desk(app: Flask) -> Desk:
    with app.app_context():
        create_working_week()
        unit, level, area = create_unit(), create_service_level(), create_area()
        category = create_category(level=level)
        made = Desk(
            client=new_client(app),
            unit=unit,
            handler=create_account(Role.HANDLER, unit),
            category=category,
            level=level,
            area=area,
            rule=create_rule(unit, category=category),
        )
        administrator = create_account(Role.ADMINISTRATOR)
    client = sign_in(app, administrator)
    return Desk(**{**made.__dict__, "client": client})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_the_desk_opens(desk: Desk, language: str) -> None:
    desk.client.set_cookie("language", language)
    for address in (
        *("/admin", "/admin/accounts", "/admin/accounts/new", "/admin/accounts?show=closed"),
        *(f"/admin/accounts/{desk.handler.id}", f"/admin/units/{desk.unit.id}"),
        *("/admin/categories", "/admin/categories/new", "/admin/categories?show=ended"),
        *(f"/admin/categories/{desk.category.id}", "/admin/categories/groups/new"),
        *(f"/admin/categories/groups/{desk.category.group_id}", "/admin/levels"),
        *(f"/admin/levels/{desk.level.code}", "/admin/levels/new", "/admin/rules"),
        *(f"/admin/rules/{desk.rule.id}", "/admin/rules/new", "/admin/rules?show=ended"),
    ):
        answer = desk.client.get(address)
        assert answer.status_code == 200, address
    for address in (
        *("/admin/accounts/99", "/admin/categories/99", "/admin/categories/groups/99"),
        *("/admin/levels/none", "/admin/rules/99", f"/admin/rules/{2**70}"),
    ):
        assert desk.client.get(address).status_code == 404, address


def test_a_new_account_signs_in_with_the_password_shown_once(app: Flask, desk: Desk) -> None:
    fields = {"login": "Lan.Tran", "name": "Trần Lan", "role": "dispatcher", "email": "lan@x.vn"}
    refused = post(desk.client, "/admin/accounts/new", {**fields, "unit_id": desk.unit.id})
    assert refused.status_code == 422
    assert 'value="Trần Lan"' in refused.text
    made = post(desk.client, "/admin/accounts/new", fields)
    shown = re.search(r'id="new-password">([^<]+)<', made.text)
    assert shown
    assert made.headers["Cache-Control"] == "no-store"
    entered = post(new_client(app), "/login", {"login": "lan.tran", "password": shown[1]})
    assert entered.status_code == 303
    assert shown[1] not in desk.client.get("/admin/changes").text


def test_a_closed_account_is_out_at_once(app: Flask, desk: Desk) -> None:
    handler = sign_in(app, desk.handler)
    assert handler.get("/staff/queue").status_code == 200
    status, _ = desk.send(f"/admin/accounts/{desk.handler.id}/close", reason="Nghỉ hưu")
    assert status == 303
    assert handler.get("/staff/queue").status_code == 302
    page = desk.client.get(f"/admin/accounts/{desk.handler.id}").text
    assert "Nghỉ hưu" in page
    assert "Open the account again" in page
    assert desk.handler.name in desk.client.get("/admin/accounts?show=closed").text


def test_a_category_is_changed_where_citizens_read_it(desk: Desk) -> None:
    fields = {
        "name_vi": "Rác cồng kềnh",
        "name_en": "Bulky waste",
        "group_id": desk.category.group_id,
        "service_level_code": desk.level.code,
        "visibility_policy": "never",
        "retention_days": "90",
        "valid_from": "2020-01-01",
    }
    status, where = desk.send(f"/admin/categories/{desk.category.id}", **fields)
    assert status == 303
    page = desk.client.get(where).text
    assert "Days personal data is kept: <del>—</del> → <ins>90</ins>" in page
    assert "Bulky waste" in desk.client.get("/report").text
    group = desk.send(
        f"/admin/categories/groups/{desk.category.group_id}",
        name_vi="Vệ sinh",
        name_en="Cleanliness",
        position="2",
    )
    assert group[0] == 303
    assert "Cleanliness" in desk.client.get("/admin/categories").text


def test_a_promise_can_be_looked_at_before_it_is_made(app: Flask, desk: Desk) -> None:
    address = f"/admin/levels/{desk.level.code}"
    fields = {
        "name_vi": "Nhanh",
        "name_en": "Quick",
        "clock": "round_the_clock",
        "accept_minutes": "30",
        "resolve_minutes": "120",
        "waiting_limit_minutes": "0",
        "valid_from": "2199-01-01",
    }
    looked = post(desk.client, address, {**fields, "seen": "0", "preview": "1"})
    assert "A report sent now would be accepted by" in looked.text
    assert 'value="Nhanh"' in looked.text
    with app.app_context(), reading() as session:
        assert session.query(ServiceLevel).count() == 1
    status, where = desk.send(address, **{**fields, "resolve_days": "3"})
    assert status == 422
    assert "Give either working days or minutes to resolve." in where or "no days" in where
    assert desk.send(address, **fields)[0] == 303
    page = desk.client.get(address).text
    assert "Take it back" in page
    assert "2 hours" in page


def test_the_test_box_says_which_rule_wins_and_why(app: Flask, desk: Desk) -> None:
    with app.app_context():
        other = create_unit("Điện lực")
        everywhere = create_rule(other)
    asked = f"/admin/rules?test=1&test_category={desk.category.id}&test_area={desk.area.id}"
    page = desk.client.get(asked).text
    assert f"rule {desk.rule.id} sends it to {desk.unit.name_en}" in page
    assert "wins: it names the category" in page
    assert "says less, or is older" in page
    point = desk.client.get("/admin/rules?test=1&test_point=16.45,107.55").text
    assert desk.area.name_en in point.partition('class="verdict"')[2]
    assert "no rule routes it, the operations centre decides" in point
    assert "Write the point as latitude" in desk.client.get("/admin/rules?test=1&test_point=x").text
    assert str(everywhere.id) in page


def test_a_rule_is_made_refused_and_ended(desk: Desk) -> None:
    fields = {"unit_id": desk.unit.id, "area_id": desk.area.id, "valid_from": "2026-01-01"}
    made = post(desk.client, "/admin/rules/new", fields)
    assert made.status_code == 303
    again = post(desk.client, "/admin/rules/new", fields)
    assert again.status_code == 422
    assert 'href="#valid_from"' in again.text
    assert f'<option value="{desk.area.id}" selected>' in again.text
    status, where = desk.send(f"{made.location}/end", last_day="2199-01-01", reason="Hết hạn")
    assert status == 303
    assert "Hết hạn" in desk.client.get(where).text


def test_a_dissolved_unit_hands_its_rules_over(app: Flask, desk: Desk) -> None:
    with app.app_context():
        new = create_unit("Ủy ban nhân dân phường mới")
    address = f"/admin/units/{desk.unit.id}"
    status, _ = desk.send(f"{address}/dissolve", last_day="2026-03-01", successor_id=new.id)
    assert status == 303
    assert "1 routing rule still names this unit after its last day." in (
        desk.client.get(address).text
    )
    assert "Rules that name a dissolved unit" in desk.client.get("/admin/rules").text
    assert post(desk.client, f"{address}/move-rules").status_code == 303
    page = desk.client.get("/admin/rules").text
    assert "Rules that name a dissolved unit" not in page
    assert new.name_en in page
