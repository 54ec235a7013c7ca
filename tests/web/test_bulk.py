"""Many cases of the queue at once: chosen, looked over, done one by one, each with its answer."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.states import AssignmentState, ReportState, Role
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.operations.work_in_bulk import MOST_AT_ONCE, Chosen, Deed, Order, work_in_bulk
from feedback.storage.models import Account, HistoryEntry, Report, Unit
from tests.factories import (
    Case,
    actor_of,
    create_account,
    create_case,
    create_unit,
    create_working_week,
    the_city,
)
from tests.operations.lives import load
from tests.support.staff import post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
KEY = re.compile(r'name="case" value="(\d+\.\d+)" checked')


class Office:
    """A unit with three open cases, and another unit with one."""

    def __init__(self) -> None:
        create_working_week()
        self.unit: Unit = create_unit()
        self.other: Unit = create_unit("Điện lực")
        self.head: Account = create_account(Role.HEAD, self.unit)
        self.handler: Account = create_account(Role.HANDLER, self.unit, name="Trần An")
        self.dispatcher: Account = create_account(Role.DISPATCHER)
        self.cases = [
            create_case(self.unit, text=f"Rác ở ngõ {n}", now=NOW - timedelta(days=9 - n))
            for n in range(3)
        ]
        self.theirs = create_case(self.other, text="Rác ở trạm điện", now=NOW)


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("feedback.web.context.now", lambda: NOW)
    with app.app_context():
        return Office()


def take(case: Case, by: Account) -> None:
    how: dict[str, Any] = {"actor": actor_of(by), "city": the_city(), "now": NOW}
    take_case(case.report_id, case.assignment_id, version=None, **how)


def looked_over(client: FlaskClient, query: str) -> list[str]:
    """What the preview would act on."""
    page = client.get(f"/staff/queue/bulk?{query}")
    assert page.status_code == 200
    return KEY.findall(page.text)


def handler_of(app: Flask, case: Case) -> int | None:
    with app.app_context():
        return load(case.report_id).assignments[0].handler_id


def test_a_head_names_a_handler_for_all_that_match_and_a_stale_one_refuses_itself(
    app: Flask, office: Office
) -> None:
    client = sign_in(app, office.head)
    keys = looked_over(client, "deed=handler&all=1&from=queue%3Fview%3Dopen%26q%3Drac")
    assert len(keys) == 3
    assert all(handler_of(app, case) is None for case in office.cases)
    with app.app_context():
        take(office.cases[1], office.head)
    fields = {"deed": "handler", "case": keys, "from": "queue?view=open"}
    unnamed = post(client, "/staff/queue/bulk", fields)
    assert unnamed.status_code == 422
    assert "Choose who handles the case." in unnamed.text
    assert len(KEY.findall(unnamed.text)) == 3
    keys = looked_over(client, "deed=handler&all=1")
    done = post(
        client,
        "/staff/queue/bulk",
        {**fields, "case": [*keys[:2], fields["case"][1]], "handler_id": str(office.handler.id)},
    )
    assert done.status_code == 200
    assert "2 done, 1 refused" in done.text
    assert "Somebody changed this report while you were looking at it." in done.text
    assert handler_of(app, office.cases[0]) == office.handler.id
    assert handler_of(app, office.cases[2]) is None


def test_only_ticked_cases_of_the_own_unit_are_looked_over(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    ticked = f"case={office.cases[0].assignment_id}&case={office.theirs.assignment_id}&case=x"
    keys = looked_over(client, f"deed=take&{ticked}")
    assert [key.partition(".")[0] for key in keys] == [str(office.cases[0].assignment_id)]
    assert "No case is chosen" in client.get("/staff/queue/bulk?deed=take").text
    forged = [*keys, f"{office.theirs.assignment_id}.1", "999999.1", "x.y"]
    done = post(client, "/staff/queue/bulk", {"deed": "take", "case": forged})
    assert "1 done, 2 refused" in done.text
    assert done.text.count("There is no such report.") == 2
    assert office.theirs.code not in done.text
    assert handler_of(app, office.theirs) is None


def test_a_note_is_written_once_to_each_even_when_the_form_is_sent_twice(
    app: Flask, office: Office
) -> None:
    client = sign_in(app, office.handler)
    fields = {"deed": "note", "case": looked_over(client, "deed=note&all=1"), "text": "Hẹn thứ Sáu"}
    assert "3 done, 0 refused" in post(client, "/staff/queue/bulk", fields).text
    assert "0 done, 3 refused" in post(client, "/staff/queue/bulk", fields).text
    with app.app_context(), reading() as session:
        assert session.query(HistoryEntry).filter_by(note="Hẹn thứ Sáu").count() == 3


def test_each_role_has_its_own_deeds(app: Flask, office: Office) -> None:
    desk = sign_in(app, office.dispatcher)
    assert desk.get("/staff/queue/bulk?deed=take").status_code == 403
    keys = looked_over(desk, "deed=withdraw&all=1")
    assert len(keys) == 4
    fields = {"deed": "withdraw", "case": keys[:1], "text": "Gửi nhầm đơn vị"}
    assert "1 done" in post(desk, "/staff/queue/bulk", fields).text
    with app.app_context(), reading() as session:
        withdrawn = session.get_one(Report, office.cases[0].report_id)
        assert withdrawn.state is ReportState.RECEIVED
        assert withdrawn.assignments[0].state is AssignmentState.WITHDRAWN
    handler = sign_in(app, office.handler)
    for deed in ("handler", "withdraw"):
        assert post(handler, "/staff/queue/bulk", {"deed": deed}).status_code == 403


def test_the_use_case_refuses_each_by_itself_and_nothing_by_halves(
    app: Flask, office: Office
) -> None:
    how: dict[str, Any] = {"actor": actor_of(office.handler), "city": the_city_of(app), "now": NOW}
    chosen = [Chosen(case.assignment_id, 9) for case in (*office.cases[:1], office.theirs)]
    with app.app_context():
        refusals = [one.refused for one in work_in_bulk(Order(Deed.TAKE), chosen, **how)]
        assert [type(one) for one in refusals] == [Conflict, NotFound]
        named = work_in_bulk(Order(Deed.HANDLER, office.handler.id), chosen[:1], **how)
        assert isinstance(named[0].refused, NotAllowed)
        for order, cases in (
            (Order(Deed.TAKE), []),
            (Order(Deed.TAKE), chosen * MOST_AT_ONCE),
            (Order(Deed.NOTE, text=" "), chosen),
            (Order(Deed.WITHDRAW), chosen),
        ):
            with pytest.raises(Invalid):
                work_in_bulk(order, cases, **how)


def the_city_of(app: Flask) -> Any:
    return app.extensions["city"]
