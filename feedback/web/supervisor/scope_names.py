"""The names of scopes: of the city, its units, categories and areas."""

from collections.abc import Mapping

from feedback.extensions import db
from feedback.operations.list_cases import Scope
from feedback.storage.queries import figure_cases
from feedback.web.presenting import area_name, name_of, unit_name
from feedback.web.supervisor.figure_words import short_name
from feedback.wording import _


def scope_name(scope: Scope) -> str:
    """A scope in words: the names of what it is narrowed to."""
    session = db.session()
    named = [
        unit_name(figure_cases.unit(session, scope.unit_id)),
        name_of(figure_cases.category(session, scope.category_id)),
        area_name(figure_cases.area(session, scope.area_id)),
    ]
    return " · ".join(name for name in named if name) or _("Whole city")


def names_of_kind(kind: str) -> Mapping[int, str]:
    """The short names of every scope of a kind, by id."""
    session = db.session()
    if kind == "unit":
        return {unit.id: short_name(unit) for unit in figure_cases.units(session)}
    if kind == "category":
        return {one.id: name_of(one) for one in figure_cases.categories(session)}
    return {area.id: area_name(area) for area in figure_cases.areas(session)}


def part_id(scope: str, kind: str) -> int:
    """The id of the unit, category or area that a scope's name names: 3 of "unit:5/category:3"."""
    return next(
        int(number)
        for word, _, number in (part.partition(":") for part in scope.split("/"))
        if word == kind
    )
