"""Areas as people bring them: a GeoJSON FeatureCollection (RFC 7946), read whole or refused whole.

Each feature has the properties `code` and `name`, and may have `full_name`, `name_en` and `type`.
Outlines that cross themselves are mended; anything else that is wrong is listed with the number
of its feature, all at once, so that a file is corrected in one go.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from feedback.domain.errors import Invalid
from feedback.domain.text import fold, normalise


@dataclass(frozen=True, slots=True)
class ImportedArea:
    """An area of a file; names in NFC, the outline valid, two-dimensional, in WGS84 degrees."""

    code: str
    name: str
    full_name: str
    name_en: str
    type: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class FeatureProblem:
    """What is wrong with the feature at `index`, counted from 0."""

    index: int
    reason: str

    def __str__(self) -> str:
        """For a terminal: "feature 3: no_name"."""
        return f"feature {self.index}: {self.reason}"


def parse_geojson_areas(text: str) -> tuple[ImportedArea, ...]:
    """The areas of a FeatureCollection in the order of the file.

    Raises Invalid with the code `invalid_area_file`: `fields["file"]` names what is wrong with
    the whole (not_json, not_a_feature_collection, no_features) or says `features`, and then
    `params["problems"]` holds every FeatureProblem.
    """
    areas: list[ImportedArea] = []
    problems: list[FeatureProblem] = []
    codes: set[str] = set()
    for index, feature in enumerate(_features(text)):
        try:
            area = _area(feature)
            if area.code in codes:
                raise _FeatureError("duplicate_code")
        except _FeatureError as error:
            problems.append(FeatureProblem(index, error.reason))
        else:
            codes.add(area.code)
            areas.append(area)
    if problems:
        raise _refused("features", problems)
    return tuple(areas)


class _FeatureError(Exception):
    """Why one feature cannot be read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _features(text: str) -> list[Any]:
    """The features of the file, unread."""
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _refused("not_json") from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise _refused("not_a_feature_collection")
    features = document.get("features")
    if not isinstance(features, list):
        raise _refused("not_a_feature_collection")
    if not features:
        raise _refused("no_features")
    return features


def _area(feature: object) -> ImportedArea:
    """One feature as an area."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _FeatureError("not_a_feature")
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        raise _FeatureError("no_properties")
    code, name = _word(properties, "code"), _word(properties, "name")
    if not code:
        raise _FeatureError("no_code")
    if not name:
        raise _FeatureError("no_name")
    return ImportedArea(
        code=code,
        name=name,
        full_name=_word(properties, "full_name") or name,
        name_en=_word(properties, "name_en") or fold(name).title(),
        type=_word(properties, "type"),
        geometry=_outline(feature.get("geometry")),
    )


def _word(properties: Mapping[str, object], key: str) -> str:
    """A property as clean text; a whole number is taken for its digits, nothing for ""."""
    value = properties.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _FeatureError(f"bad_{key}")
    return normalise(str(value))


def _outline(geometry: object) -> BaseGeometry:
    """The outline as valid polygons in the plane."""
    if not isinstance(geometry, dict):
        raise _FeatureError("no_geometry")
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise _FeatureError("not_a_polygon")
    try:
        outline = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (ShapelyError, RecursionError) as error:
        raise _FeatureError("bad_coordinates") from error
    if outline.is_empty:
        raise _FeatureError("empty")
    coordinates = shapely.get_coordinates(outline)
    # written so that a value that is no number is out of range too
    if not ((coordinates >= (-180, -90)) & (coordinates <= (180, 90))).all():
        raise _FeatureError("out_of_range")
    return _mended(outline)


def _mended(outline: BaseGeometry) -> BaseGeometry:
    """The outline made valid; lines and points that fall off when mending are dropped."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(shapely.make_valid(outline)))
        if part.geom_type == "Polygon" and part.area
    ]
    if not parts:
        raise _FeatureError("no_surface")
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _refused(what: str, problems: list[FeatureProblem] | None = None) -> Invalid:
    """The refusal of a whole file."""
    return Invalid({"file": what}, code="invalid_area_file", problems=tuple(problems or ()))
