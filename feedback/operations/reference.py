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
from feedback.domain.directory import CategoryFacts, Directory, LevelVersion, UnitFacts
from feedback.domain.geography import AreaIndex, AreasInTime, simplify
from feedback.domain.routing import RoutingRule
from feedback.operations.city import City
from feedback.storage.models import ServiceLevel
from feedback.storage.queries import calendars, directory, places, versions

Value = TypeVar("Value")
DRAWN_METRES = 150.0  # less than a pixel on a phone that shows the whole city
_KEPT = 8  # two of each kind: a process has one city, and at midnight two days of its areas


class Reference:
    """Reference data as one transaction sees it; what was read for its versions is read no more."""

    def __init__(
        self, session: Session, city: City, *, uncommitted: Calendar | None = None
    ) -> None:
        """`uncommitted` is the calendar as this transaction has changed it: used, never kept."""
        self.session = session
        self.city = city
        self._database = str(session.get_bind().engine.url)  # slow to write out, and asked often
        self._versions = versions.current(session)
        self._uncommitted = uncommitted

    @property
    def calendar(self) -> Calendar:
        """The calendar of working time."""
        if self._uncommitted is not None:
            return self._uncommitted
        return self._cached(read_calendar, versions.CALENDAR, self.city.zone)

    @property
    def directory(self) -> Directory:
        """Units, categories, service levels and routing rules."""
        return self._cached(_read_directory, versions.DIRECTORY, None)

    def areas(self, on: date) -> AreaIndex:
        """The areas valid on a day, ready to be asked which of them a point lies in."""
        return self._cached(_read_areas, versions.AREAS, None).on(on)

    def area_features(self, on: date) -> tuple[int, str]:
        """The areas valid on a day as GeoJSON text for the maps, with the version it is of."""
        version = self._versions.get(versions.AREAS, 0)
        return version, self._cached(_draw_areas, versions.AREAS, on)

    def _cached(
        self, read: Callable[[Session, int, Any], Value], name: str, about: Hashable
    ) -> Value:
        version = self._versions.get(name, 0)
        key = (read.__name__, self._database, version, about)
        known: Value | None = _memory.get(key)
        if known is not None:
            return known
        value = _memory[key] = read(self.session, version, about)
        while len(_memory) > _KEPT:
            _memory.popitem(last=False)
        return value


_memory: OrderedDict[Hashable, Any] = OrderedDict()


def working_calendar(session: Session, city: City) -> Calendar:
    """The city's calendar of working time in its current version."""
    return Reference(session, city).calendar


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


def read_calendar(session: Session, version: int, zone: ZoneInfo) -> Calendar:
    """The calendar as its rows say, in the version given, without keeping it in memory."""
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


def _read_directory(session: Session, _version: int, _about: None) -> Directory:
    return Directory(
        units=[
            UnitFacts(row.id, row.valid_from, row.valid_to, row.successor_id)
            for row in directory.units(session)
        ],
        categories=[
            CategoryFacts(
                row.id,
                row.group_id,
                row.service_level_code,
                row.visibility_policy,
                row.valid_from,
                row.valid_to,
            )
            for row in directory.categories(session)
        ],
        levels=[
            LevelVersion(row.id, row.code, row.valid_from, terms_of(row))
            for row in directory.service_levels(session)
        ],
        rules=[
            RoutingRule(
                row.id,
                row.category_id,
                row.category_group_id,
                row.area_id,
                row.unit_id,
                row.valid_from,
                row.valid_to,
            )
            for row in directory.routing_rules(session)
        ],
    )


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


def _read_areas(session: Session, _version: int, _about: None) -> AreasInTime:
    return AreasInTime(places.spans(session))
