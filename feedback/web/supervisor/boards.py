"""Ready rows as what pages show: figures with their shares, and links to exactly their cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for

from feedback.domain.backlog import Backlog
from feedback.domain.comparisons import Against
from feedback.domain.durations import Duration, TimeKey
from feedback.domain.intervals import RankRange
from feedback.domain.measures import Figure
from feedback.domain.periods import Window
from feedback.domain.share_measures import ShareLine, ShareMeasure, ratio_of, share_lines
from feedback.domain.shares import Ratio
from feedback.domain.states import Clock
from feedback.domain.windows import (
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
)
from feedback.operations.compare_with_year import Earlier
from feedback.storage.models import StatisticsReady


@dataclass(frozen=True, slots=True)
class ScopeBoard:
    """One scope over one window, at its own data time.

    `before` is the window it is held against, as `against` says; None unless counted whole.
    """

    scope: str
    period: str
    window: Window
    window_before: Window
    data_time: datetime
    working_day_minutes: int
    figures: WindowFigures
    before: WindowFigures | None
    against: Against = Against.BEFORE

    @property
    def by_original_due(self) -> OnTime:
        """On time by the first deadline."""
        return on_time_by_original_due(self.figures)

    @property
    def by_due(self) -> OnTime:
        """On time after waiting and extensions."""
        return on_time_by_due(self.figures)

    @property
    def satisfaction(self) -> Satisfaction:
        """What its ratings say."""
        return satisfaction(self.figures)

    @property
    def outcomes(self) -> tuple[OutcomeShare, ...]:
        """How its cases were closed."""
        return outcome_shares(self.figures)

    def count(self, figure: str) -> int:
        """One figure."""
        return self.figures.count(Figure(figure))

    def ratio(self, measure: str) -> Ratio:
        """A share."""
        return ratio_of(ShareMeasure(measure), self.figures)

    def ratio_before(self, measure: str) -> Ratio | None:
        """A share in the window before; None where there was none, or too few ratings to say."""
        if self.before is None:
            return None
        if ShareMeasure(measure) is ShareMeasure.SATISFIED:
            return satisfaction(self.before).index
        return ratio_of(ShareMeasure(measure), self.before)

    def speed(self, clock: str, duration: str = Duration.ANSWER) -> Speed | None:
        """A time on one clock; None when nothing of it was begun."""
        return self.figures.speeds.get(TimeKey(Duration(duration), Clock(clock)))

    def speed_before(self, clock: str, duration: str) -> Speed | None:
        """The same in the window before."""
        key = TimeKey(Duration(duration), Clock(clock))
        return self.before.speeds.get(key) if self.before else None

    def link(self, figure: str) -> str:
        """The address of exactly the cases behind a figure."""
        return url_for(
            "supervisor.list_cases_of",
            figure=figure,
            scope=self.scope,
            window=self.period,
            as_of=self.data_time.isoformat(),
            against=self.against if self.against is not Against.BEFORE else None,
        )

    def held_against(self, earlier: Earlier) -> "ScopeBoard":
        """The same beside the window one year earlier."""
        return replace(
            self,
            window_before=earlier.window,
            before=earlier.of(self.scope),
            against=Against.YEAR,
        )

    def silent(self, scope: str) -> "ScopeBoard":
        """Another scope over the same window, in which nothing was counted."""
        nothing = WindowFigures({}, {}, Backlog(self.figures.backlog.day))
        return replace(self, scope=scope, figures=nothing, before=nothing)


def board_of(row: StatisticsReady) -> ScopeBoard:
    """A ready row as a page shows it."""
    told = row.figures
    first, last, before_first, before_last = (
        date.fromisoformat(told[name]) for name in ("first", "last", "before_first", "before_last")
    )
    return ScopeBoard(
        scope=row.scope,
        period=row.period,
        window=Window(first, last),
        window_before=Window(before_first, before_last),
        data_time=row.data_time,
        working_day_minutes=told["working_day_minutes"],
        figures=WindowFigures.from_json(told["figures"]),
        before=WindowFigures.from_json(told["before"]) if told["before"] else None,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A unit, category or area in its table. The rank is None where it is not ranked."""

    id: int
    name: str
    board: ScopeBoard
    rank: RankRange | None


def lines_of(boards: Iterable[tuple[int, ScopeBoard]], names: Mapping[int, str]) -> list[Line]:
    """A table, the most satisfied first; those with too few ratings after them, by name."""
    found = list(boards)
    ranks = rank_by_satisfaction((key, board.satisfaction) for key, board in found)
    lines = [Line(key, names.get(key, ""), board, ranks.get(key)) for key, board in found]
    return sorted(lines, key=_place)


def share_lines_of(measure: ShareMeasure, lines: Iterable[Line]) -> list[ShareLine[int]]:
    """The table of a share, of the parts of some lines."""
    return share_lines(measure, ((one.id, one.board.figures, one.board.before) for one in lines))


def _place(line: Line) -> tuple[bool, float, str]:
    index = line.board.satisfaction.index
    share = float(index.share or 0) if index is not None and line.rank is not None else 0.0
    return (line.rank is None, -share, line.name)
