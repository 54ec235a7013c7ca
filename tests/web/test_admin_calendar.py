"""The administrator's calendar: looked at, corrected, and moved only once that was confirmed."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.domain.calendar import Block
from feedback.domain.errors import Invalid
from feedback.domain.holiday_proposals import proposals
from feedback.domain.states import Role
from feedback.operations.transaction import reading
from feedback.storage.models import CalendarDay, Round
from feedback.web.admin.hours import blocks_of
from tests.factories import (
    MONDAY,
    create_account,
    create_case,
    create_category,
    create_unit,
    create_working_week,
)
from tests.support.staff import post, sign_in
from tests.web.forms import hidden_fields

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLOSURE = {
    "day": "2026-03-03",
    "kind": "closure",
    "hours": "07:30-11:30",
    "name": "Bão số 3",
    "source": "Công điện 9",
}


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    with app.app_context():
        create_working_week()
        create_case(create_unit(), category=create_category(resolve_days=1), now=MONDAY)
        administrator = create_account(Role.ADMINISTRATOR)
    return sign_in(app, administrator)


def confirm(desk: FlaskClient, page: TestResponse) -> TestResponse:
    """Press the button of the page that says what would move."""
    address = re.findall(r'action="(/admin/calendar[^"]*)"', page.text)[-1]
    return desk.post(address, data={**hidden_fields(page), "confirm": "1"})


def due(app: Flask) -> str:
    with app.app_context(), reading() as session:
        return f"{session.query(Round).one().due:%d %H:%M}"


@on_sqlite
def test_a_closure_is_looked_at_then_made(app: Flask, desk: FlaskClient) -> None:
    looked = post(desk, "/admin/calendar/days/new", CLOSURE)
    assert looked.status_code == 200
    assert "The deadline of 1 open round moves" in looked.text
    assert "03/03/2026 17:00" in looked.text
    assert "03/03/2026 11:30" in looked.text
    assert due(app) == "03 10:00"
    back = desk.post("/admin/calendar/days/new", data={**hidden_fields(looked), "edit": "1"})
    assert 'value="Bão số 3"' in back.text
    assert confirm(desk, looked).status_code == 303
    assert due(app) == "03 04:30"
    page = desk.get("/admin/calendar?year=2026").text
    assert "Local closure: Bão số 3" in page
    assert "Công điện 9" in desk.get("/admin/changes?kind=calendar").text


@on_sqlite
def test_a_day_is_changed_and_taken_out_again(app: Flask, desk: FlaskClient) -> None:
    confirm(desk, post(desk, "/admin/calendar/days/new", CLOSURE))
    address = "/admin/calendar/days/2026-03-03"
    fields = hidden_fields(desk.get(address))
    changed = {**fields, "kind": "holiday", "name": "Nghỉ bão", "source": "Công điện 10"}
    assert confirm(desk, desk.post(address, data=changed)).status_code == 303
    assert due(app) == "04 10:00"
    stale = desk.post(address, data={**changed, "confirm": "1"})
    assert stale.status_code == 409
    assert "Nghỉ bão" in stale.text.partition('id="error-summary"')[2]
    fields = hidden_fields(desk.get(address))
    assert confirm(desk, desk.post(f"{address}/remove", data=fields)).status_code == 303
    assert due(app) == "03 10:00"
    assert desk.get(address).status_code == 404


@on_sqlite
def test_what_cannot_be_is_said_at_its_field(desk: FlaskClient) -> None:
    bad = {**CLOSURE, "kind": "holiday", "name": "", "until": "2026-06-01"}
    refused = post(desk, "/admin/calendar/days/new", bad)
    assert refused.status_code == 422
    for field in ("name", "until"):
        assert f'href="#{field}"' in refused.text
    refused = post(desk, "/admin/calendar/days/new", {**CLOSURE, "kind": "holiday"})
    assert "A holiday or a day off in lieu has no working hours." in refused.text
    refused = post(desk, "/admin/calendar/days/new", {**CLOSURE, "hours": "morning"})
    assert "Write the hours like" in refused.text
    for day in ("none", "2026-02-30", "2026-03-03"):
        assert desk.get(f"/admin/calendar/days/{day}").status_code == 404


@on_sqlite
def test_the_weekly_hours_take_several_blocks(app: Flask, desk: FlaskClient) -> None:
    fields = hidden_fields(desk.get("/admin/calendar/week"))
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "7h30-11h30, 13:30–16:30")
    empty = desk.post("/admin/calendar/week", data=fields)
    assert empty.status_code == 422
    looked = desk.post("/admin/calendar/week", data={**fields, **week, "note": "Quyết định 1"})
    assert "07:30–11:30, 13:30–16:30" in looked.text
    assert confirm(desk, looked).status_code == 303
    assert due(app) == "03 09:30"


@on_sqlite
def test_proposals_are_only_taken_over_by_hand(app: Flask, desk: FlaskClient) -> None:
    page = desk.get("/admin/calendar?year=2026").text
    assert 'value="2026-09-02"' in page
    assert "checked" not in page
    chosen = {"year": "2026", "days": ["2026-09-02", "2026-08-22"], "source": ""}
    refused = post(desk, "/admin/calendar/proposals", chosen)
    assert refused.status_code == 422
    assert 'value="2026-09-02" checked' in refused.text
    looked = post(desk, "/admin/calendar/proposals", {**chosen, "source": "Thông báo 1"})
    sent = {"csrf_token": hidden_fields(looked)["csrf_token"], **chosen, "source": "Thông báo 1"}
    assert desk.post("/admin/calendar/proposals", data={**sent, "confirm": "1"}).status_code == 303
    with app.app_context(), reading() as session:
        days = {row.day: (row.kind, row.blocks) for row in session.query(CalendarDay)}
    assert {day: kind for day, (kind, _blocks) in days.items()} == {
        date(2026, 9, 2): "holiday",
        date(2026, 8, 22): "swapped_in",
    }
    assert days[date(2026, 8, 22)][1] == [[450, 690], [780, 1020]]
    assert 'value="2026-09-02"' not in desk.get("/admin/calendar?year=2026").text


@on_sqlite
@pytest.mark.parametrize("year", ["1800", "99999999999999999999", "x"])
def test_a_year_out_of_range_shows_this_year(desk: FlaskClient, year: str) -> None:
    assert desk.get(f"/admin/calendar?year={year}").status_code == 200


def test_the_package_lacks_a_swap_that_was_announced() -> None:
    """Why proposals are looked at by people: Friday 2 January 2026 was off."""
    proposed = {one.day for one in proposals(2026, ())}
    assert date(2026, 1, 1) in proposed
    assert date(2026, 1, 2) not in proposed


def test_hours_are_read_as_people_write_them() -> None:
    assert blocks_of("13:30 – 17:00; 7h30-11h30", "x") == (Block(450, 690), Block(810, 1020))
    assert blocks_of(" ", "x") == ()
    for bad in ("8-12", "08:60-09:00", "12:00-08:00", "08:00-12:00, 11:00-13:00", "20:00-25:00"):
        with pytest.raises(Invalid):
            blocks_of(bad, "x")
