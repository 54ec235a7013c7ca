"""What a measure says of a scope, as plain values under stable names.

The command line, the files people download and the open data all print these; pages show the same
figures in words. A measure is named by a share, a duration, a counted figure, or "backlog".
"""

from collections.abc import Mapping
from typing import Any

from feedback.domain.backlog import AGE_LIMITS
from feedback.domain.durations import Duration
from feedback.domain.intervals import wilson
from feedback.domain.measures import Figure
from feedback.domain.share_measures import SHARES, ShareMeasure, ratio_of, shown
from feedback.domain.survival import Percentile
from feedback.domain.windows import Sample, Speed, WindowFigures, sample_of

BACKLOG = "backlog"
MEASURES = (*ShareMeasure, *Duration, BACKLOG, *Figure)
Values = Mapping[str, Any]


def value_of(measure: str, figures: WindowFigures) -> Values:
    """One measure of one scope and window. Raises ValueError for a name that is none.

    A share: numerator, denominator, percent; of ratings the ends of its 95 % interval too, and
    only the denominator where fewer than 5 rated. A time, by clock: minutes within which half and
    90 % ended, or the reason why that cannot be said, and how many cases it rests on. The backlog:
    how many are open, their ages, and the age half of them have. A figure: its count.
    """
    if measure == BACKLOG:
        return _backlog(figures)
    if measure in _SHARE_NAMES:
        return _share(ShareMeasure(measure), figures)
    if measure in _DURATION_NAMES:
        return {
            key.clock.value: _time(speed)
            for key, speed in sorted(figures.speeds.items())
            if key.duration == measure
        }
    if measure.startswith("rated_") and sample_of(figures.count(Figure.RATED)) is Sample.HIDDEN:
        return {"hidden": True}
    return {"count": figures.count(Figure(measure))}


def _share(measure: ShareMeasure, figures: WindowFigures) -> Values:
    ratio = ratio_of(measure, figures)
    if shown(measure, ratio) is Sample.HIDDEN:
        return {"denominator": ratio.denominator, "hidden": True}
    values: dict[str, Any] = {
        "numerator": ratio.numerator,
        "denominator": ratio.denominator,
        "percent": None if ratio.percent is None else float(ratio.percent),
    }
    interval = wilson(ratio.numerator, ratio.denominator) if SHARES[measure].rated else None
    if interval is not None:
        values |= {"low": round(100 * interval.low, 2), "high": round(100 * interval.high, 2)}
    return values


def _time(speed: Speed) -> Values:
    return {
        **_percentile("median", speed.median),
        **_percentile("p90", speed.p90),
        "cases": speed.started,
        "ended": speed.finished,
        "running": speed.open,
        "lost": speed.lost,
    }


def _percentile(name: str, one: Percentile) -> Values:
    return {f"{name}_minutes": one.minutes, f"{name}_reason": one.reason.value}


def _backlog(figures: WindowFigures) -> Values:
    backlog = figures.backlog
    names = [f"up_to_{limit}_days" for limit in AGE_LIMITS] + [f"over_{AGE_LIMITS[-1]}_days"]
    return {
        "day": backlog.day.isoformat(),
        "count": backlog.count,
        **dict(zip(names, backlog.bands, strict=True)),
        "median_age_days": backlog.median_age,
    }


_SHARE_NAMES = frozenset(one.value for one in ShareMeasure)
_DURATION_NAMES = frozenset(one.value for one in Duration)
