"""Areas come in through a page: sent, looked at, then taken over or forgotten."""

import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedback.domain.area_files import parse_geojson_areas
from feedback.domain.errors import Invalid
from feedback.domain.states import Role
from feedback.operations import draft_areas
from feedback.operations.transaction import reading
from feedback.storage.models import Area, AreaDraft
from feedback.web.messages import sentence
from tests.factories import create_account, create_area, create_rule, create_unit
from tests.support.staff import post, sign_in
from tests.web.forms import send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RING = [[107.5, 16.4], [107.6, 16.4], [107.6, 16.5], [107.5, 16.5], [107.5, 16.4]]
FORM = "/admin/areas/import"


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    with app.app_context():
        old = create_area("Vĩnh Ninh")
        create_rule(create_unit(), area=old)
        administrator = create_account(Role.ADMINISTRATOR)
    return sign_in(app, administrator)


def feature(code: object, name: str = "Thuận Hóa", **more: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "full_name": f"Phường {name}"},
        "geometry": {"type": "Polygon", "coordinates": [RING]},
        **more,
    }


def file_of(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def upload(desk: FlaskClient, content: bytes, **changes: str) -> TestResponse:
    fields = {"valid_from": "2025-07-01", "source": "Nghị quyết 1675", **changes}
    return send(desk, FORM, file=(io.BytesIO(content), "wards.geojson"), **fields)


def names(app: Flask) -> set[tuple[str, bool]]:
    with app.app_context(), reading() as session:
        return {(area.name, area.valid_to is None) for area in session.query(Area)}


def test_a_file_is_looked_at_and_then_taken_over(app: Flask, desk: FlaskClient) -> None:
    sent = upload(desk, file_of(feature("19753")), approximate="1")
    assert sent.status_code == 303
    page = desk.get(sent.location).text
    for words in ("1 area is added", "1 area ends", "Phường Thuận Hóa", "Phường Vĩnh Ninh"):
        assert words in page
    assert "1 routing rule names an area that ends." in page
    assert names(app) == {("Vĩnh Ninh", True)}
    assert "wards.geojson" in desk.get("/admin/areas").text
    assert post(desk, "/admin/areas/import/take-over").status_code == 303
    assert names(app) == {("Vĩnh Ninh", False), ("Thuận Hóa", True)}
    page = desk.get("/admin/areas").text
    assert "wards.geojson" not in page
    assert "1 routing rule names an area that has ended." in page
    assert "Nghị quyết 1675" in desk.get("/admin/changes?kind=areas").text
    assert "this area has ended" in desk.get("/admin/rules").text
    upload(desk, file_of(feature("19753")), approximate="1")
    assert "Nothing: the city knows these areas already." in (
        desk.get("/admin/areas/import/check").text
    )


def test_a_file_can_be_forgotten(app: Flask, desk: FlaskClient) -> None:
    upload(desk, file_of(feature("19753")))
    upload(desk, file_of(feature("19754", "Kim Long")))
    assert "Kim Long" in desk.get("/admin/areas/import/check").text
    assert post(desk, "/admin/areas/import/discard").status_code == 303
    assert desk.get("/admin/areas/import/check").status_code == 302
    assert post(desk, "/admin/areas/import/take-over").status_code == 303
    assert names(app) == {("Vĩnh Ninh", True)}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose a file."),
        (b"\xff\xfe", "The file is not text in UTF-8."),
        (b"{", "cannot be read as JSON"),
        (b"[]", "no GeoJSON FeatureCollection"),
        (file_of(), "The file holds no areas."),
        (b"[" * 100_000, "cannot be read as JSON"),
    ],
)
def test_a_bad_file_is_refused_with_a_clear_word(
    app: Flask, desk: FlaskClient, content: bytes, says: str
) -> None:
    refused = upload(desk, content)
    assert refused.status_code == 422
    assert says in refused.text
    assert 'value="Nghị quyết 1675"' in refused.text
    with app.app_context(), reading() as session:
        assert session.query(AreaDraft).count() == 0


def test_every_bad_area_is_listed_at_once(desk: FlaskClient) -> None:
    line = {"type": "LineString", "coordinates": RING}
    bad = file_of(feature("1"), feature("1"), feature("", "Không mã"), feature("2", geometry=line))
    refused = upload(desk, bad)
    assert refused.status_code == 422
    assert re.findall(r"<li>(Feature \d: [^<]+)</li>", refused.text) == [
        "Feature 2: another feature has the same code",
        "Feature 3: the property “code” is missing",
        "Feature 4: the border is no polygon",
    ]


def test_what_stands_beside_the_file_is_needed_too(desk: FlaskClient) -> None:
    refused = upload(desk, file_of(feature("1")), valid_from="", source="")
    assert 'href="#valid_from"' in refused.text
    assert 'href="#source"' in refused.text


def test_a_division_of_the_past_is_refused(desk: FlaskClient) -> None:
    upload(desk, file_of(feature("19753")), valid_from="2019-01-01")
    refused = desk.get("/admin/areas/import/check")
    assert refused.status_code == 422
    assert "the past cannot be imported" in refused.text


def test_a_file_that_is_too_large_is_refused(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_areas, "MAX_BYTES", 1_000)
    refused = upload(desk, file_of(feature("19753")) + b" " * 1_000)
    assert refused.status_code == 422
    assert "The file is larger than 20 MB." in refused.text


def test_every_problem_a_file_can_have_has_its_words(app: Flask) -> None:
    broken = [
        *(1, {"type": "Feature"}, feature(None), feature(True), feature("1", name="")),
        *(feature("2", geometry=None), feature("3", geometry={"type": "Point"})),
        feature("4", geometry={"type": "Polygon", "coordinates": []}),
        feature("5", geometry={"type": "Polygon", "coordinates": "x"}),
        feature("6", geometry={"type": "Polygon", "coordinates": [[[500, 1], [1, 2], [3, 4]]]}),
        feature("7", geometry={"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1]]]}),
    ]
    with pytest.raises(Invalid) as refused:
        parse_geojson_areas(file_of(*broken).decode())
    with app.test_request_context():
        unknown = sentence("no such code")
        for problem in refused.value.params["problems"]:
            assert sentence(f"area_{problem.reason}") != unknown, problem
