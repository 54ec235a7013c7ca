"""The rows of one page: a scope's own, and those of its parts."""

from collections.abc import Sequence
from datetime import date

from feedback.domain.backlog import Backlog, backlog_by_day
from feedback.domain.comparisons import Against
from feedback.domain.day_figures import Counts, counts_from_json, flows_from_json
from feedback.domain.measures import CITY
from feedback.domain.periods import ONE_DAY
from feedback.domain.windows import ROLLING_DAYS
from feedback.extensions import db
from feedback.operations.compare_with_year import compare_with_year
from feedback.storage.models import StatisticsReady
from feedback.storage.queries import statistics
from feedback.web import context
from feedback.web.supervisor.asking import Asked
from feedback.web.supervisor.boards import ScopeBoard, board_of
from feedback.web.supervisor.scope_names import part_id


def own_board(asked: Asked, *, times: bool = False) -> ScopeBoard | None:
    """The figures of the scope itself; None where there is nothing to tell.

    The times of a window one year earlier are told only where `times` are wanted.
    """
    row = statistics.ready_row(db.session(), asked.scope.name, asked.period.name)
    if row is None:
        return None
    return _held_against(asked, [board_of(row)], None, times)[0]


def part_boards(asked: Asked, by: str, *, times: bool = False) -> list[tuple[int, ScopeBoard]]:
    """The figures of each part of a scope, by the part's id; `times` as above."""
    boards = [
        board_of(row) for row in _part_rows(asked, by) if row.scope not in {asked.scope.name, CITY}
    ]
    return [(part_id(board.scope, by), board) for board in _held_against(asked, boards, by, times)]


def _held_against(
    asked: Asked, boards: list[ScopeBoard], by: str | None, times: bool
) -> list[ScopeBoard]:
    """Boards beside the window that is asked for; also those of which only that has figures."""
    if asked.against is not Against.YEAR:
        return boards
    session = db.session()
    earlier = compare_with_year(
        session,
        period=asked.period,
        scope=asked.scope.name,
        by=by,
        times=times,
        city=context.city(),
    )
    whole = statistics.ready_row(session, asked.scope.name, asked.period.name)
    only_then = set(earlier.figures or ()) - {board.scope for board in boards}
    if whole is not None and by is not None:
        boards = boards + [board_of(whole).silent(scope) for scope in sorted(only_then)]
    return [board.held_against(earlier) for board in boards]


def days_of(board: ScopeBoard) -> dict[date, Counts]:
    """A scope day by day over the window of its board, and the days its rolling series reach back
    to."""
    first = board.window.first - ROLLING_DAYS * ONE_DAY
    counts = statistics.day_counts(db.session(), board.scope, first, board.window.last)
    return {day: counts_from_json(told) for day, told in counts.items()}


def backlogs_of(board: ScopeBoard) -> list[Backlog]:
    """What was open at the end of each day of the window of a board, the first day first."""
    window = board.window
    stored = statistics.day_flows(db.session(), board.scope, window.first, window.last)
    flows = {day: flows_from_json(told) for day, told in stored.items()}
    return list(backlog_by_day(board.figures.backlog, flows, window.first))[::-1]


def _part_rows(asked: Asked, by: str) -> Sequence[StatisticsReady]:
    session = db.session()
    if asked.scope.name == CITY:
        return statistics.board(session, asked.period.name, (by,))
    return statistics.crossed(session, asked.period.name, asked.scope.name)
