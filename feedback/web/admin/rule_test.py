"""Which rule would win for a category somewhere on some day, and why."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import request

from feedback.domain.routing import RoutingRule as Rule
from feedback.domain.routing import ranked
from feedback.extensions import db
from feedback.operations.reference import Reference
from feedback.storage.models import RoutingRule
from feedback.storage.queries import categories, directory, places
from feedback.web import context
from feedback.web.forms import as_key
from feedback.web.presenting import area_name, name_of
from feedback.wording import _


def result_of(line: Callable[[RoutingRule], dict[str, Any]]) -> dict[str, Any]:
    """What the rules say of the place and category in the address, the winner first.

    `line` puts a rule in words. `error` is there when the point cannot be read.
    """
    session = db.session()
    try:
        day = date.fromisoformat(request.args.get("test_day", ""))
    except ValueError:
        day = context.today()
    category = categories.category(session, request.args.get("test_category", 0, type=as_key))
    try:
        area_id = _area_id(day)
    except ValueError:
        return {"error": _("Write the point as latitude, longitude: 16.4637, 107.5909.")}
    area = places.area_on(session, area_id or 0, day)
    rows = {row.id: row for row in directory.routing_rules(session)}
    told = ranked(
        map(_plain, rows.values()),
        category_id=category.id if category else None,
        category_group_id=category.group_id if category else None,
        area_id=area.id if area else None,
        on=day,
        unit_exists=Reference(session, context.city()).directory.unit_exists,
    )
    return {
        "day": day,
        "category": name_of(category) or _("I don't know"),
        "area": area_name(area) or _("outside every ward, or not known"),
        "rules": [
            {**line(rows[rule.id]), "why": _why(rule, exists, place)}
            for place, (rule, exists) in enumerate(told)
        ],
        # Without a category there is no service level, so that no rule is asked at all.
        "routed": bool(category and told and told[0][1]),
    }


def _area_id(day: date) -> int | None:
    """The ward chosen, or the one a point lies in. ValueError when the point is none."""
    typed = request.args.get("test_point", "").strip()
    if not typed:
        return request.args.get("test_area", type=as_key)
    latitude, longitude = (float(part) for part in typed.replace(";", ",").split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("not on this planet")
    city = context.city()
    located = (
        Reference(db.session(), city).areas(day).locate(latitude, longitude, city.area_snap_metres)
    )
    return located.area_id if located else None


def _plain(row: RoutingRule) -> Rule:
    return Rule(
        row.id,
        row.category_id,
        row.category_group_id,
        row.area_id,
        row.unit_id,
        row.valid_from,
        row.valid_to,
    )


def _why(rule: Rule, exists: bool, place: int) -> str:
    if not exists:
        return _("passed over: its unit does not exist on that day")
    if place:
        return _("says less, or is older")
    return {
        5: _("wins: it names the category and the ward"),
        4: _("wins: it names the category"),
        3: _("wins: it names the group and the ward"),
        2: _("wins: it names the group"),
        1: _("wins: it names the ward"),
        0: _("wins: no other rule says more"),
    }[rule.specificity]
