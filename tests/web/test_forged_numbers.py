"""Numbers no database can hold, where an address or a form has a number: never a fault of ours."""

from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.states import Role
from tests.factories import (
    create_account,
    create_case,
    create_report,
    create_unit,
    create_working_week,
)
from tests.support.staff import post, sign_in
from tests.web.forms import report_fields, send

TOO_LARGE = (2**31, 2**63, 10**30, -(10**30))
MOMENTS = ("0001-01-01T00:00:00", "2026-03-02T02:00:00+00:00")


def test_in_the_addresses_of_lists(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        create_working_week()
        create_report()
        dispatcher = create_account(Role.DISPATCHER)
    staff = sign_in(app, dispatcher)
    for number in TOO_LARGE:
        for name in ("category", "area", "unit"):
            assert client.get(f"/reports?{name}={number}").status_code == 200
            assert staff.get(f"/staff/queue?{name}={number}").status_code == 200
        for moment in MOMENTS:
            query = {"after": f"{moment}_{number}"}
            assert client.get("/reports", query_string=query).status_code == 200
            assert staff.get("/staff/triage", query_string=query).status_code == 200
        assert staff.get(f"/staff/queue?after={number}_{number}").status_code == 200


def test_in_the_citizens_form(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        create_working_week()
    for number in (*TOO_LARGE, "²", "٣"):
        for name in ("category_id", "area_id"):
            answer = send(client, "/report", **report_fields(**{name: str(number)}))
            assert answer.status_code == 422, (name, number)


def test_in_the_forms_of_staff(app: Flask) -> None:
    with app.app_context():
        create_working_week()
        unit = create_unit()
        case, waiting = create_case(unit), create_report()
        head = create_account(Role.HEAD, unit)
        dispatcher = create_account(Role.DISPATCHER)
    at_unit, at_centre = sign_in(app, head), sign_in(app, dispatcher)
    handler = f"/staff/reports/{case.code}/handler"
    dispatch = f"/staff/reports/{waiting.code}/dispatch"
    right = {"handler_id": head.id, "unit_id": unit.id, "category_id": 1, "version": 1}
    for number in TOO_LARGE:
        for name in ("handler_id", "version"):
            answer = post(at_unit, handler, {**right, name: number})
            assert answer.status_code in {409, 422}, (name, number)
        for name in ("unit_id", "category_id", "version"):
            answer = post(at_centre, dispatch, {**right, name: number})
            assert answer.status_code in {409, 422}, (name, number)
