"""Which unit a report goes to: rules of category × area × dates, the most specific one wins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from feedback.domain.errors import Invalid
from feedback.domain.validity import in_force


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """From `valid_from` to `valid_to` (both counted), reports that match go to the unit.

    A rule names a category, or a group of categories, or neither (any category, also "don't
    know"); and an area or none (anywhere, also an unknown place). Its id is what people call it.
    """

    id: int
    category_id: int | None
    category_group_id: int | None
    area_id: int | None
    unit_id: int
    valid_from: date
    valid_to: date | None

    def __post_init__(self) -> None:
        """Refuse a rule for a category and a group at once, or one that ends first (Invalid)."""
        if self.category_id is not None and self.category_group_id is not None:
            raise Invalid({"category_id": "category_or_group"})
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Invalid({"valid_to": "before_start"})

    def matches(
        self, category_id: int | None, category_group_id: int | None, area_id: int | None, on: date
    ) -> bool:
        """Whether the rule speaks about such a report on such a day."""
        return (
            in_force(self.valid_from, self.valid_to, on)
            and self.category_id in (None, category_id)
            and self.category_group_id in (None, category_group_id)
            and self.area_id in (None, area_id)
        )

    @property
    def specificity(self) -> int:
        """How much a rule says, 0–5: the category weighs more than the area.

        category × area 5, category 4, group × area 3, group 2, area 1, nothing 0.
        """
        of_category = 2 * (self.category_group_id is not None) + 4 * (self.category_id is not None)
        return of_category + (self.area_id is not None)


def choose_rule(
    rules: Iterable[RoutingRule],
    *,
    category_id: int | None,
    category_group_id: int | None,
    area_id: int | None,
    on: date,
    unit_exists: Callable[[int, date], bool],
) -> RoutingRule | None:
    """The rule that routes a report on the local day `on`, or None: a dispatcher decides.

    Rules whose unit does not exist on that day are passed over. Of those that match, the most
    specific wins (see `specificity`), then the one valid from the later day (a newer decision
    replaces an older one), then the lowest id: the order of `rules` never matters.
    """
    matching = [
        rule
        for rule in rules
        if rule.matches(category_id, category_group_id, area_id, on)
        and unit_exists(rule.unit_id, on)
    ]
    return max(matching, key=_rank, default=None)


def ranked(
    rules: Iterable[RoutingRule],
    *,
    category_id: int | None,
    category_group_id: int | None,
    area_id: int | None,
    on: date,
    unit_exists: Callable[[int, date], bool],
) -> list[tuple[RoutingRule, bool]]:
    """Every rule that speaks of such a report, the winner first, with whether its unit exists.

    Those whose unit does not exist that day stand at the end: `choose_rule` passes them over.
    """
    matching = [
        (rule, unit_exists(rule.unit_id, on))
        for rule in rules
        if rule.matches(category_id, category_group_id, area_id, on)
    ]
    return sorted(matching, key=lambda pair: (pair[1], _rank(pair[0])), reverse=True)


def _rank(rule: RoutingRule) -> tuple[int, date, int]:
    """What decides between rules that match; the highest wins."""
    return rule.specificity, rule.valid_from, -rule.id
