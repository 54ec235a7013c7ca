"""The demo city's division into wards."""

from itertools import combinations

import pytest
from shapely import union_all
from shapely.geometry import Point

from feedback.demo import wards
from feedback.domain.area_files import parse_geojson_areas


def test_there_are_forty_wards_with_codes_of_their_own() -> None:
    assert len({ward.code for ward in wards.wards()}) == 40
    assert {ward.kind for ward in wards.wards()} == {"phường", "xã"}
    assert sum(ward.kind == "phường" for ward in wards.wards()) == 21


def test_no_two_wards_overlap() -> None:
    overlaps = [a.intersection(b).area for a, b in combinations(wards.shapes().values(), 2)]
    assert max(overlaps) < 1e-9


def test_the_wards_fill_the_outline_of_the_city() -> None:
    together = union_all(list(wards.shapes().values()))
    assert together.symmetric_difference(wards.outline()).area < 1e-5


@pytest.mark.parametrize("ward", wards.wards(), ids=lambda ward: ward.name_en)
def test_a_wards_people_live_within_it(ward: wards.Ward) -> None:
    latitude, longitude = ward.town
    assert wards.shapes()[ward.code].contains(Point(longitude, latitude))


def test_the_wards_are_a_file_that_can_be_imported() -> None:
    assert len(parse_geojson_areas(wards.geojson())) == 40
