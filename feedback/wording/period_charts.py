"""The charts of a printed period report, as numbers and labels; its template draws them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import cycle
from typing import Any

from feedback.domain.period_reports import Document
from feedback.domain.share_measures import SHARES, ShareMeasure
from feedback.domain.windows import FEW_BELOW
from feedback.wording import _, in_english
from feedback.wording.measures import kind_word, share_word
from feedback.wording.numbers import number, percent
from feedback.wording.period_cells import Told, bounds_in_words, name_of, share_in_words

MOST_STEPS = 62  # more days than that are drawn by the week, more weeks by the month
MOST_LINES = 30
TICKS = 4
_LARGEST = 10


def charts_of(document: Document) -> dict[str, Any]:
    """What came in and was closed, what was open, and how the parts of the whole compare."""
    steps, by = _steps([_day(row) for row in document["days"]])
    flows_top = _round_top(max((max(one["received"], one["closed"]) for one in steps), default=0))
    open_top = _round_top(max((one["open"] for one in steps), default=0))
    kind = next((kind for kind, some in document["parts"].items() if some), None)
    parts = document["parts"][kind] if kind else []
    return {
        "flows": {
            "title": _("Received and closed, by %(step)s", step=by),
            "words": [_("Received"), _("Closed")],
            "steps": steps,
            "top": flows_top,
            "ticks": _ticks(flows_top),
        },
        "open": {
            "title": _("Open at the end of each %(step)s", step=by),
            "words": [_("Open")],
            "steps": steps,
            "top": open_top,
            "ticks": _ticks(open_top),
        },
        "shares": [
            chart
            for measure in (ShareMeasure.ON_TIME_ORIGINAL, ShareMeasure.SATISFIED)
            if kind and (chart := _lines(measure, kind, parts, document["whole"]))["lines"]
        ],
    }


def _day(row: Sequence[Any]) -> tuple[date, int, int, int]:
    day, received, closed, opened = row
    return date.fromisoformat(day), received, closed, opened


def _steps(days: Sequence[tuple[date, int, int, int]]) -> tuple[list[dict[str, Any]], str]:
    """The days, or weeks, or months, each with its label, and what a step is called."""
    first = days[0][0] if days else date.min
    by_week = {(day - first).days // 7 for day, *_counts in days}
    if len(days) <= MOST_STEPS:
        return _grouped(days, lambda day: (day - first).days, "%d/%m"), _("day")
    if len(by_week) <= MOST_STEPS:
        return _grouped(days, lambda day: (day - first).days // 7, "%d/%m"), _("week")
    return _grouped(days, lambda day: day.year * 12 + day.month, "%m/%Y"), _("month")


def _grouped(
    days: Sequence[tuple[date, int, int, int]], step_of: Callable[[date], int], pattern: str
) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for day, received, closed, opened in days:
        step = found.setdefault(
            step_of(day), {"label": f"{day:{pattern}}", "received": 0, "closed": 0, "open": 0}
        )
        step["received"] += received
        step["closed"] += closed
        step["open"] = opened  # a stock: that of the last day
    return list(found.values())


def _lines(measure: ShareMeasure, kind: str, parts: Sequence[Told], whole: Told) -> dict[str, Any]:
    """One measure of each part on a scale from 0 to 100 %, those with the most cases."""
    of = SHARES[measure]
    told = [(one, one["values"].get(measure.value)) for one in parts]
    shown = [(one, value) for one, value in told if value and not value.get("hidden")]
    largest = sorted(shown, key=lambda pair: -pair[1]["denominator"])[:MOST_LINES]
    lines = [_line(one, value, of.rated) for one, value in largest]
    all_together = whole["values"].get(measure.value) or {}
    return {
        "title": f"{share_word(measure)}, {kind_word(kind).lower()}",
        "lines": sorted(lines, key=lambda line: (-line["share"], line["name"])),
        "whole": None if all_together.get("hidden") else _share(all_together),
        "whole_word": _("All together: %(share)s", share=share_in_words(all_together)),
        "ticks": [[step / TICKS, str(percent(step / TICKS, 0))] for step in range(TICKS + 1)],
        "note": _("The %(count)s with the most cases.", count=MOST_LINES)
        if len(shown) > MOST_LINES
        else "",
    }


def _line(told: Told, value: Mapping[str, Any], rated: bool) -> dict[str, Any]:
    return {
        "name": (not in_english() and told["short"]) or name_of(told),
        "share": _share(value),
        "low": value["low"] / 100 if value.get("low") is not None else None,
        "high": value["high"] / 100 if value.get("high") is not None else None,
        "said": share_in_words(value),
        "of": " · ".join(
            part
            for part in (
                bounds_in_words(value),
                f"{number(value['numerator'])} / {number(value['denominator'])}",
            )
            if part
        ),
        "few": rated and value["denominator"] < FEW_BELOW,
    }


def _share(value: Mapping[str, Any]) -> float | None:
    if not value.get("denominator"):
        return None
    return float(value["numerator"] / value["denominator"])


def _ticks(top: int) -> list[list[Any]]:
    return [[top * step // TICKS, number(top * step // TICKS)] for step in range(TICKS + 1)]


def _round_top(value: int) -> int:
    """A round number at least as large, that the ticks divide."""
    size = TICKS
    steps = cycle((2, 5, 10))  # 4, 8, 20, 40, 80, 200, …
    unit = size
    while size < value:
        factor = next(steps)
        size = unit * factor
        if factor == _LARGEST:
            unit = size
    return size
