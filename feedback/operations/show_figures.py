"""Figures as tables: what the supervisors' pages show, for files and other programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.comparisons import Against
from feedback.domain.durations import Duration
from feedback.domain.errors import Invalid
from feedback.domain.figure_values import MEASURES, Values, value_of
from feedback.domain.measures import CITY
from feedback.domain.periods import period_named
from feedback.domain.windows import WindowFigures
from feedback.operations.city import City
from feedback.operations.compare_with_year import compare_with_year
from feedback.operations.transaction import reading
from feedback.storage.models import StatisticsReady
from feedback.storage.queries import figure_cases, statistics

KINDS = ("unit", "category", "area")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One scope over one window at its data time; `values` by measure, `before` where known."""

    scope: str
    name: str
    first: date
    last: date
    data_time: datetime
    values: Mapping[str, Values]
    before: Mapping[str, Values] | None


def show_figures(
    *,
    period: str,
    by: str,
    measures: Sequence[str],
    city: City,
    now: datetime,
    against: Against = Against.BEFORE,
) -> list[FigureRow]:
    """The rows of the city, or of each of its units, categories or areas, by name.

    `before` is of the window just before, or of the same one a year earlier, as `against` says.
    `by` is "city" or one of KINDS. Raises Invalid naming `window`, `by` or `measure`.
    """
    try:
        asked = period_named(period, now.astimezone(city.zone).date())
    except ValueError:
        raise Invalid({"window": "unknown_window"}) from None
    if by not in {CITY, *KINDS}:
        raise Invalid({"by": "unknown"})
    if not measures or not set(measures) <= set(MEASURES):
        raise Invalid({"measure": "unknown"})
    with reading() as session:
        rows = _rows(session, period, by)
        names = {} if by == CITY else _names(session, by)
        found = [_row(row, names.get(row.scope, ""), measures) for row in rows]
        if against is Against.YEAR:
            earlier = compare_with_year(
                session,
                period=asked,
                scope=CITY,
                by=None if by == CITY else by,
                times=any(measure in set(Duration) for measure in measures),
                city=city,
            )
            found = [replace(row, before=_values(earlier.of(row.scope), measures)) for row in found]
        return sorted(found, key=lambda row: (row.name, row.scope))


def flat(rows: Iterable[FigureRow]) -> list[dict[str, Any]]:
    """The rows with every value in a column of its own: "time_to_answer.working.p90_minutes"."""
    return [
        {
            "scope": row.scope,
            "name": row.name,
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
            "data_time": row.data_time.isoformat(),
            **_flattened("", row.values),
            **_flattened("before.", row.before or {}),
        }
        for row in rows
    ]


def _flattened(prefix: str, values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _flattened(f"{prefix}{name}.", value)
        else:
            found[f"{prefix}{name}"] = value
    return found


def _rows(session: Session, period: str, by: str) -> list[StatisticsReady]:
    if by == CITY:
        row = statistics.ready_row(session, CITY, period)
        return [row] if row else []
    return [row for row in statistics.board(session, period, (by,)) if row.scope != CITY]


def _row(row: StatisticsReady, name: str, measures: Sequence[str]) -> FigureRow:
    told = row.figures
    figures = WindowFigures.from_json(told["figures"])
    before = WindowFigures.from_json(told["before"]) if told["before"] else None
    return FigureRow(
        row.scope,
        name,
        date.fromisoformat(told["first"]),
        date.fromisoformat(told["last"]),
        row.data_time,
        _values(figures, measures) or {},
        _values(before, measures),
    )


def _values(figures: WindowFigures | None, measures: Sequence[str]) -> dict[str, Values] | None:
    return {measure: value_of(measure, figures) for measure in measures} if figures else None


def _names(session: Session, kind: str) -> dict[str, str]:
    named: Iterable[tuple[int, str]]
    if kind == "unit":
        named = ((unit.id, unit.name) for unit in figure_cases.units(session))
    elif kind == "category":
        named = ((one.id, one.name_vi) for one in figure_cases.categories(session))
    else:
        named = ((area.id, area.full_name) for area in figure_cases.areas(session))
    return {f"{kind}:{number}": name for number, name in named}
