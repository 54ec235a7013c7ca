"""The city's wards as one drawing, to be coloured by a measure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

from feedback.extensions import db
from feedback.operations.reference import Reference
from feedback.web.context import city, today

WIDTH, MARGIN = 720, 8
SHADES = 5


@dataclass(frozen=True, slots=True)
class Outline:
    """An area as path data."""

    area_id: int
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class WardMap:
    """All areas of a day in one drawing."""

    width: int
    height: int
    outlines: tuple[Outline, ...]


def ward_map() -> WardMap | None:
    """The areas in force today; None where the city has drawn none."""
    version, text = Reference(db.session(), city()).area_features(today())
    return _drawn(f"{version} {today()}", text)


@lru_cache(maxsize=4)
def _drawn(_key: str, text: str) -> WardMap | None:
    features = json.loads(text)["features"]
    rings = {number: _rings(one["geometry"]) for number, one in enumerate(features)}
    points = [point for some in rings.values() for ring in some for point in ring]
    if not points:
        return None
    west, east = (choose(x for x, _ in points) for choose in (min, max))
    south, north = (choose(y for _, y in points) for choose in (min, max))
    narrow = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, 1e-9)

    def path(ring: list[tuple[float, float]]) -> str:
        placed = [
            f"{MARGIN + (x - west) * narrow * scale:.1f} {MARGIN + (north - y) * scale:.1f}"
            for x, y in ring
        ]
        return "M" + "L".join(placed) + "Z"

    return WardMap(
        width=WIDTH,
        height=round((north - south) * scale) + 2 * MARGIN,
        outlines=tuple(
            Outline(
                one["properties"]["id"],
                one["properties"]["name"],
                "".join(path(ring) for ring in rings[number]),
            )
            for number, one in enumerate(features)
        ),
    )


def _rings(geometry: Mapping[str, object]) -> list[list[tuple[float, float]]]:
    """Every ring of a polygon or of several."""
    coordinates: object = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [
        [(point[0], point[1]) for point in ring]
        for polygon in polygons  # type: ignore[attr-defined]  # JSON, as the writer made it
        for ring in polygon
    ]


def shades(values: Mapping[int, float], *, reverse: bool) -> dict[int, int]:
    """How dark each area is drawn, 0 to 4, by fifths of the ranks of its value.

    The darkest needs looking at first: the lowest value, or with `reverse` the highest.
    """
    order = sorted(values, key=lambda key: values[key], reverse=not reverse)
    distinct = len({values[key] for key in order})
    if distinct < 2:
        return dict.fromkeys(order, 1)
    found: dict[int, int] = {}
    for place, key in enumerate(order):
        same = place and values[key] == values[order[place - 1]]
        found[key] = found[order[place - 1]] if same else place * SHADES // len(order)
    return found
