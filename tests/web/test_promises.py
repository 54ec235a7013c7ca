"""The promises of a unit: listed by their day, kept on the case's page, seen by everybody."""

import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask

from feedback.domain.states import Outcome, Role
from feedback.storage.models import Account, Unit
from tests.factories import (
    INSIDE,
    MONDAY,
    Case,
    create_account,
    create_area,
    create_closed_report,
    create_unit,
    create_working_week,
)
from tests.support.photos import photo_bytes
from tests.support.staff import new_client, post, sign_in, version_on

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = re.compile(r'class="code" href="/staff/reports/([^"?]+)[^"]*"')
TEXT = "Đã lắp thêm ba thùng rác."


class Office:
    """A unit that has promised two things, and another unit."""

    def __init__(self) -> None:
        create_working_week()
        create_area("Vỹ Dạ")
        self.unit: Unit = create_unit()
        self.other: Unit = create_unit("Điện lực Huế")
        self.handler: Account = create_account(Role.HANDLER, self.unit)
        self.dispatcher: Account = create_account(Role.DISPATCHER)
        self.late = self.promised(self.unit, self.handler)
        self.open = self.promised(self.unit, self.handler, days=21)
        self.theirs = self.promised(self.other, create_account(Role.HANDLER, self.other))

    def promised(self, unit: Unit, handler: Account, *, days: int = 0) -> Case:
        return create_closed_report(
            unit,
            outcome=Outcome.PLANNED,
            handler=handler,
            place=INSIDE,
            now=MONDAY + timedelta(days=days),
        )


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Office:
    day = date(2026, 4, 10)
    monkeypatch.setattr("feedback.web.context.today", lambda: day)
    with app.app_context():
        return Office()


def test_open_promises_are_listed_and_those_that_are_due_are_counted(
    app: Flask, office: Office
) -> None:
    client = sign_in(app, office.handler)
    queue = client.get("/staff/queue").text
    assert re.search(r'Promises to keep\s*<span class="count due">1<', queue)
    page = client.get("/staff/promises").text
    assert CODE.findall(page) == [office.late.code, office.open.code]
    assert page.count("Overdue") == 1
    assert len(CODE.findall(sign_in(app, office.dispatcher).get("/staff/promises").text)) == 3


def test_a_kept_promise_is_seen_by_the_reporter_and_by_everybody(
    app: Flask, office: Office
) -> None:
    client = sign_in(app, office.handler)
    address = f"/staff/reports/{office.late.code}"
    page = client.get(address).text
    assert "Is it done, as promised?" in page
    fields = {"version": version_on(page), "text": TEXT}
    refused = post(client, f"{address}/promise", fields)
    assert refused.status_code == 422
    assert TEXT in refused.text
    assert "Add a photo or a document that shows the result." in refused.text
    photo = (io.BytesIO(photo_bytes()), "xong.jpg")
    assert post(client, f"{address}/promise", {**fields, "photos": [photo]}).status_code == 303
    page = client.get(address).text
    assert "Is it done, as promised?" not in page
    assert "has done what was promised" in page
    for link in (f"/r/{office.late.code}/{office.late.token}", f"/reports/{office.late.code}"):
        seen = new_client(app).get(link).text
        assert "The promised work is done" in seen
        assert TEXT in seen
    assert CODE.findall(client.get("/staff/promises").text) == [office.open.code]


def test_only_the_unit_that_promised_is_asked_whether_it_is_done(
    app: Flask, office: Office
) -> None:
    page = sign_in(app, office.dispatcher).get(f"/staff/reports/{office.late.code}").text
    assert "Is it done, as promised?" not in page
    client = sign_in(app, office.handler)
    theirs = f"/staff/reports/{office.theirs.code}/promise"
    assert post(client, theirs, {"version": "1", "text": TEXT}).status_code == 404
