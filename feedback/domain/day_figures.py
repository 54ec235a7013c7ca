"""Sums of one scope over a day, written case by case and read as wholes that add up exactly."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feedback.domain.durations import TimeKey
from feedback.domain.measures import FIGURES, LOST, TIMED, Contribution, Figure
from feedback.domain.samples import TimeSample

Times = dict[TimeKey, Counter[int]]
Counts = Mapping[Figure, int]


@dataclass(slots=True)
class DayFigures:
    """A day being counted: counts, and the times of its cohorts.

    `finished` and `lost` are {minute: cases} by what is timed: those that ended, and those that
    left untimed after so long. `flows` is the change of what is open at the day's end, by the day
    the reports came in.
    """

    counts: Counter[Figure] = field(default_factory=Counter)
    flows: Counter[date] = field(default_factory=Counter)
    finished: Times = field(default_factory=dict)
    lost: Times = field(default_factory=dict)

    def add(self, contribution: Contribution, cases: int = 1) -> None:
        """Count one contribution so many times; -1 takes it away again."""
        figure, minutes = contribution.figure, contribution.minutes
        self.counts[figure] += cases
        if minutes is None:
            return
        if figure in LOST:
            self.lost.setdefault(LOST[figure], Counter())[minutes] += cases
        else:
            self.finished.setdefault(TIMED[figure], Counter())[minutes] += cases

    def add_flow(self, change: int, received_on: date) -> None:
        """Count a report that came into somebody's hands, or left them."""
        self.flows[received_on] += change

    def join(self, other: "DayFigures") -> None:
        """Add all of another, which may hold less than nothing of some things."""
        for figure, cases in other.counts.items():
            self.counts[figure] += cases
        for day, change in other.flows.items():
            self.flows[day] += change
        for to, of in ((self.finished, other.finished), (self.lost, other.lost)):
            for key, histogram in of.items():
                own = to.setdefault(key, Counter())
                for minutes, cases in histogram.items():
                    own[minutes] += cases

    @property
    def impossible(self) -> bool:
        """Whether more was taken away than was there."""
        cases = [*self.counts.values()]
        for histogram in (*self.finished.values(), *self.lost.values()):
            cases += histogram.values()
        return min(cases, default=0) < 0

    @property
    def empty(self) -> bool:
        """Whether nothing at all is left of it: what came and went on the same day leaves none."""
        histograms = (*self.finished.values(), *self.lost.values())
        return not (
            any(self.counts.values())
            or any(self.flows.values())
            or any(any(histogram.values()) for histogram in histograms)
        )

    def counts_to_json(self) -> dict[str, Any]:
        """What a series needs, as the store keeps it: by name, without zeros."""
        return {
            "counts": {
                figure.value: count for figure, count in sorted(self.counts.items()) if count
            },
            "flows": {day.isoformat(): n for day, n in sorted(self.flows.items()) if n},
        }

    def times_to_json(self) -> dict[str, Any]:
        """The times, as the store keeps them: minutes, and beside them how many cases took them."""
        return {"finished": _to_json(self.finished), "lost": _to_json(self.lost)}

    @classmethod
    def from_json(cls, counts: Mapping[str, Any], times: Mapping[str, Any]) -> "DayFigures":
        """The inverse of `counts_to_json` and `times_to_json`."""
        return cls(
            Counter(counts_from_json(counts["counts"])),
            Counter(flows_from_json(counts["flows"])),
            _counters(times["finished"]),
            _counters(times["lost"]),
        )


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A day as it was counted. Read without its times where only counts are wanted."""

    counts: Mapping[Figure, int]
    flows: Mapping[date, int]
    finished: Mapping[TimeKey, TimeSample] = field(default_factory=dict)
    lost: Mapping[TimeKey, TimeSample] = field(default_factory=dict)

    @classmethod
    def from_json(
        cls, counts: Mapping[str, Any], times: Mapping[str, Any] | None = None
    ) -> "StoredDay":
        """The inverse of `counts_to_json` and `times_to_json`; flows and times may be left out."""
        return cls(
            counts_from_json(counts["counts"]),
            flows_from_json(counts.get("flows", {})),
            _from_json(times["finished"]) if times else {},
            _from_json(times["lost"]) if times else {},
        )


def counts_from_json(stored: Mapping[str, int]) -> dict[Figure, int]:
    """The counts of a day from the store."""
    return {FIGURES[name]: count for name, count in stored.items()}


def flows_from_json(stored: Mapping[str, int]) -> dict[date, int]:
    """The flows of a day from the store."""
    return {date.fromisoformat(day): change for day, change in stored.items()}


def _to_json(times: Times) -> dict[str, list[list[int]]]:
    found = {}
    for key, histogram in sorted(times.items()):
        minutes = sorted(minute for minute, cases in histogram.items() if cases)
        if minutes:
            found[key.name] = [minutes, [histogram[minute] for minute in minutes]]
    return found


def _from_json(stored: Mapping[str, Any]) -> dict[TimeKey, TimeSample]:
    return {TimeKey.named(name): TimeSample.of(*lists) for name, lists in stored.items()}


def _counters(stored: Mapping[str, Any]) -> Times:
    return {
        TimeKey.named(name): Counter(dict(zip(*lists, strict=True)))
        for name, lists in stored.items()
    }
