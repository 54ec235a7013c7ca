"""Who stands out: a share is judged by how much chance alone would move it.

A league table calls somebody last every month. Here each unit is held against the share of all
together: small units may stray far from it, large ones may not (Spiegelhalter 2005, "Funnel plots
for comparing institutional performance"). Out of many units some stray by chance, so the tests are
corrected as a family (Holm 1979): the chance that anybody is flagged wrongly is at most `ALPHA`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice
from math import exp, lgamma, log, log1p

ALPHA = 0.05
NEGLIGIBLE = 1e-18  # of the largest term of a sum


class Standing(StrEnum):
    """How a unit's share compares to that of all units together."""

    WITHIN = "within"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Limits:
    """The shares between which chance alone keeps a unit of some size."""

    low: float
    high: float


def standings(
    counts: Sequence[tuple[int, int]], alpha: float = ALPHA
) -> tuple[tuple[Standing, float], ...]:
    """Each unit's standing and its uncorrected p-value, from (successes, total), in their order.

    Exact two-sided binomial tests against the share of all units together, with Holm's correction.
    Units too small to be ranked must be left out by the caller. Counts that cannot be, and units
    without a case, are mistakes (ValueError).
    """
    for successes, total in counts:
        _check(successes, total)
    if not counts:
        return ()
    overall = sum(one for one, _ in counts) / sum(total for _, total in counts)
    values = [p_value(successes, total, overall) for successes, total in counts]
    flagged = _rejected(values, alpha)
    return tuple(
        (_side(successes / total, overall) if number in flagged else Standing.WITHIN, value)
        for number, ((successes, total), value) in enumerate(zip(counts, values, strict=True))
    )


def p_value(successes: int, total: int, share: float) -> float:
    """How often chance alone strays as far: twice the smaller tail of the binomial, at most 1."""
    _check(successes, total)
    if not 0 < share < 1:
        return 1.0 if successes == round(total * share) else 0.0
    return min(
        1.0, 2 * min(_tail(successes, total, share), _tail(total - successes, total, 1 - share))
    )


def limits(total: int, share: float, inside: float) -> Limits:
    """Between which shares a unit of `total` cases stays with probability `inside` (0.95, 0.998).

    Exact binomial quantiles, interpolated between the whole numbers so that the lines are smooth
    (Spiegelhalter 2005, appendix A.1.1).
    """
    _check(0, total)
    if not 0 < share < 1:
        return Limits(share, share)
    outside = (1 - inside) / 2
    low = _quantile(total, share, outside)
    high = total - _quantile(total, 1 - share, outside)
    return Limits(max(0.0, low / total), min(1.0, high / total))


def _check(successes: int, total: int) -> None:
    if total < 1 or not 0 <= successes <= total:
        raise ValueError("successes lie between 0 and a total of at least 1")


def _side(share: float, overall: float) -> Standing:
    return Standing.ABOVE if share > overall else Standing.BELOW


def _rejected(values: Sequence[float], alpha: float) -> set[int]:
    """Holm: the smallest p-value against α/m, the next against α/(m-1), until one is not below."""
    found: set[int] = set()
    for step, number in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        if values[number] > alpha / (len(values) - step):
            break
        found.add(number)
    return found


def _tail(most: int, total: int, share: float) -> float:
    """P(X ≤ most) of a binomial X, summed from its largest term on."""
    mode = min(most, int((total + 1) * share))
    peak = _log_term(mode, total, share)
    down = sum(_terms(mode, 0, total, share))
    up = sum(_terms(mode, most, total, share)) - 1.0
    return min(1.0, exp(peak) * (down + up))


def _terms(start: int, end: int, total: int, share: float) -> Iterator[float]:
    """The terms from `start` to `end`, as parts of the first, until they are negligible."""
    odds, term, step = share / (1 - share), 1.0, 1 if end > start else -1
    yield term
    for count in range(start, end, step):
        ratio = (
            (total - count) / (count + 1) * odds if step > 0 else count / (total - count + 1) / odds
        )
        term *= ratio
        yield term
        if term < NEGLIGIBLE:
            return


def _log_term(count: int, total: int, share: float) -> float:
    ways = lgamma(total + 1) - lgamma(count + 1) - lgamma(total - count + 1)
    return ways + count * log(share) + (total - count) * log1p(-share)


def _quantile(total: int, share: float, wanted: float) -> float:
    """The interpolated count below which X stays with probability `wanted`."""
    mode = int((total + 1) * share)
    down = list(_terms(mode, 0, total, share))
    up = islice(_terms(mode, total, total, share), 1, None)
    peak = exp(_log_term(mode, total, share))
    reached = 0.0
    for count, term in enumerate(chain(reversed(down), up), mode - len(down) + 1):
        reached += peak * term
        if reached >= wanted:
            return count - (reached - wanted) / (peak * term)
    return total
