"""The choice of a routing rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.errors import Invalid
from feedback.domain.routing import RoutingRule, choose_rule, ranked

DAY = date(2025, 7, 1)
RUBBISH, LIGHTS, ENVIRONMENT, PHU_XUAN, THUAN_HOA = 11, 12, 1, 21, 22


def create_rule(
    rule_id: int = 1,
    *,
    category_id: int | None = None,
    category_group_id: int | None = None,
    area_id: int | None = None,
    unit_id: int = 100,
    valid_from: date = date(2025, 1, 1),
    valid_to: date | None = None,
) -> RoutingRule:
    """A rule for everything, everywhere, unless told otherwise."""
    return RoutingRule(
        rule_id, category_id, category_group_id, area_id, unit_id, valid_from, valid_to
    )


def choose(
    rules: Iterable[RoutingRule],
    category: int | None,
    group: int | None,
    area: int | None,
    on: date = DAY,
) -> RoutingRule | None:
    """The chosen rule while every unit exists."""
    return choose_rule(
        rules,
        category_id=category,
        category_group_id=group,
        area_id=area,
        on=on,
        unit_exists=always,
    )


def always(unit_id: int, on: date) -> bool:
    """Every unit exists."""
    return True


MOST_SPECIFIC_FIRST = [
    create_rule(1, category_id=RUBBISH, area_id=PHU_XUAN),
    create_rule(2, category_id=RUBBISH),
    create_rule(3, category_group_id=ENVIRONMENT, area_id=PHU_XUAN),
    create_rule(4, category_group_id=ENVIRONMENT),
    create_rule(5, area_id=PHU_XUAN),
    create_rule(6),
]


@pytest.mark.parametrize("left_out", range(6))
def test_the_most_specific_of_the_rules_left_wins(left_out: int) -> None:
    rules = MOST_SPECIFIC_FIRST[left_out:]
    chosen = choose(reversed(rules), RUBBISH, ENVIRONMENT, PHU_XUAN)
    assert chosen == rules[0]


@pytest.mark.parametrize(
    ("category", "group", "area", "rule_id"),
    [
        (RUBBISH, ENVIRONMENT, PHU_XUAN, 1),
        (RUBBISH, ENVIRONMENT, THUAN_HOA, 2),
        (RUBBISH, ENVIRONMENT, None, 2),  # an unknown place
        (LIGHTS, ENVIRONMENT, PHU_XUAN, 3),
        (LIGHTS, ENVIRONMENT, THUAN_HOA, 4),
        (LIGHTS, 2, PHU_XUAN, 5),
        (None, None, PHU_XUAN, 5),  # "don't know" what it is
        (None, None, None, 6),
    ],
)
def test_a_rule_is_chosen_by_category_group_and_area(
    category: int | None, group: int | None, area: int | None, rule_id: int
) -> None:
    chosen = choose(MOST_SPECIFIC_FIRST, category, group, area)
    assert chosen is not None
    assert chosen.id == rule_id


def test_no_rule_leaves_the_choice_to_a_dispatcher() -> None:
    rules = [create_rule(category_id=RUBBISH)]
    assert choose(rules, LIGHTS, ENVIRONMENT, PHU_XUAN) is None
    assert choose(rules, None, None, PHU_XUAN) is None
    assert choose([], RUBBISH, ENVIRONMENT, PHU_XUAN) is None


@pytest.mark.parametrize(
    ("on", "rule_id"),
    [
        (date(2025, 6, 30), 1),
        (date(2025, 7, 1), 2),  # both bounds count
        (date(2025, 12, 31), 2),
        (date(2026, 1, 1), None),
    ],
)
def test_rules_speak_only_from_their_first_day_to_their_last(on: date, rule_id: int | None) -> None:
    rules = [
        create_rule(1, valid_to=date(2025, 6, 30)),
        create_rule(2, valid_from=date(2025, 7, 1), valid_to=date(2025, 12, 31)),
    ]
    chosen = choose(rules, RUBBISH, ENVIRONMENT, PHU_XUAN, on)
    assert (chosen.id if chosen else None) == rule_id


def test_a_rule_to_a_dissolved_unit_is_passed_over() -> None:
    rules = [create_rule(1, category_id=RUBBISH, unit_id=7), create_rule(2, unit_id=8)]
    chosen = choose_rule(
        rules,
        category_id=RUBBISH,
        category_group_id=ENVIRONMENT,
        area_id=PHU_XUAN,
        on=DAY,
        unit_exists=lambda unit, on: unit == 8 and on == DAY,
    )
    assert chosen == rules[1]


def test_a_newer_rule_replaces_an_older_equal_one_and_then_the_lowest_id_wins() -> None:
    old = create_rule(1, valid_from=date(2025, 1, 1))
    new = create_rule(3, valid_from=date(2025, 6, 1))
    twin = create_rule(2, valid_from=date(2025, 6, 1))
    assert choose([old, new], None, None, None) == new
    assert choose([old, new, twin], None, None, None) == twin


def test_a_rule_for_a_category_and_a_group_is_refused() -> None:
    with pytest.raises(Invalid):
        create_rule(category_id=RUBBISH, category_group_id=ENVIRONMENT)


def test_a_rule_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Invalid):
        create_rule(valid_from=date(2025, 7, 1), valid_to=date(2025, 6, 30))


small = st.none() | st.integers(1, 2)
days = st.dates(date(2025, 1, 1), date(2025, 1, 10))


@dataclass(frozen=True)
class Question:
    """What a choice is made for."""

    category: int | None
    group: int | None
    area: int | None
    on: date
    existing: frozenset[int]

    def answer(self, rules: Iterable[RoutingRule]) -> RoutingRule | None:
        """The chosen rule."""
        return choose_rule(
            rules,
            category_id=self.category,
            category_group_id=self.group,
            area_id=self.area,
            on=self.on,
            unit_exists=lambda unit, _on: unit in self.existing,
        )


@st.composite
def rule_lists(draw: st.DrawFn) -> list[RoutingRule]:
    """Rules with different ids over a small world."""
    rules = []
    for rule_id in range(1, draw(st.integers(0, 12)) + 1):
        category, group = draw(st.sampled_from([(None, None), (1, None), (2, None), (None, 1)]))
        start, end = sorted((draw(days), draw(days)))
        rules.append(
            create_rule(
                rule_id,
                category_id=category,
                category_group_id=group,
                area_id=draw(small),
                unit_id=draw(st.integers(1, 3)),
                valid_from=start,
                valid_to=draw(st.sampled_from([None, end])),
            )
        )
    return rules


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A report somewhere about something, and the units that exist."""
    existing = draw(st.sets(st.integers(1, 3)))
    return Question(draw(small), draw(small), draw(small), draw(days), frozenset(existing))


@given(rule_lists(), questions(), st.randoms(use_true_random=False))
def test_the_order_of_the_rules_never_matters(
    rules: list[RoutingRule], asked: Question, random: Random
) -> None:
    shuffled = random.sample(rules, len(rules))
    assert asked.answer(rules) == asked.answer(shuffled)


@given(rule_lists(), questions())
def test_the_chosen_rule_is_the_first_met_when_going_from_special_to_general(
    rules: list[RoutingRule], asked: Question
) -> None:
    assert asked.answer(rules) == first_met(rules, asked)


def first_met(rules: list[RoutingRule], asked: Question) -> RoutingRule | None:
    """Look for exactly each kind of rule, the most specific kind first."""
    alive = [
        rule
        for rule in rules
        if rule.unit_id in asked.existing
        and rule.valid_from <= asked.on
        and (rule.valid_to is None or rule.valid_to >= asked.on)
    ]
    newest_first = sorted(alive, key=lambda rule: (-rule.valid_from.toordinal(), rule.id))
    named = [(asked.category, None), (None, asked.group)]
    subjects = [subject for subject in named if any(subject)]
    for (category, group), area in product([*subjects, (None, None)], (asked.area, None)):
        wanted = (category, group, area)
        for rule in newest_first:
            if (rule.category_id, rule.category_group_id, rule.area_id) == wanted:
                return rule
    return None


def test_all_rules_that_speak_of_a_report_are_told_in_their_order() -> None:
    anything = create_rule(1, unit_id=1)
    gone = create_rule(2, category_id=7, area_id=5, unit_id=2)
    category = create_rule(3, category_id=7, unit_id=3)
    stranger = create_rule(4, category_id=8, unit_id=4)
    told = ranked(
        [anything, gone, category, stranger],
        category_id=7,
        category_group_id=1,
        area_id=5,
        on=DAY,
        unit_exists=lambda unit_id, _day: unit_id != 2,
    )
    assert told == [(category, True), (anything, True), (gone, False)]
