"""Who can be sent what, and what is promised for it: the facts reports are routed by.

The store keeps them in tables that people edit; a directory is all of them in one version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedback.domain.deadlines import ServiceLevelTerms
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.routing import RoutingRule, choose_rule
from feedback.domain.states import VisibilityPolicy
from feedback.domain.validity import in_force


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """When a unit exists (both days count), and who took over from it."""

    id: int
    valid_from: date
    valid_to: date | None
    successor_id: int | None

    def exists_on(self, day: date) -> bool:
        """Whether the unit exists on a local day."""
        return in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What a category decides about its reports; open to them on both its days too."""

    id: int
    group_id: int
    service_level_code: str
    visibility_policy: VisibilityPolicy
    valid_from: date
    valid_to: date | None

    def is_open_on(self, day: date) -> bool:
        """Whether something can be reported under it on a local day."""
        return in_force(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class LevelVersion:
    """One version of a service level."""

    id: int
    service_level_code: str
    valid_from: date
    terms: ServiceLevelTerms


class Directory:
    """Units, categories, service levels and routing rules, in any order."""

    def __init__(
        self,
        units: Iterable[UnitFacts],
        categories: Iterable[CategoryFacts],
        levels: Iterable[LevelVersion],
        rules: Iterable[RoutingRule],
    ) -> None:
        self._units = {unit.id: unit for unit in units}
        self._categories = {category.id: category for category in categories}
        self._levels = {level.id: level for level in levels}
        self._rules: dict[tuple[int | None, int | None, int | None], list[RoutingRule]] = {}
        for rule in rules:
            key = (rule.category_id, rule.category_group_id, rule.area_id)
            self._rules.setdefault(key, []).append(rule)

    def category(self, category_id: int | None) -> CategoryFacts | None:
        """A category, open to reports or not; None when there is none of this id."""
        return None if category_id is None else self._categories.get(category_id)

    def open_category(self, category_id: int, day: date) -> CategoryFacts:
        """A category open to reports on a day. Raises Invalid naming `category_id`."""
        category = self._categories.get(category_id)
        if category is None or not category.is_open_on(day):
            raise Invalid({"category_id": "unknown_category"})
        return category

    def unit(self, unit_id: int) -> UnitFacts:
        """A unit, existing today or not. Raises Invalid naming `unit_id`."""
        if unit_id not in self._units:
            raise Invalid({"unit_id": "unknown_unit"})
        return self._units[unit_id]

    def unit_exists(self, unit_id: int, day: date) -> bool:
        """Whether there is such a unit on a day."""
        unit = self._units.get(unit_id)
        return unit is not None and unit.exists_on(day)

    def successor_in_force(self, unit_id: int, day: date) -> int:
        """The unit itself, or whoever succeeded it. Raises Conflict when nobody did."""
        seen: set[int] = set()
        while not self.unit_exists(unit_id, day):
            successor_id = self.unit(unit_id).successor_id
            if successor_id is None or unit_id in seen:
                raise Conflict("no_successor")
            seen.add(unit_id)
            unit_id = successor_id
        return unit_id

    def level(self, level_id: int) -> LevelVersion:
        """One version of a service level by its id. Raises KeyError."""
        return self._levels[level_id]

    def level_in_force(self, code: str, day: date) -> LevelVersion:
        """The version of a service level in force on a day: the latest that has begun.

        Raises Conflict when the level has none: nothing is promised for its categories then.
        """
        begun = [
            level
            for level in self._levels.values()
            if level.service_level_code == code and level.valid_from <= day
        ]
        if not begun:
            raise Conflict("nothing_promised")
        return max(begun, key=lambda version: version.valid_from)

    def rule_for(
        self, category: CategoryFacts, area_id: int | None, day: date
    ) -> RoutingRule | None:
        """The rule that routes a report of a category in an area (see `choose_rule`)."""
        # Looked up by what a rule may name, since a city has many and each report asks.
        candidates = [
            rule
            for of_category in (
                (category.id, None),
                (None, category.group_id),
                (None, None),
            )
            for of_area in {area_id, None}
            for rule in self._rules.get((*of_category, of_area), ())
        ]
        return choose_rule(
            candidates,
            category_id=category.id,
            category_group_id=category.group_id,
            area_id=area_id,
            on=day,
            unit_exists=self.unit_exists,
        )
