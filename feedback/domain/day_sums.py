"""Day rows of one scope, added up over windows; a month in them is added up once for all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feedback.domain.day_figures import DayFigures, StoredDay, Times
from feedback.domain.durations import TimeKey
from feedback.domain.measures import FIGURES, Figure
from feedback.domain.periods import Window
from feedback.domain.samples import NO_TIMES, TimeSample

Samples = Mapping[TimeKey, TimeSample]


@dataclass(frozen=True, slots=True)
class Total:
    """What some days add up to."""

    counts: Mapping[Figure, int]
    finished: Samples
    lost: Samples

    def condensed(self) -> "Total":
        """The same, as small as it can be: without zeros, each minute once."""
        counts = {figure: cases for figure, cases in self.counts.items() if cases}
        return Total(counts, _condensed(self.finished), _condensed(self.lost))

    def changed_by(self, deltas: Sequence[DayFigures]) -> "Total":
        """What it becomes when days of it change by so much."""
        counts = Counter(self.counts)
        for delta in deltas:
            counts.update(delta.counts)
        return Total(
            {figure: cases for figure, cases in counts.items() if cases},
            _changed(self.finished, [delta.finished for delta in deltas]),
            _changed(self.lost, [delta.lost for delta in deltas]),
        )

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it."""
        return {
            "counts": {figure.value: cases for figure, cases in self.counts.items()},
            "finished": {key.name: sample.to_json() for key, sample in self.finished.items()},
            "lost": {key.name: sample.to_json() for key, sample in self.lost.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Total":
        """The inverse of `to_json`."""
        finished, lost = (
            {TimeKey.named(name): TimeSample.of(*lists) for name, lists in stored[kind].items()}
            for kind in ("finished", "lost")
        )
        counts = {FIGURES[name]: cases for name, cases in stored["counts"].items()}
        return cls(counts, finished, lost)


NOTHING = Total({}, {}, {})


@dataclass(frozen=True, slots=True)
class DaySums:
    """The days of one scope that have a row."""

    days: Mapping[date, StoredDay]
    _months: dict[date, list[date]] = field(default_factory=dict, init=False)
    _totals: dict[date, Total] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Sort the days by month."""
        for day in sorted(self.days):
            self._months.setdefault(day.replace(day=1), []).append(day)

    def of(self, window: Window) -> Total:
        """What the days of a window add up to."""
        parts: list[Total | StoredDay] = []
        for month, days in self._months.items():
            if window.first <= days[0] and days[-1] <= window.last:
                parts.append(self._total(month))
            elif days[0] <= window.last and window.first <= days[-1]:
                parts += [self.days[day] for day in days if day in window]
        return _sum(parts)

    def _total(self, month: date) -> Total:
        known = self._totals.get(month)
        if known is None:
            whole = _sum([self.days[day] for day in self._months[month]])
            known = self._totals[month] = whole.condensed()
        return known


def _sum(parts: Iterable[Total | StoredDay]) -> Total:
    counts: Counter[Figure] = Counter()
    finished: dict[TimeKey, list[TimeSample]] = {}
    lost: dict[TimeKey, list[TimeSample]] = {}
    for one in parts:
        for figure, cases in one.counts.items():
            counts[figure] += cases
        for to, of in ((finished, one.finished), (lost, one.lost)):
            for key, sample in of.items():
                to.setdefault(key, []).append(sample)
    return Total(dict(counts), _joined(finished), _joined(lost))


def _joined(samples: Mapping[TimeKey, list[TimeSample]]) -> Samples:
    return {key: TimeSample.joined(some) for key, some in samples.items()}


def _changed(samples: Samples, changes: Iterable[Times]) -> Samples:
    """Samples after some changes; those that nothing changes are left as they are."""
    parts: dict[TimeKey, list[TimeSample]] = {}
    for times in changes:
        for key, histogram in times.items():
            parts.setdefault(key, []).append(TimeSample.from_histogram(histogram))
    moved = {key: [samples.get(key, NO_TIMES), *some] for key, some in parts.items()}
    return {
        **{key: one for key, one in samples.items() if key not in moved},
        **_condensed(_joined(moved)),
    }


def _condensed(samples: Samples) -> Samples:
    small = {key: sample.condensed() for key, sample in samples.items()}
    return {key: sample for key, sample in small.items() if len(sample.minutes)}
