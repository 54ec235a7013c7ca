"""Reference data in the form the domain reads, kept in memory until its version changes."""

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from shapely import from_geojson, set_precision, to_geojson
from sqlalchemy.orm import Session

from feedback.domain.calendar import Block, Calendar, DayException, DayKind
from feedback.domain.deadlines import ServiceLevelTerms
from feedback.domain.geography import AreaIndex, simplify
from feedback.operations.city import City
from feedback.storage.models import ServiceLevel
from feedback.storage.queries import calendars, places

Value = TypeVar("Value")
DRAWN_METRES = 150.0  # less than a pixel on a phone that shows the whole city
_KEPT = 8  # one of each kind is enough for a process; tests come with several databases


def working_calendar(session: Session, city: City) -> Calendar:
    """The city's calendar of working time in its current version."""
    version = calendars.version(session)
    return _cached(_read_calendar, session, version, city.zone)


def area_index(session: Session, on: date) -> AreaIndex:
    """The areas valid on a day, ready to be asked which of them a point lies in."""
    version = places.version(session)
    return _cached(_read_areas, session, version, on)


def area_features(session: Session, on: date) -> tuple[int, str]:
    """The areas valid on a day as GeoJSON text for the maps, with the version it is of."""
    version = places.version(session)
    return version, _cached(_draw_areas, session, version, on)


def terms_of(level: ServiceLevel) -> ServiceLevelTerms:
    """A stored service level as the plain terms the deadline rules read."""
    return ServiceLevelTerms(
        clock=level.clock,
        accept_minutes=level.accept_minutes,
        resolve_days=level.resolve_days,
        resolve_minutes=level.resolve_minutes,
        waiting_limit_minutes=level.waiting_limit_minutes,
        approval_needed=level.approval_needed,
        evidence_needed=level.evidence_needed,
    )


_memory: OrderedDict[Hashable, Any] = OrderedDict()


def _cached(
    read: Callable[[Session, int, Any], Value], session: Session, version: int, about: Hashable
) -> Value:
    key = (read.__name__, str(session.get_bind().engine.url), version, about)
    known: Value | None = _memory.get(key)
    if known is not None:
        return known
    value = _memory[key] = read(session, version, about)
    while len(_memory) > _KEPT:
        _memory.popitem(last=False)
    return value


def _read_calendar(session: Session, version: int, zone: ZoneInfo) -> Calendar:
    weekly: list[list[Block]] = [[] for _ in range(7)]
    for block in calendars.blocks(session):
        weekly[block.weekday].append(Block(block.start_minute, block.end_minute))
    exceptions = {
        row.day: DayException(
            day=row.day,
            kind=DayKind(row.kind),
            blocks=tuple(Block(start, end) for start, end in row.blocks),
            name=row.name,
            source=row.source,
        )
        for row in calendars.days(session)
    }
    return Calendar(tuple(tuple(sorted(day)) for day in weekly), exceptions, zone, version)


def _draw_areas(session: Session, _version: int, on: date) -> str:
    areas = places.areas_on(session, on)
    shapes = simplify([from_geojson(area.geometry) for area in areas], DRAWN_METRES)
    features = [
        {
            "type": "Feature",
            "properties": {"id": area.id, "name": area.full_name, "approximate": area.approximate},
            "geometry": json.loads(to_geojson(set_precision(shape, 1e-5))),
        }
        for area, shape in zip(areas, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def _read_areas(session: Session, _version: int, on: date) -> AreaIndex:
    return AreaIndex(places.shapes_on(session, on))
