"""That nothing stands unguarded, and what every form must carry.

Who may enter which page is walked by `tests/authorization`.
"""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from feedback.domain.states import AssignmentState, Role
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Assignment, HistoryEntry, Unit
from tests.factories import (
    Case,
    create_account,
    create_case,
    create_category,
    create_report,
    create_unit,
    create_working_week,
)
from tests.support.staff import new_client, sign_in

OPEN_TO_ALL = {"public", "citizen", "system", "auth"}
DESKS = {"desk", "queue", "cases", "triage", "dispatching", "identities", "intake"}


class Hall:
    """One unit with a case, another without, and somebody of every kind."""

    def __init__(self) -> None:
        create_working_week()
        self.unit: Unit = create_unit()
        other = create_unit("Điện lực")
        category = create_category(evidence_needed=False)
        self.case: Case = create_case(self.unit, category=category)
        self.received: str = create_report().code
        self.people: dict[str, Account] = {
            "handler": create_account(Role.HANDLER, self.unit),
            "head": create_account(Role.HEAD, self.unit),
            "foreign handler": create_account(Role.HANDLER, other),
            "foreign head": create_account(Role.HEAD, other),
            "dispatcher": create_account(Role.DISPATCHER),
            "supervisor": create_account(Role.SUPERVISOR),
            "administrator": create_account(Role.ADMINISTRATOR),
        }


@pytest.fixture
def hall(app: Flask) -> Hall:
    with app.app_context():
        return Hall()


def test_every_blueprint_has_a_guard(app: Flask) -> None:
    guards: dict[str, str] = app.extensions["guards"]
    assert set(app.blueprints) == set(guards)
    unguarded = {name for name, guard in guards.items() if guard == "everyone"}
    assert unguarded <= OPEN_TO_ALL
    assert set(guards) - unguarded >= DESKS


def test_every_route_but_the_static_files_belongs_to_a_blueprint(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules() if "." not in rule.endpoint} == {
        "static"
    }


def staff_rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in DESKS:
            for method in (rule.methods or set()) & {"GET", "POST"}:
                yield rule, method


def address_of(rule: Rule, code: str) -> str:
    """A page of a case; whatever else its address names does not exist."""
    return re.sub(r"<[\w:]+>", "1", rule.rule.replace("<code>", code))


@pytest.mark.parametrize("step", ["take", "handler", "answer", "approve", "send-back"])
def test_a_form_without_its_token_changes_nothing(app: Flask, hall: Hall, step: str) -> None:
    client = sign_in(app, hall.people["head"])
    answer = client.post(f"/staff/reports/{hall.case.code}/{step}", data={"version": 1})
    assert answer.status_code == 400
    with app.app_context(), reading() as session:
        assert session.get_one(Assignment, hall.case.assignment_id).state is (
            AssignmentState.DISPATCHED
        )


def test_signing_in_and_out_need_the_token_too(app: Flask, hall: Hall) -> None:
    client = sign_in(app, hall.people["head"])
    assert client.post("/logout").status_code == 400
    assert new_client(app).post("/login", data={"login": "a", "password": "b"}).status_code == 400
    assert client.get("/staff/queue").status_code == 200


def test_reading_changes_nothing(app: Flask, hall: Hall) -> None:
    with app.app_context(), reading() as session:
        before = session.query(HistoryEntry).count()
    client = sign_in(app, hall.people["dispatcher"])
    pages = {rule.rule for rule, method in staff_rules(app) if method == "GET"}
    for rule, _method in staff_rules(app):
        for code in (hall.case.code, hall.received):
            met = {404} if rule.arguments - {"code"} else {200, 302}
            with client.get(address_of(rule, code)) as answer:
                answer.get_data()  # what is made while it is sent, to its end
                assert answer.status_code in (met if rule.rule in pages else {405})
    with app.app_context(), reading() as session:
        assert session.query(HistoryEntry).count() == before


def test_what_staff_saw_is_not_kept_by_the_browser(app: Flask, hall: Hall) -> None:
    client = sign_in(app, hall.people["head"])
    assert client.get("/staff/queue").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("who", "first_page"),
    [
        ("handler", "/staff/queue"),
        ("head", "/staff/queue"),
        ("dispatcher", "/staff/triage"),
        ("supervisor", "/supervisor"),
        ("administrator", "/admin"),
    ],
)
def test_everybody_begins_where_their_work_is(
    app: Flask, hall: Hall, who: str, first_page: str
) -> None:
    assert sign_in(app, hall.people[who]).get("/staff").location == first_page
