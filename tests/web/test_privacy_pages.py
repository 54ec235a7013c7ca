"""The privacy record and one person's data: who sees the pages, what they say, what they do."""

import io
import zipfile
from datetime import timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.privacy import PrivacyDeed
from feedback.domain.states import Role
from feedback.operations.apply_retention import apply_retention
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Category, PrivacyEntry, Report
from tests.factories import (
    MONDAY,
    Case,
    create_account,
    create_case,
    create_category,
    create_closed_report,
    create_unit,
    create_upload,
    create_working_week,
    the_city,
)
from tests.support.staff import new_client, post, sign_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PERSON = "/admin/privacy/person"
KIN = {"contact_name": "Nguyễn Văn Kín", "contact_phone": "0905 123 456", "consent_version": "1"}


@pytest.fixture
def case(app: Flask) -> Case:
    with app.app_context():
        create_working_week()
        upload = create_upload(processed=True)
        return create_closed_report(create_unit(), photo_ids=(upload,), **KIN)


def client_of(app: Flask, role: Role) -> FlaskClient:
    with app.app_context():
        account = create_account(role, name=f"Person {role.value}")
    return sign_in(app, account)


def look(app: Flask, case: Case, reason: str) -> None:
    answer = post(
        client_of(app, Role.DISPATCHER),
        f"/staff/reports/{case.code}/identity",
        {"identity_reason": reason},
    )
    assert answer.status_code == HTTPStatus.OK


def test_administrator_and_supervisor_read_each_look_and_filter_them(
    app: Flask, case: Case
) -> None:
    look(app, case, "Gọi hỏi số nhà")
    for role in (Role.ADMINISTRATOR, Role.SUPERVISOR):
        client = client_of(app, role)
        page = client.get("/admin/privacy").text
        for words in ("Person dispatcher", case.code, "Gọi hỏi số nhà", "Looked at who reported"):
            assert words in page
        assert "Văn Kín" not in page
        for query, found in (
            (f"code={case.code}", True),
            (f"code={case.code.lower()}&deed=identity_opened", True),
            ("code=222-222", False),
            ("deed=erased", False),
            ("to=2020-01-01", False),
            ("from=2020-01-01&to=2100-01-01", True),
            ("who=999", False),
            ("deed=nonsense&who=x&from=never&before=0", True),
        ):
            assert ("Gọi hỏi số nhà" in client.get(f"/admin/privacy?{query}").text) is found, query


@pytest.mark.parametrize("role", [Role.HANDLER, Role.HEAD, Role.DISPATCHER])
def test_others_do_not(app: Flask, case: Case, role: Role) -> None:
    with app.app_context():
        unit = create_unit("Điện lực") if role is not Role.DISPATCHER else None
        account = create_account(role, unit)
    client = sign_in(app, account)
    for path in ("/admin/privacy", "/admin/privacy/record.csv", PERSON):
        assert client.get(path).status_code == HTTPStatus.FORBIDDEN
    assert post(client, PERSON, {"contact": "0905123456"}).status_code == HTTPStatus.FORBIDDEN
    supervisor = client_of(app, Role.SUPERVISOR)
    assert supervisor.get(PERSON).status_code == HTTPStatus.FORBIDDEN


def test_the_record_is_saved_as_csv_that_no_spreadsheet_obeys(app: Flask, case: Case) -> None:
    look(app, case, "=1+1, gọi lại")
    answer = client_of(app, Role.ADMINISTRATOR).get(
        "/admin/privacy/record.csv?deed=identity_opened"
    )
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    head, line = answer.data.decode("utf-8-sig").splitlines()
    assert head == "When,Who,What,Report,Reason,How much"
    assert f'Person dispatcher,Looked at who reported,{case.code},"\'=1+1, gọi lại",' in line


def test_what_the_clock_anonymised_is_listed_by_category(app: Flask, case: Case) -> None:
    with app.app_context():
        with transaction(the_city()) as session:
            session.query(Category).update({"retention_days": 30})
        apply_retention(city=the_city(), now=MONDAY + timedelta(days=100))
        name = create_category().name_en.rsplit(" ", 1)[0]
    page = client_of(app, Role.ADMINISTRATOR).get("/admin/privacy").text
    assert "Anonymised, kept long enough" in page
    assert f"{name.split()[0]}" in page
    assert ": 1" in page


def test_a_person_is_found_exported_and_erased(app: Flask, case: Case) -> None:
    client = client_of(app, Role.ADMINISTRATOR)
    page = post(client, PERSON, {"contact": "+84 905 123 456"})
    assert page.status_code == HTTPStatus.OK
    assert case.code in page.text
    assert "Văn Kín" not in page.text

    form = {"contact": "+84 905 123 456", "reason": "Letter of 12 March"}
    file = post(client, f"{PERSON}/export", form)
    assert file.mimetype == "application/zip"
    assert file.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "Văn Kín" in archive.read("data.json").decode()

    unconfirmed = post(client, f"{PERSON}/erase", form)
    assert unconfirmed.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "what is erased cannot be brought back" in unconfirmed.text
    assert "Letter of 12 March" in unconfirmed.text
    erased = post(client, f"{PERSON}/erase", {**form, "confirmed": "1"}, follow_redirects=True)
    assert "1 report was erased." in erased.text
    with app.app_context(), reading() as session:
        assert session.get_one(Report, case.report_id).text == "[đã xóa]"
        deeds = [row.deed for row in session.query(PrivacyEntry).order_by(PrivacyEntry.id)]
    assert deeds == [
        PrivacyDeed.PERSON_SOUGHT,
        PrivacyDeed.EXPORTED,
        PrivacyDeed.PERSON_SOUGHT,  # the page that came back shows the reports again
        PrivacyDeed.ERASED,
    ]
    again = post(client, PERSON, {"contact": "+84 905 123 456"})
    assert "Nobody left this contact" in again.text


def test_who_only_follows_is_given_and_spared_what_is_theirs_too(app: Flask, case: Case) -> None:
    with app.app_context():
        followed = create_case(create_unit("Đơn vị khác"))
    news = {"email": "minh@example.com", "consent": "1"}
    assert post(new_client(app), f"/reports/{followed.code}/news", news).status_code == 303
    client = client_of(app, Role.ADMINISTRATOR)
    form = {"contact": "MINH@example.com", "reason": "Letter of 12 March", "confirmed": "1"}
    page = post(client, PERSON, form)
    assert "News of these reports of others" in page.text
    assert followed.code in page.text
    assert post(client, f"{PERSON}/export", form).mimetype == "application/zip"
    erased = post(client, f"{PERSON}/erase", form, follow_redirects=True)
    assert "gets no more news of reports of others" in erased.text
    assert "Nobody left this contact" in post(client, PERSON, form).text
    assert "1 followed" in client.get("/admin/privacy").text
    assert "1 person sees this too" in new_client(app).get(f"/reports/{followed.code}").text


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("", {"contact": ""}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("", {"contact": "Kín"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("/export", {"contact": "0905123456"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("/export", {"contact": "nobody@example.com", "reason": "Letter"}, HTTPStatus.NOT_FOUND),
        ("/erase", {"contact": "0905123456", "confirmed": "1"}, HTTPStatus.UNPROCESSABLE_ENTITY),
        ("/erase", {"contact": "<b>", "reason": "Letter", "confirmed": "1"}, HTTPStatus(422)),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    app: Flask, case: Case, path: str, fields: dict[str, str], status: HTTPStatus
) -> None:
    answer = post(client_of(app, Role.ADMINISTRATOR), PERSON + path, fields)
    assert answer.status_code == status
    assert 'id="error-summary"' in answer.text
    if fields["contact"] and fields["contact"].isalnum():
        assert f'value="{fields["contact"]}"' in answer.text


def test_what_was_erased_still_has_its_public_page(app: Flask, case: Case) -> None:
    client = client_of(app, Role.ADMINISTRATOR)
    post(
        client,
        f"{PERSON}/erase",
        {"contact": "0905123456", "reason": "Letter of 12 March", "confirmed": "1"},
    )
    for path in (f"/reports/{case.code}", f"/r/{case.code}/{case.token}"):
        page = app.test_client().get(path)
        assert page.status_code == HTTPStatus.OK
        assert "[đã xóa]" in page.text
        assert "ba ngày" not in page.text
