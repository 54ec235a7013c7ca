"""Selects that have a rule in them."""

from datetime import date

import pytest

from feedback.operations.transaction import reading
from feedback.storage.queries import accounts, places, units
from tests.factories import create_unit

pytestmark = pytest.mark.usefixtures("app_context")


def test_a_unit_can_be_chosen_on_its_first_and_its_last_day() -> None:
    unit = create_unit(valid_from=date(2025, 7, 1), valid_to=date(2026, 6, 30))
    with reading() as session:
        for day, exists in (
            (date(2025, 6, 30), False),
            (date(2025, 7, 1), True),
            (date(2026, 6, 30), True),
            (date(2026, 7, 1), False),
        ):
            assert [found.id for found in units.units_on(session, day)] == [unit.id] * exists


def test_a_number_that_is_no_key_finds_nothing() -> None:
    day = date(2026, 3, 2)
    with reading() as session:
        for number in (-1, 0, 2**31, 2**63, 10**30):
            assert accounts.active(session, number) is None
            assert places.area_on(session, number, day) is None
