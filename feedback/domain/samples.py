"""Many times at once: minutes with how many cases took them, and their percentiles.

The product-limit estimate of `survival.py` over arrays, for windows of hundreds of thousands of
cases. It is decided in floating point only where that cannot err, else exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from feedback.domain import survival
from feedback.domain.survival import LEAST_AT_RISK, Histogram, Percentile, Shown

Array = npt.NDArray[np.int64]
Numbers = Sequence[int] | Array

FEW = 100  # so many minutes are counted faster one by one
SURE = 1e-7  # a hundred thousand factors are wrong by less than 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class TimeSample:
    """`cases[i]` cases took `minutes[i]`; a minute may stand in it more than once.

    Many lie in arrays, which are small; few in plain lists, which are faster.
    """

    minutes: Numbers
    cases: Numbers

    @classmethod
    def of(cls, minutes: Sequence[int], cases: Sequence[int]) -> "TimeSample":
        """From two lists of equal length."""
        if len(minutes) <= FEW:
            return cls(minutes, cases)
        return cls(np.array(minutes, np.int64), np.array(cases, np.int64))

    @classmethod
    def from_histogram(cls, histogram: Mapping[int, int]) -> "TimeSample":
        """From {minute: cases}."""
        return cls.of(list(histogram), list(histogram.values()))

    @classmethod
    def joined(cls, samples: Iterable["TimeSample"]) -> "TimeSample":
        """All cases of several."""
        parts = [one for one in samples if len(one.minutes)]
        if len(parts) <= 1:
            return parts[0] if parts else NO_TIMES
        if sum(len(one.minutes) for one in parts) > FEW:
            return cls(
                np.concatenate([np.asarray(one.minutes, np.int64) for one in parts]),
                np.concatenate([np.asarray(one.cases, np.int64) for one in parts]),
            )
        minutes: list[int] = []
        cases: list[int] = []
        for one in parts:
            minutes += one.minutes
            cases += one.cases
        return cls(minutes, cases)

    def condensed(self) -> "TimeSample":
        """The same cases with each minute once, in order; minutes that took none are left out."""
        if len(self.minutes) <= FEW:
            told = sorted((at, cases) for at, cases in self.histogram().items() if cases)
            return TimeSample([at for at, _ in told], [cases for _, cases in told])
        minutes, index = np.unique(np.asarray(self.minutes), return_inverse=True)
        cases = _summed(index, self.cases, len(minutes))
        minutes, cases = minutes[cases != 0], cases[cases != 0]
        few = len(minutes) <= FEW
        return TimeSample(minutes.tolist(), cases.tolist()) if few else TimeSample(minutes, cases)

    def to_json(self) -> list[Sequence[int]]:
        """As the store keeps it: two lists."""
        return [_plain(self.minutes), _plain(self.cases)]

    @property
    def size(self) -> int:
        """How many cases."""
        return int(np.sum(self.cases)) if isinstance(self.cases, np.ndarray) else sum(self.cases)

    def histogram(self) -> Histogram:
        """As {minute: cases}."""
        minutes, cases = _plain(self.minutes), _plain(self.cases)
        found = dict(zip(minutes, cases, strict=True))
        if len(found) == len(minutes):
            return found
        added: dict[int, int] = {}
        for minute, some in zip(minutes, cases, strict=True):
            added[minute] = added.get(minute, 0) + some
        return added


NO_TIMES = TimeSample((), ())


def percentiles(
    finished: TimeSample, censored: TimeSample, wanted: Sequence[Fraction]
) -> tuple[Percentile, ...]:
    """`survival.percentile` of each wanted share, of the same cases."""
    if len(finished.minutes) + len(censored.minutes) <= FEW:
        return survival.percentiles(finished.histogram(), censored.histogram(), wanted)
    both = TimeSample.joined((finished, censored))
    minutes, index = np.unique(np.asarray(both.minutes), return_inverse=True)
    at_end = len(finished.minutes)
    done = _summed(index[:at_end], finished.cases, len(minutes))
    gone = done + _summed(index[at_end:], censored.cases, len(minutes))
    at_risk = gone.sum() - np.concatenate([[0], np.cumsum(gone)[:-1]])
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


def _summed(index: Array, cases: Numbers, length: int) -> Array:
    """Cases added up by where they belong; exact, since floats hold whole numbers up to 2⁵³."""
    return np.bincount(index, np.asarray(cases), length).astype(np.int64)


def _plain(numbers: Numbers) -> Sequence[int]:
    found: Sequence[int] = numbers.tolist() if isinstance(numbers, np.ndarray) else numbers
    return found
