"""Writes the demo city's facts: calendar, areas, units, categories, levels and routing rules."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from feedback.demo import wards
from feedback.demo.data_files import read
from feedback.domain.calendar import DayKind
from feedback.domain.states import Clock, UnitKind, VisibilityPolicy
from feedback.operations.city import City
from feedback.operations.import_areas import import_areas
from feedback.operations.transaction import transaction
from feedback.storage.models import (
    Area,
    CalendarBlock,
    CalendarDay,
    Category,
    CategoryGroup,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from feedback.storage.queries import places

LONG_AGO = date(2020, 1, 1)
WARD_OWN_UNIT = "ward"


def write_reference(city: City) -> None:
    """Write every fact the demo city needs before its first report, into an empty database."""
    import_areas(
        wards.geojson(),
        valid_from=wards.valid_from(),
        approximate=True,
        source=wards.source(),
        city=city,
        now=datetime.combine(wards.valid_from(), time(), city.zone),
    )
    with transaction(city) as session:
        _write_calendar(session)
        units = _write_units(session)
        groups, categories = _write_categories(session)
        areas = {area.official_code: area for area in places.areas_on(session, wards.valid_from())}
        for rule in _rules(units, groups, categories, areas):
            # One by one, so that the numbers people read follow the order of the file.
            session.add(rule)
            session.flush()


def ward_unit_code(ward_code: str) -> str:
    """The code of a ward's own unit."""
    return f"ubnd-{ward_code}"


def _write_calendar(session: Session) -> None:
    calendar = read("calendar")
    blocks = [[_minute(start), _minute(end)] for start, end in calendar["hours"]["blocks"]]
    session.add_all(
        CalendarBlock(weekday=weekday, start_minute=start, end_minute=end)
        for weekday in calendar["hours"]["weekdays"]
        for start, end in blocks
    )
    for kind in (DayKind.HOLIDAY, DayKind.IN_LIEU, DayKind.SWAPPED_IN):
        session.add_all(
            CalendarDay(
                day=day,
                kind=kind.value,
                blocks=blocks if kind is DayKind.SWAPPED_IN else [],
                name=name,
                source=calendar["sources"][source],
            )
            for day, name, source in calendar["days"][kind.value]
        )


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _write_units(session: Session) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for row in [*read("units")["unit"], *_ward_units()]:
        units[row["code"]] = unit = Unit(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            name_en=row["name_en"],
            kind=UnitKind(row["kind"]),
            valid_from=row.get("valid_from", LONG_AGO),
            valid_to=row.get("valid_to"),
        )
        session.add(unit)
        session.flush()
    for row in read("units")["unit"]:
        if "successor" in row:
            units[row["code"]].successor_id = units[row["successor"]].id
    return units


def _ward_units() -> Iterator[dict[str, Any]]:
    """The people's committees of those wards that have one here."""
    for ward in wards.wards():
        if ward.code in read("units")["ward_units"]:
            yield {
                "code": ward_unit_code(ward.code),
                "name": f"Ủy ban nhân dân {ward.kind} {ward.name}",
                "short_name": f"UBND {ward.kind} {ward.name}",
                "name_en": f"{ward.name_en} People's Committee",
                "kind": UnitKind.WARD.value,
                "valid_from": wards.valid_from(),
            }


def _write_categories(
    session: Session,
) -> tuple[dict[str, CategoryGroup], dict[str, Category]]:
    data = read("categories")
    session.add_all(_level(row) for row in data["level"])
    groups: dict[str, CategoryGroup] = {}
    categories: dict[str, Category] = {}
    for position, row in enumerate(data["group"], 1):
        groups[row["code"]] = group = CategoryGroup(
            code=row["code"], name_vi=row["name_vi"], name_en=row["name_en"], position=position
        )
        for place, of_group in enumerate(row["categories"], 1):
            categories[of_group["code"]] = category = _category(of_group, group, place)
            session.add(category)
        session.flush()
    return groups, categories


def _level(row: dict[str, Any]) -> ServiceLevel:
    return ServiceLevel(
        code=row["code"],
        valid_from=LONG_AGO,
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        clock=Clock(row["clock"]),
        accept_minutes=row["accept_minutes"],
        resolve_days=row.get("resolve_days"),
        resolve_minutes=row.get("resolve_minutes"),
        waiting_limit_minutes=row["waiting_limit_minutes"],
        approval_needed=row.get("approval_needed", False),
        evidence_needed=row.get("evidence_needed", True),
    )


def _category(row: dict[str, Any], group: CategoryGroup, position: int) -> Category:
    policy = VisibilityPolicy(row.get("policy", "auto"))
    return Category(
        group=group,
        code=row["code"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        keywords=row["keywords"],
        visibility_policy=policy,
        rounds_point=policy is VisibilityPolicy.REVIEW,
        service_level_code=row["level"],
        position=position,
        valid_from=LONG_AGO,
    )


def _rules(
    units: dict[str, Unit],
    groups: dict[str, CategoryGroup],
    categories: dict[str, Category],
    areas: dict[str, Area],
) -> Iterator[RoutingRule]:
    """The routing rules; one for each ward where the data speaks of zones."""
    for row in read("rules")["rule"]:
        for area, unit in _where(row, units, areas):
            yield RoutingRule(
                category_id=categories[row["category"]].id if "category" in row else None,
                category_group_id=groups[row["group"]].id if "group" in row else None,
                area_id=area.id if area else None,
                unit_id=unit.id,
                valid_from=row.get("valid_from", wards.valid_from()),
                valid_to=None,
            )


def _where(
    row: dict[str, Any], units: dict[str, Unit], areas: dict[str, Area]
) -> Iterable[tuple[Area | None, Unit]]:
    """Area and unit of each rule that a line of the data stands for."""
    if "zones" not in row and row["unit"] != WARD_OWN_UNIT:
        return [(None, units[row["unit"]])]
    found = []
    for ward in wards.wards():
        code = ward_unit_code(ward.code) if row["unit"] == WARD_OWN_UNIT else row["unit"]
        if ward.zone in row["zones"] and code in units:
            found.append((areas[ward.code], units[code]))
    return found
