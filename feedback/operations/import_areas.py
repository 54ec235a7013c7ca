"""Areas come in from a file: new ones are added, changed ones mended, missing ones ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.area_files import ImportedArea, parse_geojson_areas
from feedback.domain.errors import Invalid
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.text import fold, normalise
from feedback.operations.city import City
from feedback.operations.reference_changes import record_change
from feedback.operations.transaction import transaction
from feedback.storage.models import Area, RoutingRule
from feedback.storage.queries import places


@dataclass(frozen=True, slots=True)
class AreaImport:
    """What an import did, in numbers of areas.

    `rules_left_behind` counts the routing rules in force that name an area the import ended: codes
    are re-used for other places, so only people can say whether a rule goes on.
    """

    added: int
    changed: int
    unchanged: int
    ended: int
    rules_left_behind: int


@dataclass(frozen=True, slots=True)
class AreaPlan:
    """What an import would do or did, by the areas' full names, for people to look at."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    ended: tuple[str, ...]
    rules_left_behind: int


def import_areas(
    geojson: str,
    *,
    valid_from: date,
    approximate: bool,
    source: str,
    city: City,
    now: datetime,
) -> AreaImport:
    """Take over the areas of a GeoJSON text as the city's division from a day on.

    An area is known by (code, valid_from). One that is known is changed in place and keeps its id,
    so that its reports and routing rules stay with it: real borders replace approximate ones this
    way. Areas in force that the file lacks end the day before `valid_from`. The same file again
    changes nothing. Raises Invalid with the problems of the file, or naming `valid_from` when later
    areas are known already.
    """
    found = parse_geojson_areas(geojson)
    facts = {"approximate": approximate, "source": normalise(source)}
    with transaction(city) as session:
        plan = take_over(session, found, valid_from, facts, by=SYSTEM, now=now)
        return AreaImport(
            added=len(plan.added),
            changed=len(plan.changed),
            unchanged=plan.unchanged,
            ended=len(plan.ended),
            rules_left_behind=plan.rules_left_behind,
        )


def take_over(
    session: Session,
    found: Sequence[ImportedArea],
    valid_from: date,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> AreaPlan:
    """The same in the caller's transaction, written down; rolled back, it is a look ahead."""
    _refuse_the_past(session, valid_from)
    known = {
        area.official_code: area
        for area in session.scalars(select(Area).where(Area.valid_from == valid_from))
    }
    older = _in_force_before(session, valid_from)
    added = [area for area in found if area.code not in known]
    session.add_all(
        Area(official_code=area.code, valid_from=valid_from, **_columns(area), **facts)
        for area in added
    )
    changed = [
        area
        for area in found
        if area.code in known
        and _change(known[area.code], {**_columns(area), **facts, "valid_to": None})
    ]
    missing = _missing(known.values(), found)
    last_day = valid_from - timedelta(days=1)
    ended = [area for area in [*older, *missing] if area.valid_to != last_day]
    for area in ended:
        area.valid_to = last_day
    plan = AreaPlan(
        added=tuple(area.full_name for area in added),
        changed=tuple(area.full_name for area in changed),
        unchanged=len(found) - len(added) - len(changed),
        ended=tuple(area.full_name for area in ended),
        rules_left_behind=_rules_of(session, ended, valid_from),
    )
    _write_down(session, plan, valid_from, facts, by=by, now=now)
    return plan


def _write_down(
    session: Session,
    plan: AreaPlan,
    valid_from: date,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    session.flush()
    told = {"added": plan.added, "changed": plan.changed, "ended": plan.ended}
    if not any(told.values()):
        return
    record_change(
        session,
        ReferenceKind.AREAS,
        valid_from.isoformat(),
        f"{valid_from:%d/%m/%Y}",
        before={},
        after={
            **{name: ", ".join(names) for name, names in told.items() if names},
            "approximate": facts["approximate"],
        },
        by=by,
        now=now,
        action=ChangeAction.IMPORTED,
        note=str(facts["source"]),
    )


def _refuse_the_past(session: Session, valid_from: date) -> None:
    """Refuse a division older than one already known: what came after it would be rewritten."""
    latest = session.scalar(select(func.max(Area.valid_from)))
    if latest is not None and latest > valid_from:
        raise Invalid({"valid_from": "older_than_known_areas"}, latest=latest)


def _in_force_before(session: Session, day: date) -> Sequence[Area]:
    query = select(Area).where(Area.valid_from < day, places.valid_on(day))
    return session.scalars(query).all()


def _missing(known: Iterable[Area], found: Sequence[ImportedArea]) -> list[Area]:
    codes = {area.code for area in found}
    return [area for area in known if area.official_code not in codes]


def _columns(area: ImportedArea) -> dict[str, object]:
    return {
        "name": area.name,
        "full_name": area.full_name,
        "name_en": area.name_en,
        "folded_name": fold(area.name),
        "kind": area.type,
        "geometry": shapely.to_geojson(area.geometry),
    }


def _change(area: Area, columns: dict[str, object]) -> bool:
    """Set what differs; whether anything did."""
    differing = {name: value for name, value in columns.items() if getattr(area, name) != value}
    for name, value in differing.items():
        setattr(area, name, value)
    return bool(differing)


def _rules_of(session: Session, areas: Sequence[Area], day: date) -> int:
    """How many routing rules in force on a day name one of these areas."""
    return session.scalars(
        select(func.count())
        .select_from(RoutingRule)
        .where(
            RoutingRule.area_id.in_([area.id for area in areas]),
            (RoutingRule.valid_to.is_(None)) | (RoutingRule.valid_to >= day),
        )
    ).one()
