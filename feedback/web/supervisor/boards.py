"""Ready rows as what the overview shows: figures with their shares, and links to their cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from feedback.domain.day_figures import StoredDay
from feedback.domain.durations import Duration, TimeKey
from feedback.domain.intervals import RankRange
from feedback.domain.measures import CITY, Figure
from feedback.domain.periods import Window
from feedback.domain.shares import Ratio
from feedback.domain.states import Clock
from feedback.domain.windows import (
    DayPoint,
    OnTime,
    OutcomeShare,
    Satisfaction,
    Speed,
    WindowFigures,
    on_time_by_due,
    on_time_by_original_due,
    outcome_shares,
    rank_by_satisfaction,
    satisfaction,
    series,
)
from feedback.storage.models import StatisticsReady


@dataclass(frozen=True, slots=True)
class ScopeBoard:
    """One scope over one window, at its own data time. What was before is None unless whole."""

    scope: str
    period: str
    data_time: datetime
    working_day_minutes: int
    figures: WindowFigures
    before: WindowFigures | None
    by_original_due: OnTime
    by_due: OnTime
    original_due_before: Ratio | None
    satisfaction: Satisfaction
    satisfaction_before: Ratio | None
    outcomes: tuple[OutcomeShare, ...]

    @property
    def id(self) -> int:
        """The id of the unit or category the scope names."""
        return int(self.scope.partition(":")[2])

    def count(self, figure: str) -> int:
        """One figure."""
        return self.figures.count(Figure(figure))

    def speed(self, clock: str) -> Speed | None:
        """The time to answer on one clock; None when no round on it was started."""
        return self.figures.speeds.get(TimeKey(Duration.ANSWER, Clock(clock)))

    def link(self, figure: str) -> str:
        """The address of exactly the cases behind a figure."""
        return url_for(
            "supervisor.list_cases_of",
            figure=figure,
            scope=self.scope,
            window=self.period,
            as_of=self.data_time.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A unit or a category in its table. The rank is None where it is not ranked."""

    name: str
    board: ScopeBoard
    rank: RankRange | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything of the first page."""

    window: Window
    before: Window
    city: ScopeBoard
    units: list[Line]
    categories: list[Line]
    points: tuple[DayPoint, ...]


def overview(
    rows: Iterable[StatisticsReady],
    days: Mapping[date, StoredDay],
    units: Mapping[int, str],
    categories: Mapping[int, str],
) -> Overview | None:
    """The page's figures from the ready rows of one window; None while there are none.

    `days` are the city's, of the window and those its series roll over; `units` and `categories`
    are the names by id.
    """
    by_scope = {row.scope: row for row in rows}
    city = by_scope.get(CITY)
    if city is None:
        return None
    boards = [_board(row) for row in by_scope.values()]
    window, before = (
        Window(*(date.fromisoformat(city.figures[name]) for name in names))
        for names in (("first", "last"), ("before_first", "before_last"))
    )
    return Overview(
        window=window,
        before=before,
        city=_board(city),
        units=_lines([one for one in boards if one.scope.startswith("unit:")], units),
        categories=_lines([one for one in boards if one.scope.startswith("category:")], categories),
        points=series(days, window),
    )


def _lines(boards: list[ScopeBoard], names: Mapping[int, str]) -> list[Line]:
    """A table, the most satisfied first; those with too few ratings after them, by name."""
    ranks = rank_by_satisfaction((one.scope, one.satisfaction) for one in boards)
    lines = [Line(names.get(one.id, ""), one, ranks.get(one.scope)) for one in boards]
    return sorted(lines, key=_place)


def _place(line: Line) -> tuple[bool, float, str]:
    index = line.board.satisfaction.index
    share = float(index.share or 0) if index is not None and line.rank is not None else 0.0
    return (line.rank is None, -share, line.name)


def _board(row: StatisticsReady) -> ScopeBoard:
    figures = WindowFigures.from_json(row.figures["figures"])
    stored = row.figures["before"]
    before = WindowFigures.from_json(stored) if stored else None
    return ScopeBoard(
        scope=row.scope,
        period=row.period,
        data_time=row.data_time,
        working_day_minutes=row.figures["working_day_minutes"],
        figures=figures,
        before=before,
        by_original_due=on_time_by_original_due(figures),
        by_due=on_time_by_due(figures),
        original_due_before=on_time_by_original_due(before).answered if before else None,
        satisfaction=satisfaction(figures),
        satisfaction_before=satisfaction(before).index if before else None,
        outcomes=outcome_shares(figures),
    )
