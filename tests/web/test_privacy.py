"""What nobody but its reporter may read, and what nobody may do without being asked."""

import re
from html import unescape
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.consents import CONSENTS, CURRENT
from feedback.domain.states import RatingLevel, Visibility, VisibilityPolicy
from feedback.operations.rate_report import rate_report
from feedback.operations.transaction import reading
from feedback.storage.models import HistoryEntry, Rating, Report, Reporter
from tests.factories import (
    MONDAY,
    Case,
    create_case,
    create_category,
    create_closed_report,
    create_report,
    create_unit,
    create_upload,
    create_working_week,
    the_city,
)
from tests.web.forms import csrf_of, hidden_fields, report_fields, send

CANARIES = {
    "contact_name": "Canary Lan",
    "contact_email": "canary@example.com",
    "contact_phone": "0900 111 222",
    "consent_version": "1",
}
COMMENT = "Canary comment of the rating"


def link_of(case: Case) -> str:
    """The secret link."""
    return f"/r/{case.code}/{case.token}"


@pytest.fixture
def closed(app: Flask) -> Case:
    """A published, closed, rated report whose reporter gave a contact."""
    with app.app_context():
        create_working_week()
        case = create_closed_report(create_unit(), photo_ids=(create_upload(),), **CANARIES)
        rate_report(
            case.report_id,
            level=RatingLevel.DISSATISFIED,
            comment=COMMENT,
            photo_ids=[],
            city=the_city(),
            now=MONDAY,
        )
        return case


def test_the_public_pages_hold_nothing_private(client: FlaskClient, closed: Case) -> None:
    with client.application.app_context(), reading() as session:
        report = session.get_one(Report, closed.report_id)
        secrets = [*CANARIES.values(), COMMENT, report.token, report.submission_id]
        assert report.visibility is Visibility.PUBLIC
    secrets.remove("1")
    pages = (f"/reports/{closed.code}", "/", "/reports", f"/reports?q={closed.code}")
    for path in pages:
        page = client.get(path, follow_redirects=True)
        assert page.status_code == HTTPStatus.OK
        assert closed.code in page.text
        assert [secret for secret in secrets if secret in page.text] == []
        assert "Not satisfied" not in page.text
        assert "Không hài lòng" not in page.text


def test_not_even_the_secret_link_shows_the_contact(client: FlaskClient, closed: Case) -> None:
    page = client.get(link_of(closed))
    assert COMMENT in page.text
    assert not [value for value in CANARIES.values() if len(value) > 1 and value in page.text]


def test_private_pending_and_missing_reports_answer_alike(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        create_working_week()
        unit = create_unit()
        never = create_category(visibility_policy=VisibilityPolicy.NEVER)
        review = create_category(visibility_policy=VisibilityPolicy.REVIEW)
        codes = [
            create_case(unit, category=never).code,
            create_case(unit, category=review).code,
            create_report().code,
        ]
    bodies = []
    for code in [*codes, "222-222", "nonsense"]:
        page = client.get(f"/reports/{code}")
        assert page.status_code == HTTPStatus.NOT_FOUND
        bodies.append(without_nonces(page.text).replace(code, ""))
    assert len(set(bodies)) == 1
    for code in codes:
        assert code not in client.get("/reports").text
        assert f">{code}<" not in client.get(f"/reports?q={code}").text


def test_a_wrong_token_answers_as_a_wrong_code(client: FlaskClient, closed: Case) -> None:
    bodies = []
    for code, token in (
        (closed.code, "x" * len(closed.token)),
        (closed.code, closed.token[:-1]),
        ("222-222", closed.token),
    ):
        for page in ("", "/receipt", "/rating", "/reopen"):
            answer = client.get(f"/r/{code}/{token}{page}")
            assert answer.status_code == HTTPStatus.NOT_FOUND
            bodies.append(without_nonces(answer.text).replace(code, "").replace(token, ""))
    assert len({re.sub(r'name="next" value="[^"]*"', "", body) for body in bodies}) == 1


def test_looking_changes_nothing(client: FlaskClient, closed: Case) -> None:
    def everything() -> tuple[object, ...]:
        with client.application.app_context(), reading() as session:
            report = session.get_one(Report, closed.report_id)
            counts = [session.query(table).count() for table in (HistoryEntry, Rating)]
            return report.version, report.state, *counts

    before = everything()
    for page in ("", "/receipt", "/rating", "/rating?level=satisfied&saved=1", "/reopen"):
        client.get(link_of(closed) + page)
        client.head(link_of(closed) + page)
    assert everything() == before


def test_every_form_is_refused_without_its_token(client: FlaskClient, closed: Case) -> None:
    app = client.application
    values = {"code": closed.code, "token": closed.token}
    tried = []
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        path = re.sub(r"<(?:int:)?(\w+)>", lambda found: values.get(found[1], "1"), rule.rule)
        for body in ({}, {"csrf_token": "forged"}):
            answer = client.post(path, data=body)
            assert answer.status_code == HTTPStatus.BAD_REQUEST, path
        tried.append(path)
    assert {"/report", "/photos", "/language", f"{link_of(closed)}/rating"} <= set(tried)


def test_the_token_of_another_session_is_refused(app: Flask, closed: Case) -> None:
    mine, theirs = app.test_client(), app.test_client()
    mine.get("/report")
    answer = mine.post(
        f"{link_of(closed)}/rating",
        data={"csrf_token": csrf_of(theirs), "level": "satisfied"},
    )
    assert answer.status_code == HTTPStatus.BAD_REQUEST


def test_the_secret_pages_are_not_indexed_and_tell_no_other_site(
    client: FlaskClient, closed: Case
) -> None:
    for page in ("", "/receipt", "/rating", "/reopen"):
        answer = client.get(link_of(closed) + page)
        if answer.status_code == HTTPStatus.OK:
            assert '<meta name="robots" content="noindex">' in answer.text
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "private, no-cache"


def without_nonces(text: str) -> str:
    """A page without what differs each time it is made."""
    for name in ("csrf_token", "next"):
        text = re.sub(f'name="{name}" value="[^"]*"', "", text)
    return re.sub(r'nonce="[^"]*"|\d\d/\d\d/\d{4} \d\d:\d\d', "", text)


def test_the_forms_of_a_report_carry_the_token(client: FlaskClient, closed: Case) -> None:
    for page in ("/report", f"{link_of(closed)}/rating", f"{link_of(closed)}/reopen"):
        answer = client.get(page)
        if answer.status_code == HTTPStatus.OK:
            assert hidden_fields(answer)["csrf_token"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_agreed_to_is_the_text_that_stands_beside_the_box(
    client: FlaskClient, language: str
) -> None:
    client.set_cookie("language", language)
    form = unescape(client.get("/report").text)
    assert CURRENT.report[language] in form
    assert CURRENT.promise[language] in form
    assert f'name="consent" value="{CURRENT.version}"' in form
    page = unescape(client.get("/privacy").text)
    for consent in CONSENTS:
        for text in (consent.version, consent.report[language], consent.follow[language]):
            assert text in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_version_that_was_shown_is_stored(client: FlaskClient) -> None:
    older = CONSENTS[0].version  # a form that was open while a new text came
    for version in (CURRENT.version, older):
        answer = send(client, "/report", **report_fields(contact_name="Lan", consent=version))
        assert answer.status_code == HTTPStatus.SEE_OTHER
    with client.application.app_context(), reading() as session:
        versions = [row.consent_version for row in session.query(Reporter).order_by(Reporter.id)]
    assert versions == [CURRENT.version, older]
    refused = send(client, "/report", **report_fields(contact_name="Lan", consent="2099-01"))
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'href="#consent"' in refused.text
