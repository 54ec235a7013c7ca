"""A small city to measure with: one category, one unit, one rule, a square grid of areas."""

from datetime import UTC, date, datetime

from shapely import to_geojson
from shapely.geometry import box
from sqlalchemy.orm import Session

from feedback.domain.states import Clock, UnitKind, VisibilityPolicy
from feedback.storage.models import (
    Area,
    CalendarBlock,
    Category,
    CategoryGroup,
    RoutingRule,
    ServiceLevel,
    Unit,
)

WEST, SOUTH, SIDE, GRID = 107.2, 16.0, 0.08, 7
SINCE = date(2025, 1, 1)
OFFICE_HOURS = ((450, 690), (810, 1020))


def fill(session: Session) -> int:
    """Store the city and return the id of its category."""
    unit = Unit(
        code="u", name="U", short_name="U", name_en="U", kind=UnitKind.OFFICE, valid_from=SINCE
    )
    group = CategoryGroup(code="g", name_vi="g", name_en="g")
    session.add_all([unit, group])
    session.flush()
    level = ServiceLevel(
        code="standard",
        valid_from=SINCE,
        name_vi="s",
        name_en="s",
        clock=Clock.WORKING,
        accept_minutes=480,
        resolve_days=7,
        waiting_limit_minutes=2_000,
    )
    category = Category(
        group_id=group.id,
        code="c",
        name_vi="c",
        name_en="c",
        visibility_policy=VisibilityPolicy.AUTO,
        service_level_code="standard",
        valid_from=SINCE,
    )
    session.add_all([level, category, *areas(), *blocks()])
    session.flush()
    session.add(RoutingRule(category_id=category.id, unit_id=unit.id, valid_from=SINCE))
    session.commit()
    return category.id


def areas() -> list[Area]:
    """A grid of squares that covers the city."""
    squares = [
        box(WEST + x * SIDE, SOUTH + y * SIDE, WEST + (x + 1) * SIDE, SOUTH + (y + 1) * SIDE)
        for x in range(GRID)
        for y in range(GRID)
    ]
    return [
        Area(
            official_code=str(number),
            name=f"A{number}",
            full_name=f"Area {number}",
            name_en=f"Area {number}",
            folded_name=f"a{number}",
            kind="ward",
            valid_from=SINCE,
            geometry=to_geojson(square),
        )
        for number, square in enumerate(squares)
    ]


def blocks() -> list[CalendarBlock]:
    """Two blocks of working time from Monday to Friday."""
    return [
        CalendarBlock(weekday=weekday, start_minute=start, end_minute=end)
        for weekday in range(5)
        for start, end in OFFICE_HOURS
    ]


def now() -> datetime:
    """The moment, as a server reads it."""
    return datetime.now(UTC)
