"""Whoever changes reference data raises its version, without being asked to."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from config import Settings
from feedback.app import create_app
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import (
    Area,
    CalendarBlock,
    CalendarDay,
    Category,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from feedback.storage.queries import versions
from tests.factories import (
    create_account,
    create_area,
    create_case,
    create_category,
    create_rule,
    create_unit,
    create_working_week,
    the_city,
)

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture(autouse=True)
def a_city(app_context: None) -> None:
    """A city with one of each kind of reference data."""
    create_working_week()
    create_area()
    create_rule(create_unit(), category=create_category())


def raised_by(change: Callable[[Session], None]) -> set[str]:
    """Which versions a change raises."""
    with reading() as session:
        before = versions.current(session)
    with transaction(the_city()) as session:
        change(session)
    with reading() as session:
        after = versions.current(session)
    return {name for name in after if after[name] > before[name]}


CHANGES: list[tuple[Callable[[Session], object], str]] = [
    (lambda s: s.add(CalendarBlock(weekday=5, start_minute=1, end_minute=2)), versions.CALENDAR),
    (
        lambda s: s.add(CalendarDay(day=date(2026, 9, 2), kind="x", blocks=[], name="", source="")),
        versions.CALENDAR,
    ),
    (lambda s: setattr(s.query(Unit).one(), "valid_to", date(2026, 1, 1)), versions.DIRECTORY),
    (lambda s: setattr(s.query(Category).one(), "name_vi", "Khác"), versions.DIRECTORY),
    (lambda s: setattr(s.query(ServiceLevel).one(), "resolve_days", 3), versions.DIRECTORY),
    (lambda s: s.delete(s.query(RoutingRule).one()), versions.DIRECTORY),
    (lambda s: setattr(s.query(Area).one(), "name", "Khác"), versions.AREAS),
    (lambda s: s.execute(update(Unit).values(name="Khác")), versions.DIRECTORY),
    (lambda s: s.execute(delete(RoutingRule)), versions.DIRECTORY),
    (lambda s: s.query(CalendarBlock).delete(), versions.CALENDAR),
]


@pytest.mark.parametrize(("change", "name"), CHANGES)
def test_a_change_of_reference_data_raises_its_version(
    change: Callable[[Session], None], name: str
) -> None:
    assert raised_by(change) == {name}


def test_what_only_looks_like_a_change_raises_nothing() -> None:
    assert raised_by(lambda s: setattr(s.query(Unit).one(), "valid_to", None)) == set()


def test_the_work_on_reports_raises_nothing() -> None:
    with reading() as session:
        before = versions.current(session)
        unit, category = session.query(Unit).one(), session.query(Category).one()
        session.expunge_all()
    create_case(unit, category=category, handler=create_account(unit=unit))
    with reading() as session:
        assert versions.current(session) == before


def test_one_change_counts_once_however_many_applications_the_process_has_made(
    settings: Settings,
) -> None:
    for _ in range(3):
        create_app(settings)
    with reading() as session:
        before = versions.current(session)[versions.DIRECTORY]
    with transaction(the_city()) as session:
        session.query(Unit).one().name = "Khác"
    with reading() as session:
        assert versions.current(session)[versions.DIRECTORY] == before + 1
