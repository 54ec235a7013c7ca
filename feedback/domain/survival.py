"""Kaplan–Meier: how long things take while some of them are still open.

A round that is still open says "at least this long"; leaving it out would flatter, counting it as
done would lie. The product-limit estimate (Kaplan & Meier 1958) uses both exactly:
S(t) = Π (1 - dᵢ / nᵢ) over the minutes i ≤ t at which dᵢ rounds finished while nᵢ were at risk.
A round censored at a minute is still at risk at that minute.

All of it is integer arithmetic. After a minute i, nᵢ - dᵢ rounds are left, and as long as none is
censored these are the nᵢ₊₁ of the next factor and cancel. So numerator and denominator stay as
small as the censored rounds are few, and "S(t) ≤ 1 - q" is decided without rounding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

MEDIAN = Fraction(1, 2)
P90 = Fraction(9, 10)
LEAST_AT_RISK = 10

Histogram = Mapping[int, int]  # minute → how many rounds


class Shown(StrEnum):
    """Whether a percentile can be shown, and if not, why."""

    OK = "ok"
    NOT_ENOUGH = "not_enough"  # too few at risk there
    NOT_REACHED = "not_reached"  # the curve stays above


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from a minute at which something finished: S = `survival` from here on."""

    minute: int
    at_risk: int
    finished: int
    survival: Fraction


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile in minutes, or None and the reason; `at_risk` just before it, 0 if unreached."""

    minutes: int | None
    reason: Shown
    at_risk: int


class _Point(NamedTuple):
    """A step with S as an unreduced fraction."""

    minute: int
    at_risk: int
    finished: int
    numerator: int
    denominator: int


def curve(finished: Histogram, censored: Histogram) -> tuple[Step, ...]:
    """The whole estimated curve, one step for each minute at which a round finished.

    Histograms are {minute: rounds}; minutes and counts below 0 are mistakes (ValueError).
    """
    return tuple(
        Step(
            point.minute,
            point.at_risk,
            point.finished,
            Fraction(point.numerator, point.denominator),
        )
        for point in _points(finished, censored)
    )


def percentile(
    finished: Histogram, censored: Histogram, q: Fraction, least_at_risk: int = LEAST_AT_RISK
) -> Percentile:
    """The smallest minute t with S(t) ≤ 1 - q, for a q between 0 and 1 (MEDIAN, P90).

    Shown only with at least `least_at_risk` rounds at risk there; without any round at all the
    answer is "not enough".
    """
    (found,) = percentiles(finished, censored, (q,), least_at_risk)
    return found


def percentiles(
    finished: Histogram,
    censored: Histogram,
    wanted: Sequence[Fraction],
    least_at_risk: int = LEAST_AT_RISK,
) -> tuple[Percentile, ...]:
    """Several percentiles of the same rounds, by one way along the curve; see `percentile`."""
    anything = any(finished.values()) or any(censored.values())
    unreached = Percentile(None, Shown.NOT_REACHED if anything else Shown.NOT_ENOUGH, 0)
    found = [unreached] * len(wanted)
    ahead = list(_levels(tuple(wanted)))
    for point in _points(finished, censored):
        while ahead and point.numerator * ahead[-1].whole <= point.denominator * ahead[-1].left:
            enough = point.at_risk >= least_at_risk
            found[ahead.pop().at] = Percentile(
                point.minute if enough else None,
                Shown.OK if enough else Shown.NOT_ENOUGH,
                point.at_risk,
            )
        if not ahead:
            break
    return tuple(found)


class _Level(NamedTuple):
    """What the curve has to fall to for one of the wanted shares: S ≤ left / whole."""

    at: int
    left: int
    whole: int


@lru_cache(maxsize=64)
def _levels(wanted: tuple[Fraction, ...]) -> tuple[_Level, ...]:
    """The levels of wanted shares, the one that is reached first at the end."""
    if not all(0 < q < 1 for q in wanted):
        raise ValueError("q lies between 0 and 1")
    order = sorted(range(len(wanted)), key=lambda at: wanted[at], reverse=True)
    return tuple(
        _Level(at, wanted[at].denominator - wanted[at].numerator, wanted[at].denominator)
        for at in order
    )


def _points(finished: Histogram, censored: Histogram) -> Iterator[_Point]:
    """The steps of the curve in the order of time."""
    _check(finished)
    _check(censored)
    at_risk = sum(finished.values()) + sum(censored.values())
    left = at_risk  # rounds left after the step before; where none was censored, all at risk
    numerator, denominator = 1, at_risk
    for minute in sorted(finished.keys() | censored.keys()):
        done = finished.get(minute, 0)
        if done:
            if at_risk != left:
                numerator, denominator = numerator * left, denominator * at_risk
            left = at_risk - done
            yield _Point(minute, at_risk, done, numerator * left, denominator)
        at_risk -= done + censored.get(minute, 0)


def _check(histogram: Histogram) -> None:
    """Refuse what no clock can have counted (ValueError)."""
    if histogram and (min(histogram) < 0 or min(histogram.values()) < 0):
        raise ValueError("minutes and counts are never below 0")
