"""Figures of a window of days: exact sums of its day rows, and what may honestly be said of them.

Every share keeps its numerator and denominator. What rests on too little is marked, not smoothed:
shares of ratings are hidden below 5 and unranked below 30, percentiles need 10 rounds at risk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from feedback.domain.intervals import Interval, RankRange, rank_ranges, wilson
from feedback.domain.measures import CLOSED_AS, RATED_AS, DayFigures, Figure
from feedback.domain.shares import Ratio, percents
from feedback.domain.states import Clock, Outcome, RatingLevel
from feedback.domain.survival import MEDIAN, P90, Histogram, Percentile, Shown, percentile

WINDOWS = (7, 30, 90, 365)
ROLLING_DAYS = 30  # of the series of the satisfaction index
HIDDEN_BELOW = 5
FEW_BELOW = 30

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Window:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> "Window":
        """The window of `days` days that ends with `last`."""
        return cls(last - timedelta(days=days - 1), last)

    @property
    def before(self) -> "Window":
        """The window of the same length just before."""
        return Window.ending(self.first - timedelta(days=1), (self.last - self.first).days + 1)

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Speed:
    """Time to answer of the rounds started in a window on one clock, by Kaplan–Meier."""

    finished: int
    open: int
    median: Percentile
    p90: Percentile

    @property
    def started(self) -> int:
        """All rounds the estimate rests on."""
        return self.finished + self.open


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """The figures of one scope over one window; `counts` has no zeros."""

    counts: Mapping[Figure, int]
    speeds: Mapping[Clock, Speed]

    def count(self, figure: Figure) -> int:
        """One figure; 0 when no case adds to it."""
        return self.counts.get(figure, 0)

    def ratio(self, part: Figure, whole: Figure) -> Ratio:
        """One figure as a share of another that holds it."""
        return Ratio(self.count(part), self.count(whole))

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it."""
        return {
            "counts": {figure.value: count for figure, count in sorted(self.counts.items())},
            "speeds": {clock.value: _speed_to_json(speed) for clock, speed in self.speeds.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "WindowFigures":
        """The inverse of `to_json`."""
        return cls(
            {Figure(name): count for name, count in stored["counts"].items()},
            {Clock(name): _speed_from_json(speed) for name, speed in stored["speeds"].items()},
        )


@dataclass(slots=True)
class OpenRounds:
    """The open rounds of one scope: their clock time so far by the local day they started on."""

    by_day: dict[date, dict[Clock, dict[int, int]]] = field(default_factory=dict)

    def add(self, day: date, clock: Clock, minutes: int) -> None:
        """One open round."""
        histogram = self.by_day.setdefault(day, {}).setdefault(clock, {})
        histogram[minutes] = histogram.get(minutes, 0) + 1

    def started_in(self, window: Window, clock: Clock) -> Histogram:
        """Those started in a window, as {minutes: rounds}."""
        found: dict[int, int] = {}
        for day, clocks in self.by_day.items():
            if day in window:
                for minutes, rounds in clocks.get(clock, {}).items():
                    found[minutes] = found.get(minutes, 0) + rounds
        return found


def window_figures(
    days: Mapping[date, DayFigures], rounds: OpenRounds, window: Window
) -> WindowFigures:
    """The figures of a window: its day rows added up, its open rounds censored."""
    total = DayFigures()
    for day, figures in days.items():
        if day in window:
            total.merge(figures)
    speeds = {
        clock: speed(total.minutes[clock], rounds.started_in(window, clock)) for clock in Clock
    }
    return WindowFigures(dict(total.counts), speeds)


def speed(finished: Histogram, censored: Histogram) -> Speed:
    """Median and 90th percentile of the time to answer, open rounds counted as "at least"."""
    return Speed(
        sum(finished.values()),
        sum(censored.values()),
        percentile(finished, censored, MEDIAN),
        percentile(finished, censored, P90),
    )


@dataclass(frozen=True, slots=True)
class OnTime:
    """Rounds whose due moment passed in the window: answered by then, and fixed by then."""

    answered: Ratio
    fixed: Ratio


def on_time_by_original_due(figures: WindowFigures) -> OnTime:
    """On time by what was promised at the start."""
    return OnTime(
        figures.ratio(Figure.DUE_ORIGINAL_ON_TIME, Figure.DUE_ORIGINAL),
        figures.ratio(Figure.DUE_ORIGINAL_FIXED_ON_TIME, Figure.DUE_ORIGINAL),
    )


def on_time_by_due(figures: WindowFigures) -> OnTime:
    """On time by the due moment after waiting and extensions."""
    return OnTime(
        figures.ratio(Figure.DUE_ON_TIME, Figure.DUE),
        figures.ratio(Figure.DUE_FIXED_ON_TIME, Figure.DUE),
    )


class Sample(StrEnum):
    """What the number of ratings allows to say."""

    NONE = "none"
    HIDDEN = "hidden"  # fewer than 5: single people could be guessed
    FEW = "few"  # fewer than 30: shown grey, not ranked
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Ratings given in a window. The index is the satisfied share, with its 95 % interval.

    `index`, `interval`, `not_dissatisfied` and `shares` are None where the sample says so;
    `shares` are percent by level that add up to 100. `response` is closes rated by now / closes.
    """

    ratings: int
    sample: Sample
    index: Ratio | None
    interval: Interval | None
    not_dissatisfied: Ratio | None
    shares: Mapping[RatingLevel, Decimal] | None
    response: Ratio


def satisfaction(figures: WindowFigures) -> Satisfaction:
    """What a window's ratings say, as far as their number allows."""
    by_level = {level: figures.count(figure) for level, figure in RATED_AS.items()}
    ratings = figures.count(Figure.RATED)
    sample = sample_of(ratings)
    response = figures.ratio(Figure.CLOSED_RATED, Figure.CLOSED)
    if sample in {Sample.NONE, Sample.HIDDEN}:
        return Satisfaction(ratings, sample, None, None, None, None, response)
    satisfied = by_level[RatingLevel.SATISFIED]
    content = satisfied + by_level[RatingLevel.ACCEPTABLE]
    shares = percents(list(by_level.values()))
    return Satisfaction(
        ratings=ratings,
        sample=sample,
        index=Ratio(satisfied, ratings),
        interval=wilson(satisfied, ratings),
        not_dissatisfied=Ratio(content, ratings),
        shares=dict(zip(by_level, shares, strict=True)) if shares else None,
        response=response,
    )


def sample_of(ratings: int) -> Sample:
    """What a number of ratings allows to say."""
    if ratings == 0:
        return Sample.NONE
    if ratings < HIDDEN_BELOW:
        return Sample.HIDDEN
    return Sample.FEW if ratings < FEW_BELOW else Sample.ENOUGH


def rank_by_satisfaction(scopes: Iterable[tuple[Key, Satisfaction]]) -> dict[Key, RankRange]:
    """The rank range of each scope with ratings enough to be ranked; the others are left out."""
    ranked = [
        (key, one.interval)
        for key, one in scopes
        if one.sample is Sample.ENOUGH and one.interval is not None
    ]
    ranges = rank_ranges([interval for _, interval in ranked])
    return {key: ranks for (key, _), ranks in zip(ranked, ranges, strict=True)}


@dataclass(frozen=True, slots=True)
class OutcomeShare:
    """Closes of one outcome, with their percent of all; the percents add up to 100."""

    outcome: Outcome
    figure: Figure
    ratio: Ratio
    percent: Decimal


def outcome_shares(figures: WindowFigures) -> tuple[OutcomeShare, ...]:
    """How the closes of a window ended; empty when there was none."""
    counts = [figures.count(figure) for figure in CLOSED_AS.values()]
    shares = percents(counts)
    if shares is None:
        return ()
    return tuple(
        OutcomeShare(outcome, figure, Ratio(count, sum(counts)), share)
        for (outcome, figure), count, share in zip(CLOSED_AS.items(), counts, shares, strict=True)
    )


@dataclass(frozen=True, slots=True)
class DayPoint:
    """One day of a series; the rolling counts are of the 30 days ending with it."""

    day: date
    received: int
    closed: int
    rolling_ratings: int
    rolling_satisfied: int


def series(days: Mapping[date, DayFigures], window: Window) -> tuple[DayPoint, ...]:
    """A point for each day of a window, days without a row included."""
    points, nothing = [], DayFigures()
    for day in window.days:
        rolling = [days.get(day - timedelta(days=n), nothing).counts for n in range(ROLLING_DAYS)]
        points.append(
            DayPoint(
                day,
                received=rolling[0][Figure.RECEIVED],
                closed=rolling[0][Figure.CLOSED],
                rolling_ratings=sum(one[Figure.RATED] for one in rolling),
                rolling_satisfied=sum(one[Figure.RATED_SATISFIED] for one in rolling),
            )
        )
    return tuple(points)


def _speed_to_json(one: Speed) -> dict[str, Any]:
    return {
        "finished": one.finished,
        "open": one.open,
        "median": [one.median.minutes, one.median.reason.value, one.median.at_risk],
        "p90": [one.p90.minutes, one.p90.reason.value, one.p90.at_risk],
    }


def _speed_from_json(stored: Mapping[str, Any]) -> Speed:
    median, p90 = (
        Percentile(minutes, Shown(reason), at_risk)
        for minutes, reason, at_risk in (stored["median"], stored["p90"])
    )
    return Speed(stored["finished"], stored["open"], median, p90)
