"""What windows add up to: from their days, or from what they added up to before days changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedback.domain.backlog import Backlog, backlogs_before
from feedback.domain.day_figures import DayFigures, StoredDay
from feedback.domain.day_sums import NOTHING, DaySums, Total
from feedback.domain.periods import Period, Window
from feedback.domain.windows import WindowFigures

# How days of a scope have changed; None where a day was counted anew and nobody knows by how much.
Deltas = Mapping[date, DayFigures | None]


@dataclass(frozen=True, slots=True)
class Sums:
    """A window and the one it is compared with, and what was open at the end of both."""

    own: Total
    before: Total
    backlog: Backlog
    backlog_before: Backlog

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it, beside the figures, which hold what was open."""
        return {"own": self.own.to_json(), "before": self.before.to_json()}


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
            totals[period.before],
            backlogs[period.window.last],
            backlogs[period.before.last],
        )
        for period in periods
    }


def exchanged(
    row: tuple[Any, Any] | None, period: Period, changed: Deltas, now: Backlog, begun: date
) -> Sums | None:
    """What a window adds up to after some days have changed, from its ready row's figures and sums.

    Without a row it had nothing to tell. None where the row does not tell enough: its days are not
    the window's any more, a day was counted anew, or the window before was not compared with, as
    when nothing had come in by then.
    """
    figures, sums = row or _nothing(period)
    concerned = {day: delta for day, delta in changed.items() if day <= period.window.last}
    known = [delta for delta in concerned.values() if delta is not None]
    same_days = dates_of(period).items() <= figures.items()
    if sums is None or not same_days or len(known) < len(concerned):
        return None
    own = Total.from_json(sums["own"]).changed_by(_within(concerned, period.window))
    before = Total.from_json(sums["before"]).changed_by(_within(concerned, period.before))
    stood_before = Backlog(period.before.last)
    if figures["before"] is not None:
        stood_before = _moved(figures["before"], concerned)
    elif begun <= period.before.first or not own.counts:
        return None
    ends_now = period.window.last == now.day
    return Sums(
        own, before, now if ends_now else _moved(figures["figures"], concerned), stood_before
    )


def _nothing(period: Period) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures and sums of a window that has no ready row."""
    empty = Sums(NOTHING, NOTHING, Backlog(period.window.last), Backlog(period.before.last))
    figures, before = (
        WindowFigures({}, {}, backlog).to_json()
        for backlog in (empty.backlog, empty.backlog_before)
    )
    return {**dates_of(period), "figures": figures, "before": before}, empty.to_json()


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
