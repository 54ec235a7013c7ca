"""The report of a month, a quarter or a year: what it says, frozen as plain values.

A report is made once, when its period is over, and says the same for ever. So everything it shows
stands in one document of plain values that depends on no language: each measure of the city, or of
one unit, and of each of its parts, as `figure_values` tells them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from feedback.domain.figure_values import BACKLOG, MEASURES, value_of
from feedback.domain.measures import STANDING, Figure
from feedback.domain.periods import Period, PeriodKind, periods_since
from feedback.domain.share_measures import ShareMeasure, share_lines
from feedback.domain.windows import WindowFigures

# Raised with every change of what a measure means; a report says by which ones it was made.
DEFINITIONS = 1
KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
LONGEST_REASON = 500
Document = Mapping[str, Any]


class ReportStage(StrEnum):
    """How far a report has come."""

    ORDERED = "ordered"  # it will be made by a job
    FROZEN = "frozen"  # its figures stand; its lists and files are being made
    READY = "ready"  # it never changes any more


@dataclass(frozen=True, slots=True)
class Named:
    """The figures of one scope, with its names; `before` where the window before was whole."""

    scope: str
    id: int
    name_vi: str
    name_en: str
    short: str
    figures: WindowFigures
    before: WindowFigures | None


# What a day of the period brought: received, closed, and open at its end.
Day = tuple[date, int, int, int]


def document_of(
    period: Period,
    whole: Named,
    parts: Mapping[str, Sequence[Named]],
    days: Iterable[Day],
    working_day_minutes: int,
) -> dict[str, Any]:
    """All a report says, as JSON can hold it; parts by their kind: unit, category, area."""
    return {
        "first": period.window.first.isoformat(),
        "last": period.window.last.isoformat(),
        "before_first": period.before.first.isoformat(),
        "before_last": period.before.last.isoformat(),
        "working_day_minutes": working_day_minutes,
        "whole": _told(whole),
        "parts": {kind: _parts(some) for kind, some in parts.items()},
        "days": [[day.isoformat(), *counts] for day, *counts in days],
    }


def values_of(figures: WindowFigures) -> dict[str, Any]:
    """Every measure that has something to tell. What stands at a moment belongs to no period, but
    for what was open at its end, the backlog's count."""
    told = {str(name): value_of(name, figures) for name in MEASURES if name not in STANDING}
    told[Figure.OPEN.value] = {"count": figures.backlog.count}
    return {name: value for name, value in told.items() if name == BACKLOG or _tells(value)}


def _tells(value: Mapping[str, Any]) -> bool:
    return bool(value) and value.get("count") != 0 and value.get("denominator") != 0


def count_in(told: Mapping[str, Any], figure: Figure | str) -> int | None:
    """A counted figure of one scope of a document; None where it is hidden."""
    value = told["values"].get(str(figure), {"count": 0})
    count: int | None = None if value.get("hidden") else value["count"]
    return count


def scope_in(document: Document, scope: str) -> Mapping[str, Any] | None:
    """What a document tells of a scope, or of a part of its own."""
    every = [document["whole"], *(one for some in document["parts"].values() for one in some)]
    return next((one for one in every if one["scope"] == scope), None)


def periods_to_report(first: date, today: date) -> list[Period]:
    """The latest month, quarter and year that are over, as far as there was anything then."""
    latest: dict[PeriodKind, Period] = {}
    for period in periods_since(min(first, today), today):
        if period.over and period.window.last >= first:
            latest[period.kind] = period
    return list(latest.values())


def differences(then: Mapping[str, Any], now: WindowFigures) -> dict[str, Any]:
    """The counts and shares of a scope that would be told differently today, as they are today."""
    today = values_of(now)
    names = [name.value for name in (*ShareMeasure, *Figure) if name not in STANDING]
    return {name: today.get(name) for name in names if then["values"].get(name) != today.get(name)}


def _told(one: Named) -> dict[str, Any]:
    return {
        "scope": one.scope,
        "id": one.id,
        "name_vi": one.name_vi,
        "name_en": one.name_en,
        "short": one.short,
        "values": values_of(one.figures),
        "before": values_of(one.before) if one.before else None,
    }


def _parts(some: Sequence[Named]) -> list[dict[str, Any]]:
    found = {one.id: {**_told(one), "judged": {}} for one in some}
    for measure in ShareMeasure:
        for line in share_lines(measure, ((one.id, one.figures, one.before) for one in some)):
            if not line.ratio.denominator:
                continue
            found[line.key]["judged"][measure.value] = {
                "sample": line.sample.value,
                "standing": line.standing.value if line.standing else None,
                "rank": [line.rank.best, line.rank.worst] if line.rank else None,
                "own": float(line.effect.own) if line.effect else None,
                "mix": float(line.effect.mix) if line.effect else None,
            }
    return sorted(found.values(), key=lambda one: (str(one["name_vi"]).casefold(), one["id"]))
