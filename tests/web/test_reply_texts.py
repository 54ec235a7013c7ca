"""Texts to reply with: kept by heads and administrators, put into answers and questions."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from feedback.domain.states import Role
from feedback.operations.save_reply_template import TemplateDraft, create_reply_template
from feedback.operations.transaction import reading
from feedback.storage.models import Account, ReferenceChange, ReplyTemplate, Unit
from tests.factories import (
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_case,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.staff import post, sign_in, version_on

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Office:
    """A unit with its people, a case and a text; another unit's text; one of the city."""

    def __init__(self) -> None:
        create_working_week()
        self.unit: Unit = create_unit("HEPCO")
        self.head: Account = create_account(Role.HEAD, self.unit)
        self.handler: Account = create_account(Role.HANDLER, self.unit)
        self.stranger: Account = create_account(Role.HEAD, create_unit("Điện lực"))
        self.administrator: Account = create_account(Role.ADMINISTRATOR)
        self.case: Case = create_case(self.unit, handler=self.handler)
        self.own = text_of(self.head, "Đã dọn", "Phản ánh {mã}: đã dọn tại {địa điểm}.")
        self.theirs = text_of(self.stranger, "Đã nối điện", "Đã nối điện.")
        self.citys = text_of(self.administrator, "Cảm ơn", "{đơn vị} cảm ơn bạn, ngày {ngày}.")

    @property
    def address(self) -> str:
        return f"/staff/reports/{self.case.code}"


def text_of(account: Account, name: str, text: str) -> int:
    draft = TemplateDraft(name, text)
    return create_reply_template(draft, actor=actor_of(account), city=the_city(), now=MONDAY)


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context():
        return Office()


def test_a_text_is_put_behind_what_was_typed_without_a_script(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    page = client.get(office.address).text
    assert re.findall(r'<option value="(\d+)" data-text', page)[:2] == [
        str(office.own),
        str(office.citys),
    ]
    seen = {"version": version_on(page), "insert": "1"}
    typed = {"outcome": "fixed", "text": "Xin chào.", "template_id": str(office.own)}
    answer = post(client, f"{office.address}/answer", seen | typed)
    assert answer.status_code == 200
    filled = f"Xin chào.\n\nPhản ánh {office.case.code}: đã dọn tại 12 Lê Lợi."
    assert filled in answer.text
    assert re.search(r'value="fixed" id="outcome" checked', answer.text)
    asked = post(client, f"{office.address}/ask", seen | {"template_id": str(office.citys)})
    today = datetime.now(UTC).astimezone(the_zone(app)).strftime("%d/%m/%Y")
    assert f"{office.unit.name_en or 'HEPCO'} cảm ơn bạn, ngày {today}." in asked.text
    foreign = post(client, f"{office.address}/ask", seen | {"template_id": str(office.theirs)})
    assert "Đã nối điện" not in foreign.text
    assert version_on(client.get(office.address).text) == seen["version"]


def the_zone(app: Flask) -> object:
    return app.extensions["city"].zone


def test_a_head_keeps_the_units_texts_and_their_history(app: Flask, office: Office) -> None:
    client = sign_in(app, office.head)
    page = client.get("/staff/templates").text
    assert "Đã dọn" in page
    assert "Cảm ơn" not in page
    refused = post(client, "/staff/templates/new", {"name": "Mẫu", "text": "Gửi {tên} và {code}"})
    assert refused.status_code == 422
    assert "There is no such placeholder: {tên}." in refused.text
    assert "Gửi {tên} và {code}" in refused.text
    kept = {"name": "Mẫu", "text": "Gửi {code}"}
    assert post(client, "/staff/templates/new", kept).status_code == 303
    own = f"/staff/templates/{office.own}"
    seen = re.search(r'name="seen" value="(\d+)"', client.get(own).text)
    assert seen
    changed = {"seen": seen[1], "name": "Đã dọn sạch", "text": "Đã dọn sạch {place}."}
    assert post(client, own, changed).status_code == 303
    stale = post(client, own, changed | {"name": "Khác"})
    assert stale.status_code == 409
    with app.app_context(), reading() as session:
        rows = session.query(ReferenceChange).filter_by(object_key=str(office.own)).all()
        assert [row.action.value for row in rows if row.kind == "reply_template"] == [
            "created",
            "changed",
        ]
        latest = max(row.id for row in rows)
    assert post(client, f"{own}/remove", {"seen": str(latest)}).status_code == 303
    with app.app_context(), reading() as session:
        assert session.get(ReplyTemplate, office.own) is None
    assert "removed" in sign_in(app, office.administrator).get("/admin/changes").text


def test_nobody_changes_what_is_not_theirs(app: Flask, office: Office) -> None:
    client = sign_in(app, office.head)
    for foreign in (office.theirs, office.citys, 99_999):
        address = f"/staff/templates/{foreign}"
        assert client.get(address).status_code == 404
        fields = {"seen": "0", "name": "x", "text": "x"}
        assert post(client, address, fields).status_code == 404
        assert post(client, f"{address}/remove", fields).status_code == 404
    assert sign_in(app, office.handler).get("/staff/templates").status_code == 403
    assert "Cảm ơn" in sign_in(app, office.administrator).get("/staff/templates").text
