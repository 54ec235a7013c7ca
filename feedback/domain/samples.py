"""Many times at once: minutes with how many cases took them, and their percentiles.

The product-limit estimate of `survival.py` over arrays, for windows of hundreds of thousands of
cases. It is decided in floating point only where that cannot err, else exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from feedback.domain import survival
from feedback.domain.survival import LEAST_AT_RISK, Histogram, Percentile, Shown

FEW = 100  # so many minutes are counted faster one by one
SURE = 1e-7  # a hundred thousand factors are wrong by less than 1e-10


@dataclass(frozen=True, slots=True)
class TimeSample:
    """`cases[i]` cases took `minutes[i]`; a minute may stand in it more than once.

    Plain lists: most samples are so small that an array would cost more than it saves.
    """

    minutes: Sequence[int]
    cases: Sequence[int]

    @classmethod
    def from_histogram(cls, histogram: Mapping[int, int]) -> "TimeSample":
        """From {minute: cases}."""
        return cls(list(histogram), list(histogram.values()))

    @classmethod
    def joined(cls, samples: Iterable["TimeSample"]) -> "TimeSample":
        """All cases of several."""
        minutes: list[int] = []
        cases: list[int] = []
        for one in samples:
            minutes += one.minutes
            cases += one.cases
        return cls(minutes, cases)

    @property
    def size(self) -> int:
        """How many cases."""
        return sum(self.cases)

    def histogram(self) -> Histogram:
        """As {minute: cases}."""
        found: dict[int, int] = {}
        for minute, cases in zip(self.minutes, self.cases, strict=True):
            found[minute] = found.get(minute, 0) + cases
        return found


NO_TIMES = TimeSample((), ())


def percentiles(
    finished: TimeSample, censored: TimeSample, wanted: Sequence[Fraction]
) -> tuple[Percentile, ...]:
    """`survival.percentile` of each wanted share, of the same cases."""
    if len(finished.minutes) + len(censored.minutes) <= FEW:
        return survival.percentiles(finished.histogram(), censored.histogram(), wanted)
    minutes, index = np.unique(
        np.array([*finished.minutes, *censored.minutes], dtype=np.int64), return_inverse=True
    )
    at_end = len(finished.minutes)
    done = np.bincount(index[:at_end], finished.cases, len(minutes))
    gone = done + np.bincount(index[at_end:], censored.cases, len(minutes))
    at_risk = gone.sum() - np.concatenate([[0.0], np.cumsum(gone)[:-1]])
    surviving = np.cumprod(1 - done / at_risk)
    found = []
    for q in wanted:
        left = float(1 - q)
        if bool((np.abs(surviving - left) < SURE).any()):
            found.append(survival.percentile(finished.histogram(), censored.histogram(), q))
            continue
        passed = int(np.searchsorted(-surviving, -left))
        if passed == len(minutes):
            found.append(Percentile(None, Shown.NOT_REACHED, 0))
        elif at_risk[passed] < LEAST_AT_RISK:
            found.append(Percentile(None, Shown.NOT_ENOUGH, int(at_risk[passed])))
        else:
            found.append(Percentile(int(minutes[passed]), Shown.OK, int(at_risk[passed])))
    return tuple(found)
