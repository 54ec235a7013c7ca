"""Where a point lies: areas in an index, rounding for the public, outlines for the browser.

Degrees are WGS84. Distances are true metres, measured on a plane laid at the point itself
(equirectangular projection at its latitude, mean Earth radius 6 371 008.8 m); over the few
kilometres of a snap its error is far below a metre. A city does not straddle the 180th meridian.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, hypot, inf, isfinite, pi, radians

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from feedback.domain.errors import Invalid

METRES_PER_DEGREE = 6_371_008.8 * pi / 180
_LEAST_COSINE = 0.01  # keeps a degree of longitude from vanishing at the poles


@dataclass(frozen=True, slots=True)
class AreaShape:
    """The outline of an area: a polygon or several, coordinates (longitude, latitude)."""

    area_id: int
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Located:
    """The area a point belongs to; `exact` means inside or on its edge, at distance 0."""

    area_id: int
    distance_metres: float
    exact: bool


class AreaIndex:
    """Areas that answer quickly which of them holds a point. Built once, then only read."""

    def __init__(self, shapes: Iterable[AreaShape]) -> None:
        """Build the tree; areas are kept in the order of their ids, which settles ties."""
        in_order = sorted(shapes, key=lambda shape: shape.area_id)
        self._ids = [shape.area_id for shape in in_order]
        self._geometries = np.array([shape.geometry for shape in in_order], dtype=object)
        self._tree = shapely.STRtree(self._geometries)

    def __len__(self) -> int:
        """How many areas there are."""
        return len(self._ids)

    def locate(self, latitude: float, longitude: float, snap_metres: float) -> Located | None:
        """The area of a point, in degrees, or None when it is too far from every area.

        Inside or on an edge is exact; on the edge of several the lowest id holds it. A point
        just off every area takes the nearest within `snap_metres`; of equally near ones (to the
        millimetre) the lowest id. Raises Invalid for coordinates that are none, or a distance
        below 0.
        """
        check_coordinates(latitude, longitude)
        if not 0 <= snap_metres < inf:
            raise Invalid({"snap_metres": "out_of_range"})
        holding = self._holding(latitude, longitude)
        if holding is not None:
            return Located(self._ids[holding], 0.0, exact=True)
        return self._nearest(latitude, longitude, snap_metres) if snap_metres else None

    def _holding(self, latitude: float, longitude: float) -> int | None:
        """The place of the first area that holds or touches the point."""
        held = self._tree.query(shapely.Point(longitude, latitude), predicate="intersects")
        return int(held.min()) if len(held) else None

    def _nearest(self, latitude: float, longitude: float, snap_metres: float) -> Located | None:
        """The nearest area within the distance, measured in metres round the point."""
        across, up = _metres_per_degree(latitude)
        wide, high = 1.01 * snap_metres / across, 1.01 * snap_metres / up
        window = shapely.box(longitude - wide, latitude - high, longitude + wide, latitude + high)
        near = sorted(self._tree.query(window))
        if not near:
            return None
        flat = shapely.transform(
            self._geometries[near], lambda points: (points - (longitude, latitude)) * (across, up)
        )
        distances = shapely.distance(flat, shapely.points(0, 0))
        nearest = int(np.argmin(np.round(distances, 3)))  # the first of equals: the lowest id
        distance = float(distances[nearest])
        if distance > snap_metres:
            return None
        return Located(self._ids[near[nearest]], distance, exact=False)


@dataclass(frozen=True, slots=True)
class AreaSpan:
    """An area with the days it is in force; `last` None means that no end is known."""

    shape: AreaShape
    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the area is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


class AreasInTime:
    """Every area there has been: days on which the same ones are in force share an index."""

    def __init__(self, spans: Iterable[AreaSpan]) -> None:
        """Keep the areas; an index is built when a day first asks for it."""
        self._spans = list(spans)
        self._indexes: dict[frozenset[int], AreaIndex] = {}

    def on(self, day: date) -> AreaIndex:
        """The index of the areas in force on a day."""
        shapes = [span.shape for span in self._spans if span.holds(day)]
        key = frozenset(shape.area_id for shape in shapes)
        index = self._indexes.get(key)
        if index is None:
            index = self._indexes[key] = AreaIndex(shapes)
        return index


def check_coordinates(latitude: float, longitude: float) -> None:
    """Refuse what is no place on Earth: not finite, or out of range (Invalid)."""
    fields = {}
    if not (isfinite(latitude) and -90 <= latitude <= 90):
        fields["latitude"] = "out_of_range"
    if not (isfinite(longitude) and -180 <= longitude <= 180):
        fields["longitude"] = "out_of_range"
    if fields:
        raise Invalid(fields)


def round_point(latitude: float, longitude: float, metres: float) -> tuple[float, float]:
    """A point moved to the nearest crossing of a grid, as (latitude, longitude), for the public.

    The lines lie `metres` apart in both directions, so the true place is anywhere in a square
    of that side. The same grid serves every point: many reports of one place do not betray it.
    Raises Invalid for coordinates that are none, or a distance not above 0.
    """
    check_coordinates(latitude, longitude)
    if not 0 < metres < inf:
        raise Invalid({"metres": "out_of_range"})
    rounded_latitude = _to_grid(latitude, metres / METRES_PER_DEGREE, 90)
    across, _ = _metres_per_degree(rounded_latitude)
    return rounded_latitude, _to_grid(longitude, metres / across, 180)


def box_around(
    latitude: float, longitude: float, metres: float
) -> tuple[float, float, float, float]:
    """South, west, north and east of the square round a point, `metres` away on each side."""
    of_longitude, of_latitude = _metres_per_degree(latitude)
    high, wide = metres / of_latitude, metres / of_longitude
    return latitude - high, longitude - wide, latitude + high, longitude + wide


def distance_metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two near points (latitude, longitude) are from each other."""
    of_longitude, of_latitude = _metres_per_degree(one[0])
    return hypot((other[0] - one[0]) * of_latitude, (other[1] - one[1]) * of_longitude)


def simplify(geometries: Sequence[BaseGeometry], metres: float) -> list[BaseGeometry]:
    """Outlines with less detail for the browser, neighbours still sharing their borders.

    Triangles of up to `metres` squared are cut off corner by corner (Visvalingam & Whyatt 1993)
    over all areas at once, so no gaps open between them; five decimals (a metre) are kept.
    Raises Invalid below 0 metres.
    """
    if not 0 <= metres < inf:
        raise Invalid({"metres": "out_of_range"})
    if not geometries:
        return []
    _, south, _, north = shapely.total_bounds(list(geometries))
    scale = _metres_per_degree((south + north) / 2)
    flat = shapely.transform(list(geometries), lambda points: points * scale)
    simpler = shapely.coverage_simplify(flat, metres)
    return list(shapely.transform(simpler, lambda points: np.round(points / scale, 5)))


def _metres_per_degree(latitude: float) -> tuple[float, float]:
    """Length of a degree of longitude and of latitude at a latitude."""
    return METRES_PER_DEGREE * max(cos(radians(latitude)), _LEAST_COSINE), METRES_PER_DEGREE


def _to_grid(degrees: float, step: float, limit: float) -> float:
    """The nearest multiple of a step, within ± limit, to about a centimetre."""
    return round(max(-limit, min(limit, round(degrees / step) * step)), 7)
