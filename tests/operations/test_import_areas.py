"""Areas come in from a file, over and over."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from feedback.domain.errors import Invalid
from feedback.operations.import_areas import AreaImport, import_areas
from feedback.operations.reference import Reference
from feedback.operations.transaction import reading
from feedback.storage.models import Area, Report
from feedback.storage.queries import places, versions
from tests.factories import (
    MONDAY,
    create_category,
    create_report,
    create_rule,
    create_unit,
    create_working_week,
    the_city,
)

pytestmark = pytest.mark.usefixtures("app_context")
FIRST, LATER = date(2025, 7, 1), date(2026, 7, 1)
WEST, EAST = (107.5, 16.4, 107.6, 16.5), (107.6, 16.4, 107.7, 16.5)
Corners = tuple[float, float, float, float]


def file_of(**corners: Corners) -> str:
    """A file of rectangles by their codes, each named for its code."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"Phường {code}", "type": "phường"},
            "geometry": {"type": "Polygon", "coordinates": [_ring(box)]},
        }
        for code, box in corners.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _ring(box: Corners) -> list[list[float]]:
    west, south, east, north = box
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def only_area() -> Area:
    with reading() as session:
        return session.scalars(select(Area)).one()


def take(geojson: str, day: date = FIRST, *, approximate: bool = False) -> AreaImport:
    return import_areas(
        geojson,
        valid_from=day,
        approximate=approximate,
        source="a test",
        city=the_city(),
        now=MONDAY,
    )


def in_force(day: date) -> set[str]:
    with reading() as session:
        return {area.official_code for area in places.areas_on(session, day)}


def version() -> int:
    with reading() as session:
        return versions.current(session)[versions.AREAS]


def test_the_areas_of_a_file_are_added_and_found() -> None:
    assert take(file_of(a=WEST, b=EAST)) == AreaImport(2, 0, 0, 0, 0)
    assert in_force(FIRST) == {"a", "b"}
    with reading() as session:
        located = Reference(session, the_city()).areas(FIRST).locate(16.45, 107.65, 0)
        assert located is not None
        assert session.get_one(Area, located.area_id).official_code == "b"


def test_the_same_file_again_changes_nothing() -> None:
    take(file_of(a=WEST, b=EAST))
    before = version()
    assert take(file_of(a=WEST, b=EAST)) == AreaImport(0, 0, 2, 0, 0)
    assert version() == before


def test_real_borders_replace_approximate_ones_and_rules_go_on() -> None:
    take(file_of(a=WEST), approximate=True)
    approximate = only_area()
    unit, category = create_unit(), create_category()
    create_rule(unit, category=category, area=approximate)
    create_working_week()
    assert take(file_of(a=(107.5, 16.4, 107.8, 16.5))) == AreaImport(0, 1, 0, 0, 0)
    receipt = create_report(category=category, place=(16.45, 107.75))
    assert only_area().id == approximate.id
    assert not only_area().approximate
    with reading() as session:
        assert session.get_one(Report, receipt.report_id).unit_id == unit.id


def test_a_later_division_ends_what_it_lacks_and_what_it_renews() -> None:
    take(file_of(a=WEST, b=EAST))
    assert take(file_of(b=WEST, c=EAST), LATER) == AreaImport(2, 0, 0, 2, 0)
    assert in_force(FIRST) == {"a", "b"}
    assert in_force(LATER) == {"b", "c"}


def test_rules_of_ended_areas_are_counted_for_people_to_review() -> None:
    take(file_of(a=WEST))
    create_rule(create_unit(), category=create_category(), area=only_area())
    assert take(file_of(b=WEST), LATER).rules_left_behind == 1


def test_an_area_missing_from_a_corrected_file_is_no_longer_in_force() -> None:
    take(file_of(a=WEST, b=EAST))
    assert take(file_of(a=WEST)) == AreaImport(0, 0, 1, 1, 0)
    assert in_force(FIRST) == {"a"}
    assert take(file_of(a=WEST)) == AreaImport(0, 0, 1, 0, 0)
    assert take(file_of(a=WEST, b=EAST)) == AreaImport(0, 1, 1, 0, 0)
    assert in_force(FIRST) == {"a", "b"}


def test_a_division_older_than_the_known_one_is_refused() -> None:
    take(file_of(a=WEST), LATER)
    with pytest.raises(Invalid) as refusal:
        take(file_of(a=WEST), FIRST)
    assert refusal.value.fields == {"valid_from": "older_than_known_areas"}


def test_a_bad_file_is_refused_whole_with_the_number_of_each_bad_feature() -> None:
    document = json.loads(file_of(a=WEST, b=EAST))
    document["features"][1]["properties"] = {"name": "without a code"}
    with pytest.raises(Invalid) as refusal:
        take(json.dumps(document))
    assert [problem.index for problem in refusal.value.params["problems"]] == [1]
    assert in_force(FIRST) == set()
