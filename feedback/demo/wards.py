"""The demo city's wards: who they are, and outlines cut round their centres.

The outlines are a Voronoi cut: every place belongs to the ward whose centre is nearest. They are
not the official borders, and are marked so; `flask areas import` replaces them by real ones.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import cos, radians

import shapely
from shapely.geometry import Polygon, mapping
from shapely.geometry.base import BaseGeometry

from feedback.demo.data_files import read
from feedback.domain.text import fold

GRID = 1e-5  # about a metre, in degrees


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward: `at` is its centre, `town` where its people live, both (latitude, longitude)."""

    code: str
    full_name: str
    at: tuple[float, float]
    town: tuple[float, float]
    zone: str
    share: int
    streets: tuple[str, ...]
    landmarks: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name without the word for what it is."""
        return self.full_name.split(" ", 1)[1]

    @property
    def kind(self) -> str:
        """What it is: phường or xã."""
        return self.full_name.split(" ", 1)[0].lower()

    @property
    def name_en(self) -> str:
        """The name as an English text spells it."""
        return fold(self.name).title()


@cache
def wards() -> tuple[Ward, ...]:
    """All wards, in the order of the data file."""
    return tuple(
        Ward(
            code=row["code"],
            full_name=row["name"],
            at=tuple(row["at"]),
            town=tuple(row.get("town", row["at"])),
            zone=row["zone"],
            share=row["share"],
            streets=tuple(row["streets"]),
            landmarks=tuple(row["landmarks"]),
        )
        for row in read("areas")["area"]
    )


def valid_from() -> date:
    """The first day of this division into wards."""
    day: date = read("city")["areas"]["valid_from"]
    return day


def source() -> str:
    """Where the outlines come from, for people who look at the map."""
    return str(read("city")["areas"]["source"])


def outline() -> Polygon:
    """The city's hand-drawn outline, (longitude, latitude)."""
    return Polygon(read("city")["areas"]["outline"])


@cache
def shapes() -> dict[str, BaseGeometry]:
    """The approximate outline of every ward by its code; together they fill the city's outline."""
    whole = outline()
    narrowing = cos(radians(whole.centroid.y))
    centres = shapely.multipoints([(ward.at[1] * narrowing, ward.at[0]) for ward in wards()])
    wide = shapely.box(*whole.buffer(1).bounds)
    cells = shapely.get_parts(shapely.voronoi_polygons(centres, extend_to=wide))
    cells = shapely.transform(cells, lambda points: points / (narrowing, 1))
    found = {}
    for ward in wards():
        centre = shapely.Point(ward.at[1], ward.at[0])
        cell = next(cell for cell in cells if cell.contains(centre))
        found[ward.code] = shapely.set_precision(cell.intersection(whole), GRID)
    return found


def geojson() -> str:
    """The wards as a file that `import_areas` takes."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": ward.code,
                "name": ward.name,
                "full_name": ward.full_name,
                "name_en": ward.name_en,
                "type": ward.kind,
            },
            "geometry": mapping(shapes()[ward.code]),
        }
        for ward in wards()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})
