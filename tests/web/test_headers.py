"""What every response says about itself: policy, caching, kind."""

import re
from http import HTTPStatus

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from feedback.operations.transaction import reading
from feedback.storage.models import Photo
from tests.factories import MONDAY, create_area, create_case, create_unit, create_upload
from tests.factories import create_working_week as working_week

A_YEAR = "max-age=31536000"


@pytest.fixture
def small_name(app: Flask) -> str:
    """The file name of a finished picture."""
    with app.app_context():
        create_upload(processed=True, now=MONDAY)
        with reading() as session:
            return session.query(Photo).one().small_key.rpartition("/")[2]


@pytest.mark.parametrize(
    "path",
    ["/", "/reports", "/report", "/privacy", "/healthz", "/brand.css", "/nothing", "/media/x"],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_response_carries_the_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    if headers["Content-Type"].startswith("text/html"):
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Permissions-Policy"].startswith("geolocation=(self)")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_has_a_nonce_of_its_own_and_no_inline_code(client: FlaskClient) -> None:
    first, second = client.get("/report"), client.get("/report")
    nonces = [
        re.findall(r"'nonce-([^']+)'", a.headers["Content-Security-Policy"])
        for a in (first, second)
    ]
    assert set(nonces[0]).isdisjoint(nonces[1])
    assert set(re.findall(r'<script[^>]*nonce="([^"]+)"', first.text)) == set(nonces[0])
    assert not re.search(r"<[^>]+\s(style|on\w+)=", first.text)
    assert not re.search(r"<script(?![^>]*nonce=)", first.text)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_static_files_are_kept_for_ever_under_their_version(
    client: FlaskClient, app: Flask
) -> None:
    with app.test_request_context():
        current = url_for("static", filename="css/base.css")
    assert f'href="{current}"' in client.get("/").text
    kept = client.get(current)
    assert kept.cache_control.immutable
    assert A_YEAR in kept.headers["Cache-Control"]
    assert "Cookie" not in kept.headers["Vary"]
    assert "Set-Cookie" not in kept.headers
    old = client.get(re.sub(r"static/\w+/", "static/000000000000/", current))
    assert old.status_code == HTTPStatus.OK
    assert old.headers["Cache-Control"].startswith("no-cache")
    hidden = current.replace("css/base.css", "..%2f..%2fapp.py")
    assert client.get(hidden).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_text_is_compressed(client: FlaskClient, app: Flask, encoding: str) -> None:
    with app.app_context():
        for name in ("Phú Xuân", "An Cựu", "Thuận Hóa", "Vỹ Dạ"):
            create_area(name)
    with app.test_request_context():
        script = url_for("static", filename="js/report-form.js")
    for path in ("/report", script, "/areas.geojson"):
        answer = client.get(path, headers={"Accept-Encoding": encoding})
        assert answer.headers.get("Content-Encoding") == encoding, path


def test_pictures_are_served_by_content_hash_only(client: FlaskClient, small_name: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}\.jpg", small_name)
    answer = client.get(f"/media/{small_name}")
    assert answer.status_code == HTTPStatus.OK
    assert answer.content_type == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.cache_control.immutable
    assert A_YEAR in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")
    again = client.get(f"/media/{small_name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


@pytest.mark.parametrize(
    "name", ["0" * 64 + ".jpg", "..%2f..%2fsecret_key", "A.jpg", "originals/x"]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_else_is_served_as_a_picture(client: FlaskClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == HTTPStatus.NOT_FOUND


def test_the_wards_are_asked_for_again_only_when_they_changed(
    client: FlaskClient, app: Flask
) -> None:
    with app.app_context():
        create_area()
    first = client.get("/areas.geojson")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/areas.geojson", headers=tag).status_code == HTTPStatus.NOT_MODIFIED
    with app.app_context():
        create_area("An Cựu")
    assert client.get("/areas.geojson", headers=tag).status_code == HTTPStatus.OK


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_pages_belong_to_one_reader(client: FlaskClient, app: Flask) -> None:
    with app.app_context():
        working_week()
        case = create_case(create_unit())
    for path in ("/", "/report", f"/reports/{case.code}", f"/r/{case.code}/{case.token}"):
        assert client.get(path).headers["Cache-Control"] == "private, no-cache"
