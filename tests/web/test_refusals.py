"""Refusals: one shape, the reader's language, no traces."""

from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TITLES = {
    "vi": {404: "Không tìm thấy", 500: "Hệ thống gặp trục trặc"},
    "en": {404: "There is nothing here", 500: "Something went wrong on our side"},
}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_refusal_is_a_page_in_the_readers_language(client: FlaskClient, language: str) -> None:
    client.set_cookie("language", language)
    answer = client.get("/nothing")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert f'<html lang="{language}">' in answer.text
    assert TITLES[language][404] in answer.text
    assert 'href="/"' in answer.text


def test_a_script_gets_a_problem_document(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"Accept": "application/json"})
    assert answer.content_type == "application/problem+json; charset=utf-8"
    assert answer.json == {
        "type": "about:blank",
        "status": 404,
        "title": "Not Found",
        "code": "http_404",
    }


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_fault_of_ours_shows_no_trace(app: Flask, language: str) -> None:
    def fail() -> str:
        raise RuntimeError("canary of the inside")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/fault", "fault", fail)
    client = app.test_client()
    client.set_cookie("language", language)
    page = client.get("/fault")
    assert page.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert TITLES[language][500] in page.text
    problem = client.get("/fault", headers={"Accept": "application/json"})
    assert problem.json is not None
    assert problem.json["status"] == 500
    for answer in (page, problem):
        assert "canary" not in answer.text
        assert "Traceback" not in answer.text
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("post", "/", 405),
        ("get", "/language", 405),
        ("get", "/photos", 405),
        ("get", "/r/222-222/x", 404),
        ("get", "/reports/222-222", 404),
    ],
)
def test_other_refusals_have_the_same_shape(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    page = client.open(path, method=method.upper())
    problem = client.open(path, method=method.upper(), headers={"Accept": "application/json"})
    assert page.status_code == problem.status_code == status
    assert page.content_type == "text/html; charset=utf-8"
    assert problem.content_type == "application/problem+json; charset=utf-8"
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        assert page.headers["Allow"]
