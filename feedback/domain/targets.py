"""What a unit has undertaken to reach with one share in one period, and whether it did.

A target is absolute ("95 % on time") or relative to an earlier period ("half as many late cases").
Either becomes one share to reach, exact, which the figure is held against.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction

from feedback.domain.intervals import wilson
from feedback.domain.periods import PeriodKind, Window, period_named
from feedback.domain.share_measures import SHARES, ShareMeasure, shown
from feedback.domain.shares import Ratio
from feedback.domain.windows import Sample

HUNDRED_PERCENT = 100 * 100  # targets are kept in hundredths of a percent
_LONG_AFTER = date(2100, 1, 1)


class TargetKind(StrEnum):
    """What the value of a target says."""

    ABSOLUTE = "absolute"  # the share itself
    RELATIVE = "relative"  # by how much what goes wrong changes against an earlier period


class Verdict(StrEnum):
    """How a figure stands to its target."""

    MET = "met"
    NOT_CERTAIN = "met_not_certain"  # the share reaches it, but so few ratings cannot prove it
    MISSED = "missed"
    NONE = "none"  # nothing to judge, or nothing to compare with
    HIDDEN = "hidden"  # too few ratings to say anything of them


def calendar_window(name: str) -> Window:
    """All days of a month, quarter or year, which may lie ahead. Raises ValueError for others."""
    period = period_named(name, _LONG_AFTER)
    if period.kind is PeriodKind.ROLLING:
        raise ValueError(f"{name!r} is no month, quarter or year")
    return period.window


def is_value_of(kind: TargetKind, value: int) -> bool:
    """Whether a value, in hundredths of a percent, can be a target.

    A share lies between 0 and 100 %; a change takes away something, at most all.
    """
    if kind is TargetKind.ABSOLUTE:
        return 0 <= value <= HUNDRED_PERCENT
    return -HUNDRED_PERCENT <= value < 0


def share_to_reach(
    measure: ShareMeasure, kind: TargetKind, value: int, base: Ratio | None = None
) -> Fraction | None:
    """The share a target asks for; None when there is nothing to compare a relative one with.

    absolute: value
    relative: the share of what goes wrong becomes wrong₀ · (1 + value), with `base` giving wrong₀:
    the share itself where less of it is better, else its complement. On time in 80 % before, with
    -50 %: late 20 % · ½ = 10 %, so 90 % on time. A base of too few ratings is told to nobody.
    """
    told = Fraction(value, HUNDRED_PERCENT)
    if kind is TargetKind.ABSOLUTE:
        return told
    if base is None or shown(measure, base) in {Sample.NONE, Sample.HIDDEN}:
        return None
    earlier = Fraction(base.numerator, base.denominator)
    if SHARES[measure].good:
        return 1 - (1 - earlier) * (1 + told)
    return earlier * (1 + told)


def nothing_went_wrong(measure: ShareMeasure, base: Ratio) -> bool:
    """Whether a period leaves nothing to lessen, so that no relative target can start from it."""
    best = base.denominator if SHARES[measure].good else 0
    return base.numerator == best


def verdict(measure: ShareMeasure, ratio: Ratio, wanted: Fraction | None) -> Verdict:
    """Whether a share reaches what is wanted of it.

    Complete counts compare the share itself. Ratings are a sample: met ⇔ the lower bound of the
    Wilson interval reaches it (where less is better: the upper bound does not exceed it), not
    certain when only the share does. No interval can prove a target of 100 % (or of 0 %, where
    less is better), so that one compares the share.
    """
    sample = shown(measure, ratio)
    if sample is Sample.HIDDEN:
        return Verdict.HIDDEN
    if sample is Sample.NONE or wanted is None:
        return Verdict.NONE
    told = SHARES[measure]
    sign = 1 if told.good else -1
    share = Fraction(ratio.numerator, ratio.denominator)
    if sign * share < sign * wanted:
        return Verdict.MISSED
    interval = wilson(ratio.numerator, ratio.denominator)
    if not told.rated or interval is None or wanted == (1 if told.good else 0):
        return Verdict.MET
    bound = Fraction(interval.low if told.good else interval.high)
    return Verdict.MET if sign * bound >= sign * wanted else Verdict.NOT_CERTAIN


def state_of(versions: Iterable[tuple[int, int]]) -> str:
    """The mark of some targets as they stand, of their ids and versions: any change changes it."""
    plain = ",".join(f"{key}:{version}" for key, version in sorted(versions))
    return hashlib.sha256(plain.encode()).hexdigest()
