"""The demo city's facts: calendar, units, categories, rules, accounts."""

from datetime import date

import pytest
from sqlalchemy import select

from feedback.demo.reference import write_reference
from feedback.demo.staff import login_of, write_accounts
from feedback.domain.calendar import Calendar
from feedback.domain.states import Clock, Role, UnitKind, VisibilityPolicy
from feedback.operations.reference import Reference, working_calendar
from feedback.operations.transaction import reading
from feedback.storage.models import (
    Account,
    CalendarDay,
    Category,
    CategoryGroup,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from feedback.storage.queries import categories, units
from tests.factories import MONDAY, the_city

pytestmark = pytest.mark.usefixtures("facts")
TODAY = date(2026, 11, 20)


@pytest.fixture
def facts(app_context: None) -> None:
    """The facts of the demo city in this test's database."""
    write_reference(the_city())


@pytest.fixture
def calendar(facts: None) -> Calendar:
    """The working calendar of the demo city."""
    with reading() as session:
        return working_calendar(session, the_city())


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 1, 24), True),  # the last day before Tết Ất Tỵ
        (date(2025, 1, 27), False),
        (date(2025, 1, 31), False),
        (date(2025, 2, 3), True),
        (date(2025, 4, 26), True),  # a Saturday, for Friday 2 May
        (date(2025, 5, 2), False),
        (date(2025, 9, 1), False),
        (date(2025, 9, 2), False),
        (date(2025, 9, 3), True),
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),  # a Saturday, for Friday 2 January
        (date(2026, 2, 13), True),  # the last day before Tết Bính Ngọ
        (date(2026, 2, 16), False),
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),  # in lieu of a Sunday
        (date(2026, 8, 22), True),  # a Saturday, for Monday 31 August
        (date(2026, 8, 31), False),
        (date(2026, 9, 2), False),
        (date(2026, 9, 3), True),
        (date(2026, 11, 21), False),  # any Saturday
        (date(2027, 2, 4), False),
        (date(2027, 2, 10), False),
        (date(2027, 2, 11), True),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_calendar_knows_holidays_and_swaps(calendar: Calendar, day: date, worked: bool) -> None:
    assert calendar.is_working_day(day) is worked


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_ordinary_day_has_two_blocks_as_has_a_swapped_in_one(calendar: Calendar) -> None:
    hours = [(block.start_minute, block.end_minute) for block in calendar.blocks_on(TODAY)]
    assert hours == [(450, 690), (810, 1020)]
    assert calendar.blocks_on(date(2026, 1, 10)) == calendar.blocks_on(TODAY)


def test_every_exceptional_day_names_its_source_and_next_year_is_a_proposal() -> None:
    with reading() as session:
        days = session.scalars(select(CalendarDay)).all()
        assert all(day.name and day.source for day in days)
        tet = next(day for day in days if day.day == date(2027, 2, 6))
        assert "Dự kiến" in tet.source


def test_there_are_units_of_three_kinds_and_a_dissolved_one_has_a_successor() -> None:
    with reading() as session:
        units = session.scalars(select(Unit)).all()
        assert {unit.kind for unit in units} == set(UnitKind)
        assert 28 <= len(units) <= 34
        dissolved = [unit for unit in units if unit.valid_to and unit.valid_to < TODAY]
        assert dissolved
        assert all(unit.successor_id for unit in dissolved)


def test_there_are_24_categories_in_seven_groups_with_folded_keywords() -> None:
    with reading() as session:
        found = categories.categories_on(session, TODAY)
        assert len(found) == 24
        assert len(session.scalars(select(CategoryGroup)).all()) == 7
        assert all(row.keywords and row.keywords.isascii() for row in found)
        assert {row.visibility_policy for row in found} == set(VisibilityPolicy)


def test_every_category_names_a_level_in_force_and_the_levels_differ() -> None:
    with reading() as session:
        directory = Reference(session, the_city()).directory
        for row in session.scalars(select(Category)):
            assert directory.level_in_force(row.service_level_code, TODAY)
        levels = session.scalars(select(ServiceLevel)).all()
        assert {level.clock for level in levels} == set(Clock)
        assert any(level.approval_needed for level in levels)
        assert any(not level.evidence_needed for level in levels)
        assert {level.resolve_days for level in levels} >= {3, 7}


def test_every_rule_leads_to_a_unit_in_force() -> None:
    with reading() as session:
        rules = session.scalars(select(RoutingRule)).all()
        assert rules
        directory = Reference(session, the_city()).directory
        assert all(directory.unit_exists(rule.unit_id, TODAY) for rule in rules)


def test_some_categories_have_no_rule_anywhere_so_that_dispatchers_have_work() -> None:
    with reading() as session:
        rules = session.scalars(select(RoutingRule)).all()
        without = [
            row.code
            for row in categories.categories_on(session, TODAY)
            if not any(
                rule.category_id == row.id or rule.category_group_id == row.group_id
                for rule in rules
            )
        ]
        assert without == ["thai-do-phuc-vu"]


def test_every_unit_in_force_has_a_head_and_handlers() -> None:
    write_accounts(the_city(), seed=1, now=MONDAY)
    with reading() as session:
        accounts = session.scalars(select(Account)).all()
        roles = {(account.unit_id, account.role) for account in accounts}
        in_force = units.units_on(session, TODAY)
        assert {account.role for account in accounts} == set(Role)
        for unit in in_force:
            assert {(unit.id, Role.HEAD), (unit.id, Role.HANDLER)} <= roles
        assert len({login_of(unit) for unit in in_force}) == len(in_force)
