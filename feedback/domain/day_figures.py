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

    def add(self, contribution: Contribution) -> None:
        """Count one contribution."""
        figure, minutes = contribution.figure, contribution.minutes
        self.counts[figure] += 1
        if minutes is None:
            return
        if figure in LOST:
            self.lost.setdefault(LOST[figure], Counter())[minutes] += 1
        else:
            self.finished.setdefault(TIMED[figure], Counter())[minutes] += 1

    def add_flow(self, change: int, received_on: date) -> None:
        """Count a report that came into somebody's hands, or left them."""
        self.flows[received_on] += change

    @property
    def empty(self) -> bool:
        """Whether nothing at all is left of it: what came and went on the same day leaves none."""
        return not self.counts and not any(self.flows.values())

    def counts_to_json(self) -> dict[str, Any]:
        """What a series needs, as the store keeps it: by name, without zeros."""
        return {
            "counts": {figure.value: count for figure, count in sorted(self.counts.items())},
            "flows": {day.isoformat(): n for day, n in sorted(self.flows.items()) if n},
        }

    def times_to_json(self) -> dict[str, Any]:
        """The times, as the store keeps them: minutes, and beside them how many cases took them."""
        return {"finished": _to_json(self.finished), "lost": _to_json(self.lost)}


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
        """The inverse of `counts_to_json` and `times_to_json`."""
        return cls(
            {FIGURES[name]: count for name, count in counts["counts"].items()},
            {date.fromisoformat(day): change for day, change in counts["flows"].items()},
            _from_json(times["finished"]) if times else {},
            _from_json(times["lost"]) if times else {},
        )


def _to_json(times: Times) -> dict[str, list[list[int]]]:
    found = {}
    for key, histogram in sorted(times.items()):
        minutes = sorted(histogram)
        found[key.name] = [minutes, [histogram[minute] for minute in minutes]]
    return found


def _from_json(stored: Mapping[str, Any]) -> dict[TimeKey, TimeSample]:
    return {TimeKey.named(name): TimeSample(*lists) for name, lists in stored.items()}
