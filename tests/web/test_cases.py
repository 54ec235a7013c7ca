"""A case's page and the steps a unit takes on it."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.domain.states import (
    AssignmentState,
    Outcome,
    PhotoPurpose,
    RatingLevel,
    ReportState,
    Role,
)
from feedback.operations.rate_report import rate_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Area, Assignment, Category, Photo, Report, Unit
from tests.factories import (
    INSIDE,
    MONDAY,
    Case,
    actor_of,
    create_account,
    create_answered_case,
    create_area,
    create_case,
    create_category,
    create_closed_report,
    create_rule,
    create_unit,
    create_upload,
    create_working_week,
    the_city,
)
from tests.support.photos import photo_bytes
from tests.support.queries import counted_queries
from tests.support.staff import post, sign_in, version_on

KEPT = re.compile(r'name="photo_ids" value="([^"]+)"')


class Hall:
    """A unit with its head and handlers, and categories with and without approval."""

    def __init__(self) -> None:
        create_working_week()
        self.area: Area = create_area()
        self.unit: Unit = create_unit()
        self.head: Account = create_account(Role.HEAD, self.unit, name="Hồng Hạnh")
        self.handler: Account = create_account(Role.HANDLER, self.unit, name="Trần An")
        self.colleague: Account = create_account(Role.HANDLER, self.unit, name="Lê Minh")
        self.plain: Category = create_category("Rác thải")
        self.approved: Category = create_category("Chiếu sáng", approval_needed=True)


@pytest.fixture
def hall(app: Flask) -> Hall:
    with app.app_context():
        return Hall()


@pytest.fixture
def state_of(app: Flask) -> Callable[[Case], tuple[AssignmentState, ReportState]]:
    def read(case: Case) -> tuple[AssignmentState, ReportState]:
        with app.app_context(), reading() as session:
            assignment = session.get_one(Assignment, case.assignment_id)
            return assignment.state, session.get_one(Report, case.report_id).state

    return read


StateOf = Callable[[Case], tuple[AssignmentState, ReportState]]


def page_of(client: FlaskClient, case: Case) -> str:
    answer = client.get(f"/staff/reports/{case.code}")
    assert answer.status_code == 200, answer.text
    return answer.text


def step(
    client: FlaskClient, case: Case, name: str, fields: dict[str, Any] | None = None
) -> TestResponse:
    """Send one of the page's forms as it stands now."""
    seen = {"version": version_on(page_of(client, case))}
    return post(client, f"/staff/reports/{case.code}/{name}", {**seen, **(fields or {})})


def a_photo(content: bytes | None = None, name: str = "after.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(photo_bytes() if content is None else content), name


def test_the_page_tells_why_when_and_who(app: Flask, hall: Hall) -> None:
    with app.app_context():
        rule = create_rule(hall.unit, category=hall.plain, area=hall.area)
        case = create_case(
            hall.unit, category=hall.plain, handler=hall.handler, place=INSIDE, now=MONDAY
        )
    page = page_of(sign_in(app, hall.handler, language="vi"), case)
    assert f"Quy tắc {rule.id}: Rác thải ở Phường Phú Xuân → HEPCO" in page
    assert "11/03/2026 17:00" in page  # seven working days after Monday 2 March
    assert "Trần An" in page
    assert "Công chúng không thấy" in page
    assert "16.47000, 107.58000" in page


def test_staff_never_see_who_reported(app: Flask, hall: Hall) -> None:
    with app.app_context():
        case = create_closed_report(
            hall.unit,
            category=hall.plain,
            contact_name="Nguyễn Văn Kín",
            contact_email="kin@example.com",
            contact_phone="0905123456",
            consent_version="1",
        )
        rate_report(
            case.report_id,
            level=RatingLevel.DISSATISFIED,
            comment="Vẫn còn rác",
            photo_ids=(),
            city=the_city(),
            now=MONDAY,
        )
        token = case.token
    page = page_of(sign_in(app, hall.head), case)
    assert "Vẫn còn rác" in page
    for secret in ("Kín", "kin@example.com", "0905123456", token):
        assert secret not in page


def test_another_spelling_of_a_code_leads_to_its_page(app: Flask, hall: Hall) -> None:
    with app.app_context():
        case = create_case(hall.unit)
    answer = sign_in(app, hall.head).get(f"/staff/reports/{case.code.lower().replace('-', '')}")
    assert (answer.status_code, answer.location) == (302, f"/staff/reports/{case.code}")


def test_a_handler_takes_a_case(app: Flask, hall: Hall, state_of: StateOf) -> None:
    with app.app_context():
        case = create_case(hall.unit)
    client = sign_in(app, hall.handler)
    answer = step(client, case, "take")
    assert (answer.status_code, answer.location) == (303, f"/staff/reports/{case.code}")
    assert "The case is yours now." in page_of(client, case)
    assert state_of(case) == (AssignmentState.IN_PROGRESS, ReportState.IN_PROGRESS)


def test_a_head_names_the_handler(app: Flask, hall: Hall) -> None:
    with app.app_context():
        case = create_case(hall.unit)
        stranger = create_account(Role.HANDLER, create_unit("Điện lực"))
    client = sign_in(app, hall.head)
    refused = step(client, case, "handler", {"handler_id": stranger.id})
    assert refused.status_code == 422
    assert "Choose somebody who works in this unit." in refused.text
    assert step(client, case, "handler", {"handler_id": hall.colleague.id}).status_code == 303
    assert "Lê Minh handles the case" in page_of(client, case)


def test_a_stale_step_is_refused_with_what_changed(
    app: Flask, hall: Hall, state_of: StateOf
) -> None:
    with app.app_context():
        case = create_case(hall.unit)
    client = sign_in(app, hall.handler)
    seen = version_on(page_of(client, case))
    with app.app_context():
        take_case(
            case.report_id,
            case.assignment_id,
            version=None,
            actor=actor_of(hall.colleague),
            city=the_city(),
            now=MONDAY,
        )
    answer = post(client, f"/staff/reports/{case.code}/take", {"version": seen})
    assert answer.status_code == 409
    assert "Somebody changed this report while you were looking at it." in answer.text
    changed = answer.text.partition('class="changed"')[2].partition("</ul>")[0]
    assert "is handling it (Lê Minh, " in changed
    assert state_of(case)[0] is AssignmentState.IN_PROGRESS


def test_a_conflict_keeps_what_was_typed_and_the_photos(app: Flask, hall: Hall) -> None:
    with app.app_context():
        case = create_case(hall.unit, category=hall.plain, handler=hall.handler)
    client = sign_in(app, hall.handler)
    seen = version_on(page_of(client, case))
    step(sign_in(app, hall.head), case, "handler", {"handler_id": hall.colleague.id})
    fields = {"version": seen, "outcome": "fixed", "text": "Đã thu gom", "photos": a_photo()}
    answer = post(client, f"/staff/reports/{case.code}/answer", fields)
    assert answer.status_code == 409
    assert "Lê Minh handles the case" in answer.text
    assert ">Đã thu gom</textarea>" in answer.text

    again = {
        "version": version_on(answer.text),
        "outcome": "fixed",
        "text": "Đã thu gom",
        "photo_ids": KEPT.findall(answer.text),
    }
    assert post(client, f"/staff/reports/{case.code}/answer", again).status_code == 303


def test_an_answer_with_evidence_closes_the_report(
    app: Flask, hall: Hall, state_of: StateOf
) -> None:
    with app.app_context():
        case = create_case(hall.unit, category=hall.plain, handler=hall.handler)
    fields = {"outcome": "fixed", "text": "Đã thu gom", "photos": a_photo()}
    answer = step(sign_in(app, hall.handler), case, "answer", fields)
    assert answer.status_code == 303
    assert state_of(case) == (AssignmentState.APPROVED, ReportState.CLOSED)
    with app.app_context(), reading() as session:
        photo = session.query(Photo).filter_by(assignment_id=case.assignment_id).one()
        assert photo.purpose is PhotoPurpose.EVIDENCE


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "Xong"}, ("outcome", "Choose what became of the matter.")),
        ({"outcome": "refused"}, ("text", "Write a few sentences for the citizen.")),
        (
            {"outcome": "fixed", "text": "Xong"},
            ("photos", "Add a photo or a document that shows the result."),
        ),
        (
            {"outcome": "planned", "text": "Sẽ làm"},
            ("promised_on", "Give the day, today or later, by which it will be done."),
        ),
        (
            {"outcome": "planned", "text": "Sẽ làm", "promised_on": "2020-01-01"},
            ("promised_on", "Give the day, today or later, by which it will be done."),
        ),
        (
            {"outcome": "planned", "text": "Sẽ làm", "promised_on": "soon"},
            ("promised_on", "This entry cannot be read. Please correct it."),
        ),
        (
            {"outcome": "refused", "text": "Gọi 0905 123 456"},
            (
                "text_checked",
                "The text may hold private data. Remove it, or confirm that it may be shown.",
            ),
        ),
    ],
)
def test_an_answer_that_lacks_something_comes_back_filled(
    app: Flask,
    hall: Hall,
    state_of: StateOf,
    fields: dict[str, str],
    told: tuple[str, str],
) -> None:
    field, sentence = told
    with app.app_context():
        case = create_case(hall.unit, category=hall.plain, handler=hall.handler)
    answer = step(sign_in(app, hall.handler), case, "answer", fields)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert f'<a href="#{field}">{sentence}</a>' in answer.text
    assert f'id="{field}"' in answer.text
    assert answer.text.count(sentence) == 2
    assert ">" + fields.get("text", "") + "</textarea>" in answer.text
    assert state_of(case)[0] is AssignmentState.IN_PROGRESS


def test_private_data_is_named_and_can_be_confirmed(
    app: Flask, hall: Hall, state_of: StateOf
) -> None:
    with app.app_context():
        case = create_case(hall.unit, category=hall.plain, handler=hall.handler)
    client = sign_in(app, hall.handler, language="vi")
    fields = {"outcome": "refused", "text": "Xin gọi 0905 123 456 hoặc to@hepco.example.vn"}
    asked = step(client, case, "answer", fields)
    assert "số điện thoại: <b>0905 123 456</b>" in asked.text
    assert "địa chỉ thư điện tử: <b>to@hepco.example.vn</b>" in asked.text
    assert step(client, case, "answer", {**fields, "text_checked": "1"}).status_code == 303
    assert state_of(case)[1] is ReportState.CLOSED


def test_photos_survive_a_form_that_came_back_and_can_be_left_out(app: Flask, hall: Hall) -> None:
    with app.app_context():
        case = create_case(hall.unit, category=hall.plain, handler=hall.handler)
    client = sign_in(app, hall.handler)
    two = [a_photo(photo_bytes("red")), a_photo(photo_bytes("green"))]
    back = step(client, case, "answer", {"outcome": "fixed", "photos": two})
    kept = KEPT.findall(back.text)
    assert (back.status_code, len(kept)) == (422, 2)
    fields = {"outcome": "fixed", "text": "Xong", "photo_ids": kept[:1]}
    assert step(client, case, "answer", fields).status_code == 303
    with app.app_context(), reading() as session:
        assert session.query(Photo).filter_by(assignment_id=case.assignment_id).count() == 1


def test_a_file_that_is_no_photo_is_named_and_nothing_is_sent(
    app: Flask, hall: Hall, state_of: StateOf
) -> None:
    with app.app_context():
        case = create_case(hall.unit, category=hall.plain, handler=hall.handler)
    files = [a_photo(), a_photo(b"no photo at all", "list.pdf")]
    fields = {"outcome": "fixed", "text": "Xong", "photos": files}
    back = step(sign_in(app, hall.handler), case, "answer", fields)
    assert back.status_code == 422
    assert "list.pdf: This file is not a photo." in back.text
    assert len(KEPT.findall(back.text)) == 1
    assert state_of(case)[0] is AssignmentState.IN_PROGRESS


@pytest.mark.parametrize("purpose", [PhotoPurpose.REPORT, PhotoPurpose.EVIDENCE])
def test_nobody_elses_photo_becomes_evidence(app: Flask, hall: Hall, purpose: PhotoPurpose) -> None:
    with app.app_context():
        case = create_case(hall.unit, category=hall.plain, handler=hall.handler)
        foreign = create_upload(purpose)
        if purpose is PhotoPurpose.EVIDENCE:  # already part of another answer
            other = create_answered_case(hall.unit, category=hall.plain)
            with reading() as session:
                query = session.query(Photo.upload_id).filter_by(assignment_id=other.assignment_id)
                foreign = query.scalar()
    fields = {"outcome": "fixed", "text": "Xong", "photo_ids": [foreign]}
    back = step(sign_in(app, hall.handler), case, "answer", fields)
    assert back.status_code == 422
    assert "A photo is no longer here. Please add it again." in back.text
    assert KEPT.findall(back.text) == []


def test_a_head_approves_and_the_report_closes(app: Flask, hall: Hall, state_of: StateOf) -> None:
    with app.app_context():
        case = create_answered_case(hall.unit, category=hall.approved, handler=hall.handler)
    handler = sign_in(app, hall.handler)
    with app.app_context(), reading() as session:
        fields = {"version": session.get_one(Report, case.report_id).version}
    assert post(handler, f"/staff/reports/{case.code}/approve", fields).status_code == 403
    assert state_of(case) == (AssignmentState.ANSWERED, ReportState.ANSWERED)
    assert step(sign_in(app, hall.head), case, "approve").status_code == 303
    assert state_of(case) == (AssignmentState.APPROVED, ReportState.CLOSED)


def test_a_head_sends_an_answer_back_with_a_reason(
    app: Flask, hall: Hall, state_of: StateOf
) -> None:
    with app.app_context():
        case = create_answered_case(hall.unit, category=hall.approved, handler=hall.handler)
    client = sign_in(app, hall.head)
    back = step(client, case, "send-back", {"reason": " "})
    assert back.status_code == 422
    assert 'href="#reason"' in back.text
    assert step(client, case, "send-back", {"reason": "Ảnh chưa rõ"}).status_code == 303
    assert state_of(case) == (AssignmentState.IN_PROGRESS, ReportState.IN_PROGRESS)
    assert "Ảnh chưa rõ" in page_of(sign_in(app, hall.handler), case)


def test_steps_are_offered_only_to_those_who_may_take_them(app: Flask, hall: Hall) -> None:
    with app.app_context():
        fresh = create_case(hall.unit, category=hall.approved)
        answered = create_answered_case(
            hall.unit, category=hall.approved, outcome=Outcome.REFUSED, handler=hall.handler
        )
        dispatcher = create_account(Role.DISPATCHER)
        supervisor = create_account(Role.SUPERVISOR)

    def offered(account: Account, case: Case) -> set[str]:
        page = page_of(sign_in(app, account), case)
        return set(re.findall(rf'action="/staff/reports/{case.code}/([a-z-]+)"', page))

    of_the_unit = {"take", "return", "transfer-proposal", "notes"}
    assert offered(hall.handler, fresh) == of_the_unit
    assert offered(hall.head, fresh) == of_the_unit | {"handler", "extension"}
    assert offered(hall.handler, answered) == {"notes"}
    assert offered(hall.head, answered) == {"approve", "send-back", "extension", "notes"}
    assert offered(supervisor, answered) == set()
    of_every_open_case = {"units", "duplicate", "visibility", "notes"}
    assert offered(dispatcher, fresh) == of_every_open_case | {"transfer", "take-away"}
    assert offered(dispatcher, answered) == of_every_open_case


def test_the_number_of_queries_does_not_grow_with_the_history(app: Flask, hall: Hall) -> None:
    with app.app_context():
        case = create_answered_case(hall.unit, category=hall.approved, handler=hall.handler)
    client = sign_in(app, hall.head)
    asked = []
    for _ in range(2):
        with counted_queries(app) as statements:
            page_of(client, case)
        asked.append(len(statements))
        step(client, case, "send-back", {"reason": "Chưa rõ"})
        fields = {"outcome": "refused", "text": "Không làm"}
        step(sign_in(app, hall.handler), case, "answer", fields)
    assert asked[0] == asked[1] <= 18
