"""What windows add up to: from their days, or from what they added up to before days changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedback.domain.backlog import Backlog, backlogs_before
from feedback.domain.day_figures import DayFigures, StoredDay
from feedback.domain.day_sums import NOTHING, DaySums, Total
from feedback.domain.periods import Period, Window
from feedback.domain.windows import OpenTimes, WindowFigures

# How days of a scope have changed; None where a day was counted anew and nobody knows by how much.
Deltas = Mapping[date, DayFigures | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ready row of a window holds; `sums_before` is read where it is needed only."""

    figures: Mapping[str, Any]
    sums: Mapping[str, Any] | None
    sums_before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """What a scope has open now and what runs on; `begun` is the day the first report of all came
    in."""

    backlog: Backlog
    times: OpenTimes
    begun: date


@dataclass(frozen=True, slots=True)
class Sums:
    """What a window and the one it is compared with add up to, and what was open at their ends.

    Where nothing of the one before has changed, `before` is None and `told_before` its figures.
    """

    own: Total
    backlog: Backlog
    before: Total | None
    backlog_before: Backlog
    told_before: Mapping[str, Any] | None = None


def sums_of_days(
    days: Mapping[date, StoredDay], periods: Collection[Period], now: Backlog
) -> dict[str, Sums]:
    """Of each window by its name, from the days of a scope; `now` is what it has open."""
    windows = {w for period in periods for w in (period.window, period.before)}
    flows = {day: one.flows for day, one in days.items()}
    backlogs = backlogs_before(now, flows, {window.last for window in windows})
    every = DaySums(days)
    totals = {window: every.of(window).condensed() for window in windows}
    return {
        period.name: Sums(
            totals[period.window],
            backlogs[period.window.last],
            totals[period.before],
            backlogs[period.before.last],
        )
        for period in periods
    }


def moves_before(kept: Kept, period: Period, changed: Deltas, times: OpenTimes) -> bool:
    """Whether the figures of the window before are other than its ready row tells.

    A day up to its end has changed, or the time of something in it runs on.
    """
    if any(day <= period.before.last for day in changed):
        return True
    return kept.figures["before"] is not None and times.any_in(period.before)


def exchanged(kept: Kept | None, period: Period, changed: Deltas, present: Present) -> Sums | None:
    """What a window adds up to after some days have changed, from what its ready row holds.

    Without a row it had nothing to tell. None where the row does not tell enough: its days are not
    the window's any more, a day was counted anew, or the window before was not compared with, as
    when nothing had come in by then.
    """
    kept = kept or _nothing(period)
    concerned = {day: delta for day, delta in changed.items() if day <= period.window.last}
    counted_anew = any(delta is None for delta in concerned.values())
    same_days = dates_of(period).items() <= kept.figures.items()
    if kept.sums is None or not same_days or counted_anew:
        return None
    own = Total.from_json(kept.sums).changed_by(_within(concerned, period.window))
    ends_now = period.window.last == present.backlog.day
    backlog = present.backlog if ends_now else _moved(kept.figures["figures"], concerned)
    compared = present.begun <= period.before.first
    told_before = kept.figures["before"] if compared else None
    if told_before is None and (compared or not own.counts):
        return None
    if not moves_before(kept, period, concerned, present.times):
        return Sums(own, backlog, None, Backlog(period.before.last), told_before)
    if kept.sums_before is None:
        return None
    before = Total.from_json(kept.sums_before).changed_by(_within(concerned, period.before))
    stood = _moved(told_before, concerned) if told_before else Backlog(period.before.last)
    return Sums(own, backlog, before, stood)


def _nothing(period: Period) -> Kept:
    """What a window without a ready row would hold."""
    ends = {"figures": period.window.last, "before": period.before.last}
    told = {name: WindowFigures({}, {}, Backlog(day)).to_json() for name, day in ends.items()}
    return Kept({**dates_of(period), **told}, NOTHING.to_json(), NOTHING.to_json())


def dates_of(period: Period) -> dict[str, str]:
    """The days of a window and of the one it is compared with, as a ready row names them."""
    return {
        "first": period.window.first.isoformat(),
        "last": period.window.last.isoformat(),
        "before_first": period.before.first.isoformat(),
        "before_last": period.before.last.isoformat(),
    }


def _within(changed: Deltas, window: Window) -> list[DayFigures]:
    return [delta for day, delta in changed.items() if delta is not None and day in window]


def _moved(figures: Mapping[str, Any], changed: Deltas) -> Backlog:
    """What was open at the end of a window, with what days up to then have changed by."""
    stood = WindowFigures.from_json(figures).backlog
    stock = dict(stood.by_received)
    for day, delta in changed.items():
        if delta is not None and day <= stood.day:
            for received_on, change in delta.flows.items():
                stock[received_on] = stock.get(received_on, 0) + change
    return Backlog(stood.day, {received_on: n for received_on, n in stock.items() if n})
