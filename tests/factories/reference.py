"""What reports are routed and timed by: areas, units, categories, levels, rules, the week."""

from datetime import date
from typing import Any

from shapely import to_geojson
from shapely.geometry import box

from feedback.domain.states import Clock, UnitKind, VisibilityPolicy
from feedback.domain.text import fold
from feedback.operations.transaction import transaction
from feedback.storage.models import (
    Area,
    CalendarBlock,
    Category,
    CategoryGroup,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from tests.factories.base import LONG_AGO, numbers, saved, the_city


def create_working_week() -> None:
    """Monday to Friday, 07:30–11:30 and 13:00–17:00, without holidays."""
    with transaction(the_city()) as session:
        for weekday in range(5):
            for start, end in ((450, 690), (780, 1020)):
                session.add(CalendarBlock(weekday=weekday, start_minute=start, end_minute=end))


def create_area(
    name: str = "Phú Xuân",
    *,
    corners: tuple[float, float, float, float] = (107.5, 16.4, 107.6, 16.5),
) -> Area:
    """A ward as a rectangle: west, south, east, north in degrees."""
    area = Area(
        official_code=f"{next(numbers):05d}",
        name=name,
        full_name=f"Phường {name}",
        name_en=f"{fold(name).title()} Ward",
        folded_name=fold(name),
        kind="ward",
        valid_from=LONG_AGO,
        geometry=to_geojson(box(*corners)),
        approximate=True,
        source="drawn for a test",
    )
    return saved(area)


def create_unit(
    name: str = "Công ty Môi trường đô thị",
    *,
    short_name: str = "HEPCO",
    kind: UnitKind = UnitKind.UTILITY,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
    successor: Unit | None = None,
) -> Unit:
    """A unit that handles reports."""
    return saved(
        Unit(
            code=f"unit-{next(numbers)}",
            name=name,
            short_name=short_name,
            name_en=f"{name} (en)",
            kind=kind,
            valid_from=valid_from,
            valid_to=valid_to,
            successor_id=successor.id if successor else None,
        )
    )


def create_service_level(
    *,
    clock: Clock = Clock.WORKING,
    resolve_days: int | None = 7,
    resolve_minutes: int | None = None,
    approval_needed: bool = False,
    evidence_needed: bool = True,
    waiting_limit_minutes: int = 5 * 480,
) -> ServiceLevel:
    """A promise; by default 7 working days, with evidence, without approval."""
    number = next(numbers)
    return saved(
        ServiceLevel(
            code=f"level-{number}",
            valid_from=LONG_AGO,
            name_vi=f"Mức {number}",
            name_en=f"Level {number}",
            clock=clock,
            accept_minutes=240,
            resolve_days=resolve_days,
            resolve_minutes=resolve_minutes,
            waiting_limit_minutes=waiting_limit_minutes,
            approval_needed=approval_needed,
            evidence_needed=evidence_needed,
        )
    )


def create_category_group(name: str = "Môi trường", *, name_en: str = "") -> CategoryGroup:
    """A heading of categories."""
    number = next(numbers)
    name_en = name_en or f"{name} (en)"
    return saved(
        CategoryGroup(code=f"group-{number}", name_vi=name, name_en=name_en, position=number)
    )


def create_category(
    name: str = "Rác thải",
    *,
    name_en: str = "Rubbish",
    group: CategoryGroup | None = None,
    level: ServiceLevel | None = None,
    visibility_policy: VisibilityPolicy = VisibilityPolicy.AUTO,
    rounds_point: bool = False,
    keywords: str = "",
    **of_level: Any,
) -> Category:
    """A category; `of_level` goes to `create_service_level` when no `level` is given."""
    number = next(numbers)
    return saved(
        Category(
            group_id=(group or create_category_group()).id,
            code=f"category-{number}",
            name_vi=name,
            name_en=name_en,
            keywords=keywords or fold(name),
            visibility_policy=visibility_policy,
            rounds_point=rounds_point,
            service_level_code=(level or create_service_level(**of_level)).code,
            position=number,
            valid_from=LONG_AGO,
        )
    )


def create_rule(
    unit: Unit,
    *,
    category: Category | None = None,
    group: CategoryGroup | None = None,
    area: Area | None = None,
) -> RoutingRule:
    """A rule that sends reports to a unit; without conditions it sends all of them."""
    return saved(
        RoutingRule(
            category_id=category.id if category else None,
            category_group_id=group.id if group else None,
            area_id=area.id if area else None,
            unit_id=unit.id,
            valid_from=LONG_AGO,
        )
    )
