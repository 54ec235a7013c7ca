"""What a unit does beside answering, and how the citizen answers it: pages and forms."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.domain.states import (
    AssignmentState,
    CaseRequestState,
    Outcome,
    PhotoPurpose,
    Role,
)
from feedback.operations.answer_case import Answer, answer_case
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.documents import keep_document
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Assignment, CaseRequest, Document, Unit
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
from tests.operations.lives import load
from tests.support.photos import photo_bytes
from tests.support.staff import new_client, post, sign_in, version_on

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PDF = b"%PDF-1.4\n%%EOF\n"
QUESTION = "Nhà số mấy ạ?"


class Office:
    """A unit with its people and one case in work, and another unit."""

    def __init__(self) -> None:
        create_working_week()
        self.unit: Unit = create_unit()
        self.other: Unit = create_unit("Điện lực Huế")
        self.head: Account = create_account(Role.HEAD, self.unit, name="Hồng Hạnh")
        self.handler: Account = create_account(Role.HANDLER, self.unit, name="Trần An")
        self.stranger: Account = create_account(Role.HANDLER, self.other)
        self.case: Case = create_case(self.unit, handler=self.handler)

    @property
    def address(self) -> str:
        """The case's page."""
        return f"/staff/reports/{self.case.code}"

    @property
    def link(self) -> str:
        """The reporter's page."""
        return f"/r/{self.case.code}/{self.case.token}"


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context():
        return Office()


def page_of(client: FlaskClient, office: Office) -> str:
    answer = client.get(office.address)
    assert answer.status_code == 200, answer.text
    return answer.text


def step(
    client: FlaskClient, office: Office, name: str, fields: dict[str, Any] | None = None
) -> TestResponse:
    """Send one of the page's forms as it stands now."""
    seen = {"version": version_on(page_of(client, office))}
    return post(client, f"{office.address}/{name}", {**seen, **(fields or {})})


def ask(app: Flask, office: Office, **how: Any) -> None:
    given = {"question": QUESTION, "version": None, "actor": actor_of(office.handler)} | how
    with app.app_context():
        ask_citizen(
            office.case.report_id,
            office.case.assignment_id,
            **given,
            city=the_city(),
            now=MONDAY + timedelta(hours=1),
        )


def question_url(client: FlaskClient, office: Office) -> str:
    found = re.search(rf'href="({office.link}/questions/\d+)"', client.get(office.link).text)
    assert found
    return found[1]


def state_of(app: Flask, office: Office) -> AssignmentState:
    with app.app_context():
        return load(office.case.report_id).assignments[0].state


def test_a_question_is_read_by_the_reporter_and_by_nobody_else_outside(
    app: Flask, office: Office
) -> None:
    answer = step(sign_in(app, office.handler), office, "ask", {"question": QUESTION})
    assert answer.status_code == 303
    assert state_of(app, office) is AssignmentState.WAITING
    citizen = new_client(app)
    own = citizen.get(office.link).text
    assert QUESTION in own
    assert f"{office.unit.name_en} asks you" in own
    public = citizen.get(f"/reports/{office.case.code}")
    assert public.status_code == 200
    assert QUESTION not in public.text
    assert "asks the citizen" not in public.text


def test_a_question_with_private_data_comes_back_and_shows_what_was_found(
    app: Flask, office: Office
) -> None:
    client = sign_in(app, office.handler)
    said = {"question": "Gọi 0905 123 456 được không?"}
    answer = step(client, office, "ask", said)
    assert answer.status_code == 422
    assert "a phone number: <b>0905 123 456</b>" in answer.text
    assert said["question"] in answer.text
    assert step(client, office, "ask", {**said, "text_checked": "1"}).status_code == 303


def test_the_citizen_answers_and_the_unit_sees_it_arrive(app: Flask, office: Office) -> None:
    ask(app, office)
    citizen = new_client(app)
    address = question_url(citizen, office)
    assert QUESTION in citizen.get(address).text
    photo = (io.BytesIO(photo_bytes()), "cong-xanh.jpg")
    sent = post(citizen, address, {"text": "Số 12, cổng xanh.", "photos": [photo]})
    assert (sent.status_code, sent.location) == (303, office.link)
    own = citizen.get(office.link).text
    assert "Thank you. The unit has your answer and goes on." in own
    assert "Số 12, cổng xanh." in own
    assert state_of(app, office) is AssignmentState.IN_PROGRESS

    client = sign_in(app, office.handler)
    page = page_of(client, office)
    assert "The citizen has answered" in page
    assert "Số 12, cổng xanh." in page
    assert "The citizen has answered" in client.get("/staff/queue").text
    public = citizen.get(f"/reports/{office.case.code}").text
    assert "Số 12, cổng xanh." not in public


def test_a_late_answer_is_taken_and_said_to_be_late(app: Flask, office: Office) -> None:
    ask(app, office)
    citizen = new_client(app)
    address = question_url(citizen, office)
    post(citizen, address, {"text": "Số 12."})
    assert "We have an answer of yours." in citizen.get(address).text
    post(citizen, address, {"text": "À, số 14."})
    assert "The unit had gone on meanwhile" in citizen.get(office.link).text
    assert "The citizen wrote again" in page_of(sign_in(app, office.handler), office)


def test_an_empty_answer_comes_back_and_a_bad_photo_costs_no_words(
    app: Flask, office: Office
) -> None:
    ask(app, office)
    citizen = new_client(app)
    address = question_url(citizen, office)
    empty = post(citizen, address, {"text": " "})
    assert empty.status_code == 422
    assert "Write a few words, or add at least one photo." in empty.text
    photo = (io.BytesIO(b"no photo"), "x.jpg")
    answer = post(citizen, address, {"text": "Số 12.", "photos": [photo]})
    assert answer.status_code == 422
    assert "Số 12." in answer.text
    assert "x.jpg: This file is not a photo." in answer.text


def test_questions_are_answered_by_the_secret_link_only(app: Flask, office: Office) -> None:
    ask(app, office)
    with app.app_context():
        other = create_case(office.unit, handler=office.handler)
    citizen = new_client(app)
    number = question_url(citizen, office).rpartition("/")[2]
    for address in (
        f"/r/{office.case.code}/wrong-token/questions/{number}",
        f"/r/{other.code}/{other.token}/questions/{number}",
        f"{office.link}/questions/99999999999",
    ):
        assert post(citizen, address, {"text": "Số 12."}).status_code == 404
    assert state_of(app, office) is AssignmentState.WAITING


def test_a_unit_returns_and_proposes_and_its_head_asks_for_time(app: Flask, office: Office) -> None:
    handler, head = sign_in(app, office.handler), sign_in(app, office.head)
    wanted = {"unit_id": str(office.other.id), "reason": "Cột điện của điện lực"}
    assert step(handler, office, "transfer-proposal", wanted).status_code == 303
    day = datetime.now(UTC).date() + timedelta(days=30)
    day -= timedelta(days=max(0, day.weekday() - 4))
    late = {"wanted_on": day.isoformat(), "reason": "Chờ vật tư"}
    assert step(handler, office, "extension", late).status_code == 403
    assert step(head, office, "extension", late).status_code == 303
    page = page_of(handler, office)
    assert "Transfer to Điện lực Huế" in page
    assert "Cột điện của điện lực" in page
    assert f"More time, until {day:%d/%m/%Y} 17:00" in page
    assert page.count("Take it back") == 1  # what the handler asked for, not the head
    assert page_of(head, office).count("Take it back") == 2

    take_back = re.search(r'action="([^"]+/withdraw)"', page)
    assert take_back
    name = take_back[1].removeprefix(f"{office.address}/")
    assert step(handler, office, name).status_code == 303
    assert step(handler, office, "return", {"reason": ""}).status_code == 422
    assert step(handler, office, "return", {"reason": "Không thuộc"}).status_code == 303
    assert state_of(app, office) is AssignmentState.RETURNED
    with app.app_context(), reading() as session:
        states = {request.state for request in session.query(CaseRequest)}
    assert states == {CaseRequestState.DROPPED}
    own = new_client(app).get(office.link).text
    assert f"{office.unit.name_en} returned the report" in own
    assert "Không thuộc" not in own


def test_strangers_find_no_case_to_step_on(app: Flask, office: Office) -> None:
    client = sign_in(app, office.stranger)
    for name in ("ask", "return", "transfer-proposal", "extension", "notes"):
        fields = {"version": "1", "reason": "x", "question": "x", "text": "x"}
        assert post(client, f"{office.address}/{name}", fields).status_code == 404


def test_an_internal_note_stays_inside_and_news_is_published(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    document = (io.BytesIO(PDF), "Biên bản.pdf")
    kept = step(client, office, "notes", {"text": "Gọi đội 2", "documents": [document]})
    assert kept.status_code == 303
    photo = (io.BytesIO(photo_bytes()), "x.jpg")
    news = {"text": "Đội 2 sửa trong tuần này", "public": "1", "photos": [photo]}
    assert step(client, office, "notes", news).status_code == 303
    page = page_of(client, office)
    assert "Gọi đội 2" in page
    assert "Biên bản.pdf" in page
    outside = new_client(app)
    for text in (outside.get(f"/reports/{office.case.code}").text, outside.get(office.link).text):
        assert "Đội 2 sửa trong tuần này" in text
        assert "Gọi đội 2" not in text
        assert "Biên bản.pdf" not in text


def test_a_refused_note_keeps_words_and_files(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    fields = {
        "text": "Gọi 0905 123 456",
        "public": "1",
        "documents": [(io.BytesIO(PDF), "a.pdf")],
    }
    answer = step(client, office, "notes", fields)
    assert answer.status_code == 422
    assert "Document 1, already with us" in answer.text
    assert "a phone number: <b>0905 123 456</b>" in answer.text
    bad = step(
        client, office, "notes", {"text": "Kèm ảnh", "documents": [(io.BytesIO(b"x"), "b.pdf")]}
    )
    assert bad.status_code == 422
    assert "b.pdf: This file is not a PDF document." in bad.text


def test_documents_are_downloaded_by_those_who_may_see_the_case(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    step(client, office, "notes", {"text": "Kèm", "documents": [(io.BytesIO(PDF), "Hồ sơ.pdf")]})
    found = re.search(rf'href="({office.address}/documents/\d+)"', page_of(client, office))
    assert found
    sent = client.get(found[1])
    assert sent.data == PDF
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert "no-store" in sent.headers["Cache-Control"]
    assert sent.mimetype == "application/pdf"
    assert sign_in(app, office.stranger).get(found[1]).status_code == 404
    number = found[1].rpartition("/")[2]
    assert new_client(app).get(f"/reports/{office.case.code}/documents/{number}").status_code == 404
    assert new_client(app).get(f"{office.link}/documents/{number}").status_code == 404


def test_what_proves_an_answer_is_public_once_the_report_is_closed(
    app: Flask, office: Office
) -> None:
    actor = actor_of(office.handler)
    with app.app_context():
        how: dict[str, Any] = {"actor": actor, "city": the_city(), "now": MONDAY}
        key = keep_document(io.BytesIO(PDF), len(PDF), "Nghiệm thu.pdf", **how)
        answer_case(
            *(office.case.report_id, office.case.assignment_id),
            Answer(outcome=Outcome.FIXED, text="Xong.", document_ids=(key,)),
            version=None,
            **how,
        )
    outside = new_client(app)
    for page in (f"/reports/{office.case.code}", office.link):
        assert "Nghiệm thu.pdf" in outside.get(page).text
        number = re.search(r"/documents/(\d+)", outside.get(page).text)
        assert number
        assert outside.get(f"{page}/documents/{number[1]}").data == PDF


def test_a_form_that_meets_a_change_keeps_what_was_typed(app: Flask, office: Office) -> None:
    client = sign_in(app, office.handler)
    seen = version_on(page_of(client, office))
    ask(app, office, actor=actor_of(office.head))
    fields = {"version": seen, "question": "Câu hỏi đã viết xong"}
    answer = post(client, f"{office.address}/ask", fields)
    assert answer.status_code == 409
    assert f"{office.unit.name_en} asks the citizen" in answer.text
    assert "Câu hỏi đã viết xong" in answer.text
    assert "Your text was not sent" in answer.text


def test_uploads_for_a_reply_come_ahead_of_the_form(app: Flask, office: Office) -> None:
    ask(app, office)
    citizen = new_client(app)
    address = question_url(citizen, office)
    photo = (io.BytesIO(photo_bytes()), "x.jpg")
    kept = post(citizen, "/photos", {"photo": photo, "purpose": PhotoPurpose.REPLY.value})
    assert kept.status_code == 201
    sent = post(citizen, address, {"text": "", "photo_ids": kept.json["id"]})
    assert sent.status_code == 303
    with app.app_context(), reading() as session:
        assert session.query(Document).count() == 0
        assert session.get_one(Assignment, office.case.assignment_id).replied_at is not None
