"""Ratings of service counters: which are doubtful, and what a window of them honestly says.

They are never merged with the ratings of cases, and as whoever presses chooses to, they say nothing
of those who did not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from feedback.domain.intervals import Interval, wilson
from feedback.domain.shares import Ratio, percents
from feedback.domain.states import CounterChannel, CounterFlag, RatingLevel
from feedback.domain.windows import Sample, sample_of

REPEATED_WITHIN = timedelta(minutes=10)
FASTER_THAN_PEOPLE = timedelta(seconds=2)

Counts = Mapping[tuple[CounterChannel, RatingLevel, bool], int]
"""How many ratings by channel, level and whether they are flagged."""


def flag_of(now: datetime, last_press: datetime | None, *, at_kiosk: bool) -> CounterFlag | None:
    """Why a press is doubtful, by the moment of the same device's last one at this counter.

    At a registered kiosk one person follows another, so that only presses faster than people make
    are doubtful there.
    """
    if last_press is None:
        return None
    passed = now - last_press
    if passed < FASTER_THAN_PEOPLE:
        return CounterFlag.BURST
    if not at_kiosk and passed < REPEATED_WITHIN:
        return CounterFlag.REPEAT
    return None


@dataclass(frozen=True, slots=True)
class Rush:
    """When one counter is pressed too often: more than `presses` times `within` a stretch of time.

    The operator sets both (see `config.Settings`).
    """

    presses: int = 30
    within: timedelta = timedelta(minutes=10)


USUAL_RUSH = Rush()


def rush_so_far(now: datetime, before: Sequence[datetime], rush: Rush) -> frozenset[datetime]:
    """The moments of all presses of a rush that the press at `now` makes known.

    `before` are earlier presses at the same counter, by whatever device. The stretch is half open,
    so that a press just `within` ago is not in it. Without a rush there is none.
    """
    together = [at for at in before if now - rush.within < at <= now]
    return frozenset({*together, now}) if len(together) + 1 > rush.presses else frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """What some ratings say: index = satisfied share with its Wilson 95 % interval.

    `shares` are percent by level that add up to 100. All three are None below 5 ratings.
    """

    ratings: int
    sample: Sample
    index: Ratio | None
    interval: Interval | None
    shares: Mapping[RatingLevel, Decimal] | None


@dataclass(frozen=True, slots=True)
class CounterFigures:
    """One counter over one window: all its ratings, those without a flag, and each channel alone.

    A pooled figure stands only beside its mix of channels.
    """

    everything: Said
    unflagged: Said
    flagged: int
    channels: Mapping[CounterChannel, Said]


def counter_figures(counts: Counts) -> CounterFigures:
    """The figures of one counter from its counts."""
    used = [channel for channel in CounterChannel if any(key[0] is channel for key in counts)]
    return CounterFigures(
        everything=_said(counts),
        unflagged=_said({key: count for key, count in counts.items() if not key[2]}),
        flagged=sum(count for key, count in counts.items() if key[2]),
        channels={
            channel: _said({key: count for key, count in counts.items() if key[0] is channel})
            for channel in used
        },
    )


def _said(counts: Counts) -> Said:
    by_level = {
        level: sum(count for key, count in counts.items() if key[1] is level)
        for level in RatingLevel
    }
    total = sum(by_level.values())
    sample = sample_of(total)
    if sample in {Sample.NONE, Sample.HIDDEN}:
        return Said(total, sample, None, None, None)
    satisfied = by_level[RatingLevel.SATISFIED]
    shares = percents(list(by_level.values()))
    return Said(
        ratings=total,
        sample=sample,
        index=Ratio(satisfied, total),
        interval=wilson(satisfied, total),
        shares=dict(zip(by_level, shares, strict=True)) if shares else None,
    )
