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

from feedback.domain.backlog import Backlog
from feedback.domain.day_figures import Counts
from feedback.domain.day_sums import Total
from feedback.domain.durations import TIME_KEYS, TimeKey
from feedback.domain.intervals import Interval, RankRange, rank_ranges, wilson
from feedback.domain.measures import CLOSED_AS, FIGURES, RATED_AS, Figure
from feedback.domain.periods import Window
from feedback.domain.samples import NO_TIMES, TimeSample, percentiles
from feedback.domain.shares import Ratio, percents
from feedback.domain.states import Outcome, RatingLevel
from feedback.domain.survival import MEDIAN, P90, Percentile, Shown

ROLLING_DAYS = 30  # of the series of shares
NO_COUNTS: Counts = {}
HIDDEN_BELOW = 5
FEW_BELOW = 30

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Speed:
    """How long the cases of a window's cohort took, by Kaplan–Meier.

    `finished` ended, `open` run on, `lost` left untimed; both of these count as "at least".
    """

    finished: int
    open: int
    lost: int
    median: Percentile
    p90: Percentile

    @property
    def started(self) -> int:
        """All cases the estimate rests on."""
        return self.finished + self.open + self.lost


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """The figures of one scope over one window, and its backlog at the end of the last day.

    `counts` has no zeros, `speeds` only what had a case.
    """

    counts: Mapping[Figure, int]
    speeds: Mapping[TimeKey, Speed]
    backlog: Backlog

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.counts or self.speeds or self.backlog.by_received)

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
            "speeds": {
                key.name: _speed_to_json(speed) for key, speed in sorted(self.speeds.items())
            },
            "backlog": {
                "day": self.backlog.day.isoformat(),
                "by_received": {
                    day.isoformat(): reports
                    for day, reports in sorted(self.backlog.by_received.items())
                },
            },
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "WindowFigures":
        """The inverse of `to_json`."""
        backlog = stored["backlog"]
        return cls(
            {FIGURES[name]: count for name, count in stored["counts"].items()},
            {TimeKey.named(name): _speed_from_json(one) for name, one in stored["speeds"].items()},
            Backlog(
                date.fromisoformat(backlog["day"]),
                {date.fromisoformat(day): n for day, n in backlog["by_received"].items()},
            ),
        )


def tells_nothing(stored: Mapping[str, Any]) -> bool:
    """Whether figures as the store keeps them are `empty`."""
    return not (stored["counts"] or stored["speeds"] or stored["backlog"]["by_received"])


@dataclass(slots=True)
class OpenTimes:
    """The times of one scope that run on: minutes so far by the local day of their cohort."""

    by_day: dict[date, dict[TimeKey, list[int]]] = field(default_factory=dict)

    def add(self, day: date, key: TimeKey, minutes: int) -> None:
        """One time that runs on."""
        self.by_day.setdefault(day, {}).setdefault(key, []).append(minutes)

    def any_in(self, window: Window) -> bool:
        """Whether anything of a window's cohorts runs on."""
        return any(day in window for day in self.by_day)

    def begun_in(self, window: Window) -> dict[TimeKey, TimeSample]:
        """Those of a window's cohorts."""
        found: dict[TimeKey, list[int]] = {}
        for day, times in self.by_day.items():
            if day in window:
                for key, some in times.items():
                    found.setdefault(key, []).extend(some)
        return {key: TimeSample.of(minutes, [1] * len(minutes)) for key, minutes in found.items()}


def window_figures(
    total: Total, running: OpenTimes, window: Window, backlog: Backlog
) -> WindowFigures:
    """The figures of a window: what its day rows add up to, what runs on censored."""
    still = running.begun_in(window)
    speeds = {
        key: speed(
            total.finished.get(key, NO_TIMES),
            still.get(key, NO_TIMES),
            total.lost.get(key, NO_TIMES),
        )
        for key in TIME_KEYS
        if key in total.finished or key in still or key in total.lost
    }
    return WindowFigures(total.counts, speeds, backlog)


def speed(finished: TimeSample, running: TimeSample, lost: TimeSample) -> Speed:
    """Median and 90th percentile, what runs on and what was lost counted as "at least"."""
    censored = TimeSample.joined([running, lost])
    median, p90 = percentiles(finished, censored, (MEDIAN, P90))
    return Speed(finished.size, running.size, lost.size, median, p90)


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
    """One day of a series."""

    day: date
    received: int
    closed: int


def series(days: Mapping[date, Counts], window: Window) -> tuple[DayPoint, ...]:
    """A point for each day of a window, days without a row included."""
    counts = [(day, days.get(day, NO_COUNTS)) for day in window.days]
    return tuple(
        DayPoint(day, own.get(Figure.RECEIVED, 0), own.get(Figure.CLOSED, 0)) for day, own in counts
    )


@dataclass(frozen=True, slots=True)
class SharePoint:
    """A share over the `ROLLING_DAYS` days that end with `day`."""

    day: date
    ratio: Ratio


def share_series(
    days: Mapping[date, Counts], window: Window, part: Figure, whole: Figure
) -> tuple[SharePoint, ...]:
    """A share day by day, each over the days before it too, so that weekdays do not show."""
    reach = Window(window.first - timedelta(days=ROLLING_DAYS - 1), window.last).days
    daily = [days.get(day, NO_COUNTS) for day in reach]
    points = []
    for at, day in enumerate(window.days):
        rolling = daily[at : at + ROLLING_DAYS]
        parts, wholes = (sum(one.get(figure, 0) for one in rolling) for figure in (part, whole))
        points.append(SharePoint(day, Ratio(parts, wholes)))
    return tuple(points)


def _speed_to_json(one: Speed) -> dict[str, Any]:
    return {
        "finished": one.finished,
        "open": one.open,
        "lost": one.lost,
        "median": [one.median.minutes, one.median.reason.value, one.median.at_risk],
        "p90": [one.p90.minutes, one.p90.reason.value, one.p90.at_risk],
    }


def _speed_from_json(stored: Mapping[str, Any]) -> Speed:
    median, p90 = (
        Percentile(minutes, Shown(reason), at_risk)
        for minutes, reason, at_risk in (stored["median"], stored["p90"])
    )
    return Speed(stored["finished"], stored["open"], stored["lost"], median, p90)
