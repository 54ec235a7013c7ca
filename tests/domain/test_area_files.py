"""Files of areas as people bring them."""

import json
from typing import Any

import pytest
import shapely

from feedback.domain.area_files import FeatureProblem, parse_geojson_areas
from feedback.domain.errors import Invalid

SQUARE = [[[107.5, 16.4], [107.6, 16.4], [107.6, 16.5], [107.5, 16.5], [107.5, 16.4]]]
BOW_TIE = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]


def create_feature(
    coordinates: Any = SQUARE, kind: str = "Polygon", **properties: Any
) -> dict[str, Any]:
    """A feature with a code and a name, unless told otherwise."""
    named = {"code": "19753", "name": "Phú Xuân"} | properties
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": named, "geometry": geometry}


def create_file(*features: Any) -> str:
    """A FeatureCollection."""
    return json.dumps({"type": "FeatureCollection", "features": features})


def reasons(text: str) -> list[str]:
    """What is said against a file's features."""
    with pytest.raises(Invalid) as refused:
        parse_geojson_areas(text)
    assert refused.value.code == "invalid_area_file"
    assert refused.value.fields == {"file": "features"}
    return [str(problem) for problem in refused.value.params["problems"]]


def test_areas_are_read_with_their_names() -> None:
    named = create_feature(full_name="Phường Phú Xuân", name_en="Phu Xuan", type="phường")
    [area] = parse_geojson_areas(create_file(named))
    assert (area.code, area.name, area.full_name) == ("19753", "Phú Xuân", "Phường Phú Xuân")
    assert (area.name_en, area.type) == ("Phu Xuan", "phường")
    assert area.geometry.equals(shapely.box(107.5, 16.4, 107.6, 16.5))


def test_names_left_out_are_made_from_the_name() -> None:
    [area] = parse_geojson_areas(create_file(create_feature(name="Đông Ba", code=7)))
    assert (area.code, area.full_name, area.name_en, area.type) == ("7", "Đông Ba", "Dong Ba", "")


def test_names_are_composed() -> None:
    [area] = parse_geojson_areas(create_file(create_feature(name="Phu\u0301 Xua\u0302n ")))
    assert area.name == "Phú Xuân"


def test_an_outline_that_crosses_itself_is_mended() -> None:
    [area] = parse_geojson_areas(create_file(create_feature(BOW_TIE)))
    assert area.geometry.is_valid
    assert area.geometry.geom_type == "MultiPolygon"
    assert area.geometry.area == pytest.approx(0.5)


def test_a_spike_falls_off_when_mending() -> None:
    spiked = [[[0, 0], [1, 0], [1, 1], [2, 1], [1, 1], [0, 1], [0, 0]]]
    [area] = parse_geojson_areas(create_file(create_feature(spiked)))
    assert area.geometry.equals(shapely.box(0, 0, 1, 1))


def test_several_polygons_and_heights_are_understood() -> None:
    islands = [SQUARE, [[[1, 1, 5], [2, 1, 5], [2, 2, 5], [1, 1, 5]]]]
    [area] = parse_geojson_areas(create_file(create_feature(islands, "MultiPolygon")))
    assert area.geometry.geom_type == "MultiPolygon"
    assert not area.geometry.has_z


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_a_feature_collection"),
        ('{"type": "Feature"}', "not_a_feature_collection"),
        ('{"type": "FeatureCollection"}', "not_a_feature_collection"),
        ('{"type": "FeatureCollection", "features": []}', "no_features"),
    ],
)
def test_a_file_that_is_no_collection_of_features_is_refused(text: str, what: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_geojson_areas(text)
    assert refused.value.fields == {"file": what}


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (None, "not_a_feature"),
        ({"type": "Feature"}, "no_properties"),
        (create_feature(code=""), "no_code"),
        (create_feature(code=None), "no_code"),
        (create_feature(code=True), "bad_code"),
        (create_feature(name=" "), "no_name"),
        (create_feature(name=["a"]), "bad_name"),
        (create_feature() | {"geometry": None}, "no_geometry"),
        (create_feature([107.5, 16.4], "Point"), "not_a_polygon"),
        (create_feature([]), "empty"),
        (create_feature([[[0, 0], [1, 0], [1, 1]]]), "bad_coordinates"),  # not closed
        (create_feature([[["a", 0], [1, 0], [1, 1], ["a", 0]]]), "bad_coordinates"),
        (create_feature([[[0, float("nan")], [1, 0], [1, 1], [0, 0]]]), "bad_coordinates"),
        (create_feature("far away"), "bad_coordinates"),
        (create_feature([[[0, 0], [0, 91], [1, 0], [0, 0]]]), "out_of_range"),
        (create_feature([[[5e5, 2e6], [6e5, 2e6], [5e5, 3e6], [5e5, 2e6]]]), "out_of_range"),
        (create_feature([[[0, 0], [1, 1], [2, 2], [0, 0]]]), "no_surface"),
    ],
)  # fmt: skip
def test_a_feature_is_refused_with_its_number_and_the_reason(feature: Any, reason: str) -> None:
    good = create_feature(code="1")
    assert reasons(create_file(good, feature)) == [f"feature 1: {reason}"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = create_file(create_feature(name=""), create_feature(), create_feature())
    assert reasons(text) == ["feature 0: no_name", "feature 2: duplicate_code"]
    assert str(FeatureProblem(3, "no_code")) == "feature 3: no_code"
