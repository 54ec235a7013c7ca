"""Targets on their pages: proposed by supervisors, signed and followed by heads."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.states import Clock, Role
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.storage.models import Account, Unit
from tests.factories import (
    create_account,
    create_answered_case,
    create_case,
    create_category,
    create_unit,
    create_working_week,
    the_city,
)
from tests.factories.targets import create_sheet, create_target
from tests.support.staff import post, sign_in

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
YEAR = f"{NOW:%Y}"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def unit(app: Flask) -> Unit:
    """A unit of four urgent cases, three of them answered in time."""
    with app.app_context():
        create_working_week()
        unit = create_unit("Đơn vị A")
        urgent = create_category(
            clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=240
        )
        for n in range(3):
            create_answered_case(unit, category=urgent, now=NOW - (n + 1) * DAY / 2)
        create_case(unit, category=urgent, now=NOW - DAY)
        refresh_statistics(city=the_city(), now=NOW)
    return unit


@pytest.fixture
def supervisor(app: Flask, unit: Unit) -> FlaskClient:
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
    return sign_in(app, account)


@pytest.fixture
def head(app: Flask, unit: Unit) -> Account:
    with app.app_context():
        return create_account(Role.HEAD, unit)


def proposal(unit: Unit, **more: object) -> dict[str, object]:
    return {"unit_id": unit.id, "measure": "on_time_original", "period": YEAR,
            "kind": "absolute", "value": "70"} | more  # fmt: skip


def test_a_proposal_is_signed_by_the_head_and_both_see_how_it_stands(
    app: Flask, unit: Unit, supervisor: FlaskClient, head: Account
) -> None:
    assert post(supervisor, "/supervisor/targets", proposal(unit)).status_code == 303
    page = supervisor.get("/supervisor/targets").text
    assert "70.00%" in page
    assert "75.00%" in page
    assert "met so far" in page
    assert "proposed" in page
    desk = sign_in(app, head)
    form = re.search(r'action="(/staff/targets/\d+/sign)"', desk.get("/staff/targets").text)
    assert form is not None
    assert post(desk, form[1], {"version": 1}).status_code == 303
    page = desk.get("/staff/targets").text
    assert head.name in page
    assert "The commitment sheet is being printed." in page
    assert "/sign" not in page
    assert "/supervisor/cases" not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": "101"}, "too small or too large"),
        ({"value": "much"}, "cannot be read"),
        ({"period": "30"}, "Choose a month, quarter or year."),
        ({"kind": "relative"}, "base_period"),
        ({"unit_id": "77777"}, "Choose a unit from the list."),
    ],
)
def test_what_cannot_be_a_target_comes_back_with_what_was_typed(
    supervisor: FlaskClient, unit: Unit, wrong: dict[str, object], said: str
) -> None:
    answer = post(supervisor, "/supervisor/targets", proposal(unit, **wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{wrong.get("value", "70")}"' in answer.text


def test_a_percentage_is_typed_as_the_reader_writes_it(supervisor: FlaskClient, unit: Unit) -> None:
    supervisor.set_cookie("language", "vi")
    assert post(supervisor, "/supervisor/targets", proposal(unit, value="92,5")).status_code == 303
    page = supervisor.get("/supervisor/targets").text
    assert "92,50\N{NO-BREAK SPACE}%" in page
    change = re.search(r'href="(/supervisor/targets\?[^"]*change=[^"]+)#form"', page)
    assert change is not None
    assert 'value="92,5"' in supervisor.get(unescape(change[1])).text


def test_another_value_is_proposed_from_the_list_and_must_be_signed_again(
    app: Flask, supervisor: FlaskClient, unit: Unit, head: Account
) -> None:
    with app.app_context():
        target_id = create_target(unit.id, period=YEAR, now=NOW)
    desk = sign_in(app, head)
    post(desk, f"/staff/targets/{target_id}/sign", {"version": 1})
    form = supervisor.get(f"/supervisor/targets?window={YEAR}&change={target_id}").text
    assert 'value="90"' in form
    assert post(supervisor, "/supervisor/targets", proposal(unit, version=1)).status_code == 409
    assert post(supervisor, "/supervisor/targets", proposal(unit, version=2)).status_code == 303
    assert f"/staff/targets/{target_id}/sign" in desk.get("/staff/targets").text
    assert post(desk, f"/staff/targets/{target_id}/sign", {"version": 2}).status_code == 409


def test_a_sheet_is_handed_out_in_the_readers_language_and_to_no_other_unit(
    app: Flask, supervisor: FlaskClient, unit: Unit, head: Account
) -> None:
    with app.app_context():
        create_target(unit.id, period=YEAR, now=NOW)
        sheet_id = create_sheet(unit.id, period=YEAR, now=NOW)
        stranger = create_account(Role.HEAD, create_unit("Điện lực"))
    desk, board = f"/staff/targets/sheets/{sheet_id}", f"/supervisor/targets/sheets/{sheet_id}"
    for client, address, page in (
        (sign_in(app, head), desk, "/staff/targets"),
        (supervisor, board, f"/supervisor/targets?window={YEAR}"),
    ):
        assert f'href="{address}"' in client.get(page).text
        english = client.get(address)
        assert english.mimetype == "application/pdf"
        assert b"'en'" in english.data
        client.set_cookie("language", "vi")
        assert b"'vi'" in client.get(address).data
    assert sign_in(app, stranger).get(desk).status_code == 404
    assert supervisor.get(desk).status_code == 403


def test_the_history_of_changes_tells_targets_in_words(
    app: Flask, supervisor: FlaskClient, unit: Unit, head: Account
) -> None:
    post(supervisor, "/supervisor/targets", proposal(unit, value="92.5"))
    form = re.search(r"/staff/targets/\d+/sign", sign_in(app, head).get("/staff/targets").text)
    assert form is not None
    post(sign_in(app, head), form[0], {"version": 1})
    with app.app_context():
        office = sign_in(app, create_account(Role.ADMINISTRATOR))
    page = office.get("/admin/changes?kind=target").text
    assert f"Target Đơn vị A · Answered by the first deadline · Year {YEAR}" in page
    assert "Target: <ins>92.50%</ins>" in page
    assert "The target is: <ins>a share to be reached</ins>" in page
    assert f"Signed by: <del>—</del> → <ins>{head.name}</ins>" in page
    for raw in ("on_time", "target_value", "signed_at", "9250", "+00:00<"):
        assert raw not in page.split('class="line changes"')[1].split("</ol>")[0], raw
