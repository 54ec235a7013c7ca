"""Points in areas, on small drawn squares."""

from math import cos, hypot, inf, nan, radians

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from feedback.domain.errors import Invalid
from feedback.domain.geography import (
    METRES_PER_DEGREE,
    AreaIndex,
    AreaShape,
    Located,
    box_around,
    check_coordinates,
    distance_metres,
    round_point,
    simplify,
)

# Two neighbours share the edge at longitude 107.6; an island lies a bit to the east of them.
WEST = AreaShape(7, shapely.box(107.5, 16.4, 107.6, 16.5))
EAST = AreaShape(3, shapely.box(107.6, 16.4, 107.7, 16.5))
ISLAND = AreaShape(9, shapely.box(107.71, 16.4, 107.72, 16.5))
CITY = AreaIndex([WEST, EAST, ISLAND])


def metres_apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two near points (latitude, longitude) in metres."""
    across = (a[1] - b[1]) * cos(radians(a[0])) * METRES_PER_DEGREE
    return hypot(across, (a[0] - b[0]) * METRES_PER_DEGREE)


@pytest.mark.parametrize(
    ("latitude", "longitude", "area_id"),
    [
        (16.45, 107.55, 7),
        (16.45, 107.65, 3),
        (16.45, 107.715, 9),
        (16.45, 107.5, 7),  # on an outer edge
        (16.45, 107.6, 3),  # on the edge of two: the lowest id
        (16.5, 107.6, 3),  # on a corner of two
    ],
)
def test_a_point_in_an_area_or_on_its_edge_is_exact(
    latitude: float, longitude: float, area_id: int
) -> None:
    assert CITY.locate(latitude, longitude, 0) == Located(area_id, 0.0, exact=True)


def test_a_point_just_off_every_area_takes_the_nearest() -> None:
    located = CITY.locate(16.503, 107.55, 500)
    assert located is not None
    assert (located.area_id, located.exact) == (7, False)
    assert located.distance_metres == pytest.approx(333.59, abs=0.01)  # 0.003° of latitude


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude() -> None:
    located = CITY.locate(16.45, 107.496, 500)
    assert located is not None
    assert located.distance_metres == pytest.approx(444.78 * cos(radians(16.45)), abs=0.01)
    north = AreaIndex(
        [AreaShape(1, shapely.box(10, 60, 11, 61)), AreaShape(2, shapely.box(10, 58, 11, 59.998))]
    )
    # at 60° half as long: 0.003° east of the first is nearer than 0.002° north of the second
    located = north.locate(60.0, 11.003, 500)
    assert located is not None
    assert located.area_id == 1


def test_a_point_beyond_the_distance_belongs_to_no_area() -> None:
    assert CITY.locate(16.503, 107.55, 333) is None
    assert CITY.locate(16.503, 107.55, 334) is not None
    assert CITY.locate(16.503, 107.55, 0) is None
    assert CITY.locate(0, 0, 500) is None


def test_of_two_areas_equally_near_the_lowest_id_holds_the_point() -> None:
    assert CITY.locate(16.501, 107.6, 500) == CITY.locate(16.501, 107.6, 5000)
    located = CITY.locate(16.501, 107.6, 500)
    assert located is not None
    assert located.area_id == 3


def test_a_hole_is_not_inside() -> None:
    ring = WEST.geometry.difference(shapely.box(107.54, 16.44, 107.56, 16.46))
    inner = AreaShape(8, shapely.box(107.54, 16.44, 107.56, 16.46))
    located = AreaIndex([AreaShape(7, ring), inner]).locate(16.45, 107.55, 0)
    assert located == Located(8, 0.0, exact=True)


def test_an_empty_city_holds_nothing() -> None:
    assert AreaIndex([]).locate(16.45, 107.55, 500) is None
    assert len(AreaIndex([])) == 0
    assert len(CITY) == 3


@pytest.mark.parametrize(
    ("latitude", "longitude", "fields"),
    [
        (90.01, 0, {"latitude"}),
        (-91, 0, {"latitude"}),
        (0, 180.5, {"longitude"}),
        (nan, 0, {"latitude"}),
        (0, inf, {"longitude"}),
        (107.6, 216.4, {"latitude", "longitude"}),
    ],
)
def test_coordinates_that_are_no_place_are_refused(
    latitude: float, longitude: float, fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        check_coordinates(latitude, longitude)
    assert set(refused.value.fields) == fields
    with pytest.raises(Invalid):
        CITY.locate(latitude, longitude, 500)
    with pytest.raises(Invalid):
        round_point(latitude, longitude, 100)


@pytest.mark.parametrize("metres", [-1, nan, inf])
def test_distances_that_are_none_are_refused(metres: float) -> None:
    with pytest.raises(Invalid):
        CITY.locate(16.45, 107.55, metres)
    with pytest.raises(Invalid):
        round_point(16.45, 107.55, metres)
    with pytest.raises(Invalid):
        simplify([WEST.geometry], metres)


def test_rounding_to_no_distance_is_refused() -> None:
    with pytest.raises(Invalid):
        round_point(16.45, 107.55, 0)


latitudes = st.floats(16.38, 16.52)
longitudes = st.floats(107.48, 107.74)


@given(latitudes, longitudes)
def test_the_order_in_which_areas_are_given_never_matters(
    latitude: float, longitude: float
) -> None:
    other = AreaIndex([ISLAND, EAST, WEST])
    assert CITY.locate(latitude, longitude, 800) == other.locate(latitude, longitude, 800)


@given(latitudes, longitudes)
def test_a_point_takes_the_area_that_is_nearest_when_looking_at_each(
    latitude: float, longitude: float
) -> None:
    distances = {}
    for shape in (WEST, EAST, ISLAND):
        west, south, east, north = shape.geometry.bounds
        nearest = (min(max(latitude, south), north), min(max(longitude, west), east))
        distances[shape.area_id] = metres_apart((latitude, longitude), nearest)
    located = CITY.locate(latitude, longitude, 800)
    if located is None:
        assert min(distances.values()) > 799.99
    else:
        assert located.distance_metres == pytest.approx(min(distances.values()), abs=0.01)
        assert distances[located.area_id] == pytest.approx(located.distance_metres, abs=0.01)


@given(st.floats(-80, 80), st.floats(-180, 180), st.integers(10, 1000))
def test_a_rounded_point_is_near_and_stays_where_it_is(
    latitude: float, longitude: float, metres: int
) -> None:
    rounded = round_point(latitude, longitude, metres)
    assert metres_apart(rounded, (latitude, longitude)) <= metres * 0.7072 + 0.02
    assert round_point(*rounded, metres) == rounded


def test_neighbours_a_few_metres_apart_show_the_same_rounded_point() -> None:
    assert round_point(16.46370, 107.59090, 100) == round_point(16.46372, 107.59088, 100)


@pytest.mark.parametrize("corner", [(90, 180), (-90, -180), (90, 0)])
def test_rounding_never_leaves_the_earth(corner: tuple[float, float]) -> None:
    check_coordinates(*round_point(*corner, 5000))


def wavy_pair() -> list[BaseGeometry]:
    """Two neighbours whose common border has many small teeth of about ten metres."""
    border = [(107.6 + 0.0001 * (n % 2), 16.4 + 0.001 * n) for n in range(101)]
    west = shapely.Polygon([(107.5, 16.4), *border, (107.5, 16.5)])
    east = shapely.Polygon([(107.7, 16.4), *border, (107.7, 16.5)])
    return [west, east]


def test_simpler_outlines_have_fewer_corners_and_no_gaps() -> None:
    before, after = wavy_pair(), simplify(wavy_pair(), 200)
    assert sum(shapely.get_num_coordinates(after)) < sum(shapely.get_num_coordinates(before)) / 5
    assert shapely.coverage_is_valid(after)
    assert shapely.union_all(after).equals(shapely.box(107.5, 16.4, 107.7, 16.5))


def test_outlines_simplified_by_nothing_stay() -> None:
    [same] = simplify([WEST.geometry], 0)
    assert same.equals(WEST.geometry)
    assert simplify([], 100) == []


def test_the_square_round_a_point_reaches_as_far_on_each_side() -> None:
    south, west, north, east = box_around(16.47, 107.58, 300)
    for corner in ((south, 107.58), (north, 107.58), (16.47, west), (16.47, east)):
        assert distance_metres((16.47, 107.58), corner) == pytest.approx(300, abs=0.1)


def test_distances_are_true_metres() -> None:
    assert distance_metres((16.47, 107.58), (16.471, 107.58)) == pytest.approx(111.19, abs=0.01)
    assert distance_metres((16.47, 107.58), (16.47, 107.581)) == pytest.approx(106.63, abs=0.05)
    assert distance_metres((16.47, 107.58), (16.47, 107.58)) == 0
