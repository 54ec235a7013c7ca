"""What a directory of units, categories, levels and rules answers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.deadlines import ServiceLevelTerms
from feedback.domain.directory import CategoryFacts, Directory, LevelVersion, UnitFacts
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.routing import RoutingRule, choose_rule
from feedback.domain.states import Clock, VisibilityPolicy

DAY = date(2026, 3, 2)
A_DAY = timedelta(days=1)
SINCE = date(2025, 1, 1)
TERMS = ServiceLevelTerms(Clock.WORKING, 240, 7, None, 0, False, True)


def create_unit(
    unit_id: int, *, until: date | None = None, successor_id: int | None = None
) -> UnitFacts:
    """A unit that exists since long ago."""
    return UnitFacts(unit_id, SINCE, until, successor_id)


def create_category(category_id: int, *, group_id: int = 1, until: date | None = None):
    """A category that is open since long ago."""
    return CategoryFacts(category_id, group_id, "usual", VisibilityPolicy.AUTO, SINCE, until)


def create_directory(units=(), categories=(), levels=(), rules=()) -> Directory:
    """A directory of the parts a test cares about."""
    return Directory(units, categories, levels, rules)


def test_a_category_is_open_on_its_last_day_and_not_after_it() -> None:
    directory = create_directory(categories=[create_category(1, until=DAY)])
    assert directory.open_category(1, DAY).id == 1
    for category_id, day in ((1, DAY + A_DAY), (1, SINCE - A_DAY), (2, DAY), (2**80, DAY)):
        with pytest.raises(Invalid) as refused:
            directory.open_category(category_id, day)
        assert refused.value.fields == {"category_id": "unknown_category"}


def test_a_unit_exists_on_its_last_day_and_not_after_it() -> None:
    directory = create_directory([create_unit(1, until=DAY)])
    assert directory.unit_exists(1, DAY)
    assert not directory.unit_exists(1, DAY + A_DAY)
    assert not directory.unit_exists(1, SINCE - A_DAY)
    assert not directory.unit_exists(9, DAY)
    with pytest.raises(Invalid):
        directory.unit(9)


def test_work_goes_to_whoever_succeeded_a_dissolved_unit() -> None:
    directory = create_directory(
        [
            create_unit(1, until=DAY - A_DAY, successor_id=2),
            create_unit(2, until=DAY - A_DAY, successor_id=3),
            create_unit(3),
        ]
    )
    assert [directory.successor_in_force(n, DAY) for n in (1, 2, 3)] == [3, 3, 3]
    assert directory.successor_in_force(1, DAY - A_DAY) == 1


@pytest.mark.parametrize("successor_id", [None, 1, 2])
def test_without_a_successor_in_force_there_is_nobody(successor_id: int | None) -> None:
    ended = DAY - A_DAY
    directory = create_directory(
        [create_unit(1, until=ended, successor_id=successor_id), create_unit(2, until=ended)]
    )
    with pytest.raises(Conflict) as refused:
        directory.successor_in_force(1, DAY)
    assert refused.value.code == "no_successor"


def test_the_level_in_force_is_the_latest_that_has_begun() -> None:
    levels = [
        LevelVersion(3, "usual", DAY + A_DAY, TERMS),
        LevelVersion(2, "usual", DAY, TERMS),
        LevelVersion(1, "usual", SINCE, TERMS),
        LevelVersion(4, "other", DAY, TERMS),
    ]
    directory = create_directory(levels=levels)
    days = (SINCE, DAY - A_DAY, DAY, DAY + A_DAY)
    assert [directory.level_in_force("usual", day).id for day in days] == [1, 1, 2, 3]
    assert directory.level(4).service_level_code == "other"
    for code, day in (("usual", SINCE - A_DAY), ("none", DAY)):
        with pytest.raises(Conflict) as refused:
            directory.level_in_force(code, day)
        assert refused.value.code == "nothing_promised"


conditions = st.sampled_from([(None, None), (1, None), (2, None), (None, 1), (None, 2)])
rules = st.builds(
    lambda rule_id, condition, area_id, unit_id, start: RoutingRule(
        rule_id, *condition, area_id, unit_id, SINCE + start * A_DAY, None
    ),
    st.integers(1, 10**6),
    conditions,
    st.sampled_from([None, 1, 2]),
    st.sampled_from([1, 2]),
    st.integers(0, 3),
)


@given(
    st.lists(rules, max_size=20, unique_by=lambda rule: rule.id),
    st.sampled_from([(1, 1), (2, 1), (3, 2)]),
    st.sampled_from([None, 1, 2, 3]),
)
def test_looking_a_rule_up_chooses_among_all_of_them(
    of_city: list[RoutingRule], category: tuple[int, int], area_id: int | None
) -> None:
    category_id, group_id = category
    directory = create_directory([create_unit(1), create_unit(2, until=DAY - A_DAY)], rules=of_city)
    assert directory.rule_for(
        create_category(category_id, group_id=group_id), area_id, DAY
    ) == choose_rule(
        of_city,
        category_id=category_id,
        category_group_id=group_id,
        area_id=area_id,
        on=DAY,
        unit_exists=lambda unit_id, _day: unit_id == 1,
    )
