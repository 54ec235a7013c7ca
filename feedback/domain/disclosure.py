"""What may be published of ratings: no two tables can be subtracted to show what one person said.

A table has one row for each unit (or category, or area) and their total. A row of fewer than
`SMALLEST` ratings is hidden, or one in which a level was chosen by so few that they could be
guessed. One hidden row alone could be found from the total, so further rows are hidden, the
smallest first, until at least two are and together they hold `SMALLEST` ratings of each level that
anybody chose, or everything is hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key")
SMALLEST = 5
Levels = tuple[int, ...]  # how many chose each level


@dataclass(frozen=True, slots=True)
class Published:
    """A table fit for publishing; `rows` and `total` are None where hidden."""

    total: Levels | None
    rows: Mapping[str, Levels | None]


def protected(rows: Mapping[str, Levels]) -> Published:
    """The table of some rows, its small cells hidden; rows nobody rated are left out."""
    told = {key: levels for key, levels in rows.items() if sum(levels)}
    total = tuple(map(sum, zip(*told.values(), strict=True))) if told else ()
    if not told or _is_small(total):
        return Published(None, dict.fromkeys(told))
    hidden = {key for key, levels in told.items() if _is_small(levels)}
    for key in sorted(told, key=lambda one: (sum(told[one]), one)):
        if not hidden or _hides(told, hidden):
            break
        hidden.add(key)
    if hidden and not _hides(told, hidden):
        return Published(total, dict.fromkeys(told))
    return Published(
        total, {key: None if key in hidden else levels for key, levels in told.items()}
    )


def _is_small(levels: Levels) -> bool:
    """Whether single people could be guessed: so few in all, or at a level somebody chose."""
    return sum(levels) < SMALLEST or any(0 < count < SMALLEST for count in levels)


def _hides(told: Mapping[str, Levels], hidden: set[str]) -> bool:
    """Whether what can be found by subtraction, the sum of the hidden rows, tells of nobody."""
    together = tuple(map(sum, zip(*(told[key] for key in hidden), strict=True)))
    return len(hidden) > 1 and not _is_small(together)
