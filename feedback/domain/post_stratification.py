"""Weights that make each group of respondents count for as much as it is in the population.

Used only where somebody entered the population's totals. Group h of N_h people gave n_h valid
answers to an item, of them s_h satisfied:

    share = Σ N_h/N · s_h/n_h           weight of one answer w_h = (N_h/N) / (n_h/n)
    effective sample size (Kish) = (Σ w)² / Σ w² = n² / Σ n_h w_h²

The interval is Wilson's at the effective size. Weights mend groups that answered more or less
often; they do not mend that people chose to answer.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from feedback.domain.intervals import Interval, wilson_of_share
from feedback.domain.windows import HIDDEN_BELOW

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One group: how many people it has, and its valid and satisfied answers to one item."""

    population: int
    valid: int
    satisfied: int


@dataclass(frozen=True, slots=True)
class Weighted(Generic[Key]):
    """A weighted share with its 95 % interval, the weight of an answer of each group, and how many
    unweighted answers would be as sure."""

    share: Fraction
    interval: Interval
    effective: Fraction
    weights: Mapping[Key, Fraction]


def post_stratify(strata: Mapping[Key, Stratum]) -> Weighted[Key] | None:
    """The weighted share; None unless every group that has people gave at least 5 valid answers.

    A smaller group would be guessed at from a handful, and could be guessed from the figure.
    """
    groups = {key: one for key, one in strata.items() if one.population > 0}
    if not groups or any(one.valid < HIDDEN_BELOW for one in groups.values()):
        return None
    people = sum(one.population for one in groups.values())
    answers = sum(one.valid for one in groups.values())
    weights = {
        key: Fraction(one.population, people) / Fraction(one.valid, answers)
        for key, one in groups.items()
    }
    share = sum(
        (Fraction(one.population, people) * Fraction(one.satisfied, one.valid))
        for one in groups.values()
    )
    squares = sum(one.valid * weights[key] ** 2 for key, one in groups.items())
    effective = answers**2 / Fraction(squares)
    interval = wilson_of_share(float(share), float(effective))
    return Weighted(Fraction(share), interval, effective, weights)
