"""Many times at once: minutes with how many cases took them, and their percentiles.

The product-limit estimate of `survival.py` over arrays, for windows of hundreds of thousands of
cases. It is decided in floating point only where that cannot err, else exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from feedback.domain import survival
from feedback.domain.survival import LEAST_AT_RISK, Histogram, Percentile, Shown

Numbers = NDArray[np.int64]
FEW = 100  # so many minutes are counted faster one by one
SURE = 1e-7  # a hundred thousand factors are wrong by less than 1e-10


@dataclass(frozen=True, slots=True)
class TimeSample:
    """`cases[i]` cases took `minutes[i]`; a minute may stand in it more than once."""

    minutes: Numbers
    cases: Numbers

    @classmethod
    def of(cls, minutes: Sequence[int], cases: Sequence[int]) -> "TimeSample":
        """From two lists of the same length."""
        return cls(np.array(minutes, dtype=np.int64), np.array(cases, dtype=np.int64))

    @classmethod
    def from_histogram(cls, histogram: Mapping[int, int]) -> "TimeSample":
        """From {minute: cases}."""
        return cls.of(list(histogram), list(histogram.values()))

    @classmethod
    def joined(cls, samples: Iterable["TimeSample"]) -> "TimeSample":
        """All cases of several."""
        found = [one for one in samples if len(one.minutes)]
        if not found:
            return NO_TIMES
        if len(found) == 1:
            return found[0]
        minutes = np.concatenate([one.minutes for one in found])
        return cls(minutes, np.concatenate([one.cases for one in found]))

    @property
    def size(self) -> int:
        """How many cases."""
        return int(self.cases.sum())

    def histogram(self) -> Histogram:
        """As {minute: cases}."""
        found: dict[int, int] = {}
        for minute, cases in zip(self.minutes.tolist(), self.cases.tolist(), strict=True):
            found[minute] = found.get(minute, 0) + cases
        return found


NO_TIMES = TimeSample.of([], [])


def percentiles(
    finished: TimeSample, censored: TimeSample, wanted: Sequence[Fraction]
) -> tuple[Percentile, ...]:
    """`survival.percentile` of each wanted share, of the same cases."""
    if len(finished.minutes) + len(censored.minutes) <= FEW:
        return survival.percentiles(finished.histogram(), censored.histogram(), wanted)
    minutes, index = np.unique(
        np.concatenate([finished.minutes, censored.minutes]), return_inverse=True
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
