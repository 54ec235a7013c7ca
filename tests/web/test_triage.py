"""The dispatcher's list, and the two ways out of it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.states import ReportState, Role, Visibility
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Category, Report, Unit
from feedback.web.staff.rejections import suggested_texts
from tests.factories import (
    INSIDE,
    MONDAY,
    create_account,
    create_area,
    create_case,
    create_category,
    create_report,
    create_unit,
    create_working_week,
)
from tests.support.queries import counted_queries
from tests.support.staff import post, sign_in, version_on

CODE = re.compile(r'href="/staff/reports/([0-9A-Y]{3}-[0-9A-Y]{3})[^"]*"')


class Centre:
    """An operations centre, a unit, and a category no rule speaks of."""

    def __init__(self) -> None:
        create_working_week()
        create_area()
        self.unit: Unit = create_unit()
        self.category: Category = create_category("Tiếng ồn", name_en="Noise")
        self.dispatcher: Account = create_account(Role.DISPATCHER)


@pytest.fixture
def centre(app: Flask) -> Centre:
    with app.app_context():
        return Centre()


def send(client: FlaskClient, code: str, step: str, fields: dict[str, object]) -> tuple[int, str]:
    version = version_on(client.get(f"/staff/reports/{code}").text)
    answer = post(client, f"/staff/reports/{code}/{step}", {"version": version, **fields})
    return answer.status_code, answer.text


def report(app: Flask, code: str) -> Report:
    with app.app_context(), reading() as session:
        found = session.query(Report).filter_by(code=code).one()
        session.expunge(found)
        return found


def test_the_list_says_why_no_rule_applied(app: Flask, centre: Centre) -> None:
    with app.app_context():
        unknown = create_report(now=MONDAY).code
        no_rule = create_report(category=centre.category, place=INSIDE, now=MONDAY).code
        no_ward = create_report(category=centre.category, now=MONDAY).code
        create_case(centre.unit)
    page = sign_in(app, centre.dispatcher).get("/staff/triage").text
    assert CODE.findall(page) == [unknown, no_rule, no_ward]
    assert "3 of 3 reports, oldest first" in page
    assert "The citizen did not know the category" in page
    assert "No rule for Noise in Phu Xuan Ward" in page
    assert "No rule for Noise without a ward" in page
    case = sign_in(app, centre.dispatcher).get(f"/staff/reports/{no_rule}").text
    assert "No rule for Noise in Phu Xuan Ward" in case


def test_the_list_goes_on_over_pages(
    app: Flask, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.web.staff.triage.PAGE_SIZE", 2)
    with app.app_context():
        made = [create_report(now=MONDAY).code for _ in range(3)]
    client = sign_in(app, centre.dispatcher)
    first = client.get("/staff/triage").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = client.get(following[1].replace("&amp;", "&")).text
    assert CODE.findall(first) + CODE.findall(second) == made


def test_an_empty_list_says_so(app: Flask, centre: Centre) -> None:
    page = sign_in(app, centre.dispatcher, language="vi").get("/staff/triage").text
    assert "Mọi phản ánh đã có đơn vị xử lý" in page


def test_a_report_is_sent_to_a_unit_by_hand(app: Flask, centre: Centre) -> None:
    with app.app_context():
        code = create_report().code
    client = sign_in(app, centre.dispatcher)
    fields = {"category_id": centre.category.id, "unit_id": centre.unit.id}
    assert send(client, code, "dispatch", fields)[0] == 303
    assert report(app, code).state is ReportState.DISPATCHED
    assert "Sent by hand: " in client.get(f"/staff/reports/{code}").text


def test_sending_needs_a_category_and_a_unit(app: Flask, centre: Centre) -> None:
    with app.app_context():
        code = create_report().code
    client = sign_in(app, centre.dispatcher)
    status, page = send(client, code, "dispatch", {})
    assert status == 422
    assert 'href="#category_id"' in page
    assert 'href="#unit_id"' in page
    status, page = send(client, code, "dispatch", {"category_id": 10_000, "unit_id": 10_000})
    assert status == 422
    assert "Choose a category from the list." in page


def test_two_dispatchers_do_not_send_the_same_report_twice(app: Flask, centre: Centre) -> None:
    with app.app_context():
        code = create_report().code
    client = sign_in(app, centre.dispatcher)
    seen = version_on(client.get(f"/staff/reports/{code}").text)
    fields = {"category_id": centre.category.id, "unit_id": centre.unit.id, "version": seen}
    address = f"/staff/reports/{code}/dispatch"
    assert post(client, address, fields).status_code == 303
    again = post(client, address, fields)
    assert again.status_code == 409
    assert "Sent to " in again.text.partition('class="changed"')[2].partition("</ul>")[0]


def test_a_refusal_tells_the_citizen_the_right_door(app: Flask, centre: Centre) -> None:
    with app.app_context():
        code = create_report().code
    client = sign_in(app, centre.dispatcher)
    fields = {"reason_code": "denunciation", "text": "Xin gửi Thanh tra thành phố."}
    assert send(client, code, "reject", fields)[0] == 303
    refused = report(app, code)
    assert refused.state is ReportState.REJECTED
    assert refused.visibility is Visibility.PRIVATE
    assert refused.rejection_text == "Xin gửi Thanh tra thành phố."


def test_a_refusal_without_a_text_comes_back_with_one(app: Flask, centre: Centre) -> None:
    with app.app_context():
        code = create_report(language="vi").code
    client = sign_in(app, centre.dispatcher)
    status, page = send(client, code, "reject", {"reason_code": "denunciation"})
    assert status == 422
    assert 'href="#text"' in page
    # In the language the report was sent in, not the dispatcher's.
    assert "Nội dung ông/bà gửi là tố cáo." in page.partition("<textarea")[2]
    status, page = send(client, code, "reject", {"text": "Không"})
    assert 'href="#reason_code"' in page
    assert report(app, code).state is ReportState.RECEIVED


@pytest.mark.parametrize("language", ["vi", "en", "xx"])
def test_every_reason_has_a_text(app: Flask, language: str) -> None:
    with app.test_request_context():
        texts = suggested_texts(language)
    assert len(texts) == len(set(texts.values())) == 5


def test_the_number_of_queries_does_not_grow(app: Flask, centre: Centre) -> None:
    client = sign_in(app, centre.dispatcher)
    asked = []
    for _ in range(2):
        with app.app_context():
            for _more in range(3):
                create_report(category=centre.category, place=INSIDE)
        with counted_queries(app) as statements:
            client.get("/staff/triage")
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 8
