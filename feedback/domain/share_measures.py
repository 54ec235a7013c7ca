"""The measures that are shares, each with the one definition of its part and its whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from feedback.domain import funnel
from feedback.domain.intervals import Interval, RankRange, rank_ranges, wilson
from feedback.domain.measures import Figure
from feedback.domain.shares import Ratio
from feedback.domain.windows import Sample, WindowFigures, sample_of

Key = TypeVar("Key")


class ShareMeasure(StrEnum):
    """What share is told."""

    ON_TIME_ORIGINAL = "on_time_original"  # closed by the first deadline / due by it
    ON_TIME = "on_time"  # the same by the deadline after waiting and extensions
    FIXED_ON_TIME_ORIGINAL = "fixed_on_time_original"
    FIXED_ON_TIME = "fixed_on_time"
    FIXED = "fixed"  # closed as fixed / closed
    PROMISES_KEPT = "promises_kept"  # kept by their day / promises whose day has passed
    SATISFIED = "satisfied"  # the index: satisfied / ratings
    RESPONSE = "response"  # closes rated by now / closes
    REOPENED = "reopened"  # closes reopened since / closes
    REPEATED = "repeated"  # closes after which the same was reported again / closes


@dataclass(frozen=True, slots=True)
class ShareOf:
    """A share of cases. `good`: whether more of it is better. `rated`: it rests on ratings, which
    are a sample of what people think; the others are counts of all there was."""

    part: Figure
    whole: Figure
    good: bool = True
    rated: bool = False


SHARES: dict[ShareMeasure, ShareOf] = {
    ShareMeasure.ON_TIME_ORIGINAL: ShareOf(Figure.DUE_ORIGINAL_ON_TIME, Figure.DUE_ORIGINAL),
    ShareMeasure.ON_TIME: ShareOf(Figure.DUE_ON_TIME, Figure.DUE),
    ShareMeasure.FIXED_ON_TIME_ORIGINAL: ShareOf(
        Figure.DUE_ORIGINAL_FIXED_ON_TIME, Figure.DUE_ORIGINAL
    ),
    ShareMeasure.FIXED_ON_TIME: ShareOf(Figure.DUE_FIXED_ON_TIME, Figure.DUE),
    ShareMeasure.FIXED: ShareOf(Figure.CLOSED_FIXED, Figure.CLOSED),
    ShareMeasure.PROMISES_KEPT: ShareOf(Figure.PROMISED_KEPT_ON_TIME, Figure.PROMISED),
    ShareMeasure.SATISFIED: ShareOf(Figure.RATED_SATISFIED, Figure.RATED, rated=True),
    ShareMeasure.RESPONSE: ShareOf(Figure.CLOSED_RATED, Figure.CLOSED),
    ShareMeasure.REOPENED: ShareOf(Figure.CLOSED_REOPENED, Figure.CLOSED, good=False),
    ShareMeasure.REPEATED: ShareOf(Figure.CLOSED_REPEATED, Figure.CLOSED, good=False),
}


def ratio_of(measure: ShareMeasure, figures: WindowFigures) -> Ratio:
    """The share with its numerator and denominator."""
    told = SHARES[measure]
    return figures.ratio(told.part, told.whole)


def shown(measure: ShareMeasure, ratio: Ratio) -> Sample:
    """What may be said of a share: ratings of fewer than 5 people are hidden."""
    if not ratio.denominator:
        return Sample.NONE
    sample = sample_of(ratio.denominator)
    if sample is Sample.HIDDEN and not SHARES[measure].rated:
        return Sample.FEW
    return sample


@dataclass(frozen=True, slots=True)
class Effect:
    """What one part did to a share of the whole, from one window to the next, in share points.

    `own` comes from its own share, `mix` from how much of the whole it is. Over all parts they
    add up to the change of the whole exactly.
    """

    own: Fraction
    mix: Fraction

    @property
    def total(self) -> Fraction:
        """Both together."""
        return self.own + self.mix


def effects(parts: Mapping[Key, tuple[Ratio, Ratio]]) -> dict[Key, Effect]:
    """How a share changed because of each part, given as (before, now) by key.

    With weights w of the whole and shares p, the change Σ w₁p₁ - Σ w₀p₀ is split evenly (Kitagawa
    1955): own = (w₀+w₁)/2 · (p₁-p₀), mix = (w₁-w₀) · ((p₀+p₁)/2 - p̄), p̄ the mean of the whole's
    two shares. A part without cases in one of the windows has only a mix. Empty where one of the
    windows has no case at all, since nothing can be said to have changed.
    """
    wholes = [sum(pair[at].denominator for pair in parts.values()) for at in (0, 1)]
    if not all(wholes):
        return {}
    hits = [sum(pair[at].numerator for pair in parts.values()) for at in (0, 1)]
    mean = (Fraction(hits[0], wholes[0]) + Fraction(hits[1], wholes[1])) / 2
    found = {}
    for key, (before, now) in parts.items():
        weight = (Fraction(before.denominator, wholes[0]), Fraction(now.denominator, wholes[1]))
        had, has = before.share, now.share
        if had is None and has is None:
            continue
        first, second = (had if had is not None else has), (has if has is not None else had)
        first, second = first or Fraction(0), second or Fraction(0)
        found[key] = Effect(
            own=(weight[0] + weight[1]) / 2 * (second - first),
            mix=(weight[1] - weight[0]) * ((first + second) / 2 - mean),
        )
    return found


@dataclass(frozen=True, slots=True)
class ShareLine(Generic[Key]):
    """One unit, category or area in the table of a share.

    `interval` and `rank` stand only where ratings are told and enough; `standing` says whether it
    stands out from all together, None where it is too small to be judged. `effect` is None where
    nothing comes before, and where it would tell what few people said.
    """

    key: Key
    ratio: Ratio
    before: Ratio | None
    sample: Sample
    interval: Interval | None
    rank: RankRange | None
    standing: funnel.Standing | None
    effect: Effect | None


def share_lines(
    measure: ShareMeasure, scopes: Iterable[tuple[Key, WindowFigures, WindowFigures | None]]
) -> list[ShareLine[Key]]:
    """The table of a share by unit, category or area: (key, window, the one before or None)."""
    found = [
        (key, ratio_of(measure, figures), ratio_of(measure, before) if before else None)
        for key, figures, before in scopes
    ]
    told = SHARES[measure]
    judged = [(key, one) for key, one, _ in found if shown(measure, one) is Sample.ENOUGH]
    standings = funnel.standings([(one.numerator, one.denominator) for _, one in judged])
    stands = {key: standing for (key, _), (standing, _) in zip(judged, standings, strict=True)}
    intervals = {
        key: wilson(one.numerator, one.denominator) if told.rated else None
        for key, one, _ in found
        if shown(measure, one) in {Sample.FEW, Sample.ENOUGH}
    }
    ranked = {key: i for key, _ in judged if (i := intervals.get(key)) is not None}
    ranks = dict(zip(ranked, rank_ranges(list(ranked.values())), strict=True))
    changes = effects({key: (before, one) for key, one, before in found if before is not None})
    hidden = {
        key
        for key, *ratios in found
        if any(one is not None and shown(measure, one) is Sample.HIDDEN for one in ratios)
    }
    return [
        ShareLine(
            key,
            one,
            before,
            shown(measure, one),
            intervals.get(key),
            ranks.get(key),
            stands.get(key),
            None if key in hidden else changes.get(key),
        )
        for key, one, before in found
    ]
