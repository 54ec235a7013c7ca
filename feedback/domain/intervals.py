"""How sure a share is: Wilson intervals, and the ranks that intervals allow."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964  # the 97.5th percentile of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both shares between 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RankRange:
    """The best and the worst rank that cannot be ruled out; 1 is the highest share."""

    best: int
    worst: int


def wilson(successes: int, total: int) -> Interval | None:
    """The 95 % score interval of a share (Wilson 1927); None when there is nothing to share.

    low, high = (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)
    Counts that cannot be are a mistake (ValueError).
    """
    if not 0 <= successes <= total:
        raise ValueError("successes lie between 0 and the total")
    if total == 0:
        return None
    found = wilson_of_share(successes / total, total)
    low = 0.0 if successes == 0 else found.low
    high = 1.0 if successes == total else found.high
    return Interval(low, high)


def wilson_of_share(share: float, size: float) -> Interval:
    """The same interval of a share that rests on a `size` that need not be whole.

    So it is for weighted answers, with their effective sample size; `size` is above 0.
    """
    z2 = Z_95 * Z_95
    scale = 1 + z2 / size
    middle = (share + z2 / (2 * size)) / scale
    half = Z_95 * sqrt(share * (1 - share) / size + z2 / (4 * size * size)) / scale
    return Interval(middle - half, middle + half)


def rank_ranges(intervals: Sequence[Interval]) -> tuple[RankRange, ...]:
    """The range of ranks of each of N units by their intervals, in the order given.

    Unit i lies between 1 + #{j: low_j > high_i} and N - #{j: high_j < low_i}. Units that are not
    ranked (too few ratings) must be left out by the caller.
    """
    total = len(intervals)
    lows = sorted(interval.low for interval in intervals)
    highs = sorted(interval.high for interval in intervals)
    return tuple(
        RankRange(
            best=1 + total - bisect_right(lows, interval.high),
            worst=total - bisect_left(highs, interval.low),
        )
        for interval in intervals
    )
