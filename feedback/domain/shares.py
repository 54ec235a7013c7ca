"""Shares of a whole, exact, and rounded so that printed parts add up to 100."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_HUNDRED_PERCENT = 100 * 100  # in hundredths of a percent


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many; counts, never negative (ValueError)."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        """Refuse counts below 0."""
        if self.numerator < 0 or self.denominator < 0:
            raise ValueError("counts are never below 0")

    @property
    def share(self) -> Fraction | None:
        """The exact share, for comparing with a target; None of nothing."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def percent(self) -> Decimal | None:
        """Percent with two decimals, half rounded up, for showing; None of nothing."""
        if not self.denominator:
            return None
        doubled = 2 * self.numerator * _HUNDRED_PERCENT + self.denominator
        return _percent(doubled // (2 * self.denominator))


def percents(counts: Sequence[int]) -> tuple[Decimal, ...] | None:
    """Percent of each part with two decimals, adding up to exactly 100; None when all are 0.

    Largest remainder (Hamilton's method): every part is rounded down, and the hundredths left
    over go one each to the parts that lost most; of equals, to the one named first. Counts below
    0 are a mistake (ValueError).
    """
    if any(count < 0 for count in counts):
        raise ValueError("counts are never below 0")
    total = sum(counts)
    if total == 0:
        return None
    parts = [divmod(count * _HUNDRED_PERCENT, total) for count in counts]
    left_over = _HUNDRED_PERCENT - sum(floor for floor, _ in parts)
    by_loss = sorted(range(len(parts)), key=lambda at: -parts[at][1])  # stable: first named first
    raised = set(by_loss[:left_over])
    return tuple(_percent(floor + (at in raised)) for at, (floor, _) in enumerate(parts))


def _percent(hundredths: int) -> Decimal:
    """Hundredths of a percent as a decimal with two places."""
    return Decimal(hundredths).scaleb(-2)
