"""The supervisor's first page: how many, how late, how fast, how satisfied, and who stands out.

The same page serves a unit, a category or an area, named as the scope in the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from feedback.domain.funnel import Standing
from feedback.domain.measures import Figure
from feedback.domain.share_measures import SHARES, ShareLine, ShareMeasure, shown
from feedback.domain.states import Clock
from feedback.domain.windows import HIDDEN_BELOW, Sample, series, share_series
from feedback.web.supervisor.asking import Asked, asked
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.boards import Line, ScopeBoard, lines_of, share_lines_of
from feedback.web.supervisor.charts import flow_chart, share_chart
from feedback.web.supervisor.parts import days_of, own_board, part_boards
from feedback.web.supervisor.shell import shell
from feedback.wording.figures import percentile_words

JUDGED = (ShareMeasure.ON_TIME_ORIGINAL, ShareMeasure.SATISFIED, ShareMeasure.REPEATED)
EXPLAINED = (ShareMeasure.ON_TIME_ORIGINAL, ShareMeasure.SATISFIED)
MOST_EFFECTS = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """A part that stands out in a share, or did most to change it. `good` says which way."""

    measure: ShareMeasure
    line: ShareLine[int]
    good: bool


@pages.get("")
def show() -> ResponseReturnValue:
    """Figures of one window and scope, read from ready rows only."""
    question = asked()
    board = own_board(question)
    shared = shell(question, board)
    if board is None:
        return render_template("supervisor/overview.html", board=None, **shared)
    tables = tables_of(question, shared["names"])
    return render_template(
        "supervisor/overview.html",
        board=board,
        **_charts(board),
        tables=tables,
        remarks=_remarks(tables),
        changes=_changes(board, tables),
        percentile_words=percentile_words,
        clocks=tuple(Clock),
        Figure=Figure,
        hidden_below=HIDDEN_BELOW,
        **shared,
    )


def tables_of(question: Asked, names: Mapping[str, Mapping[int, str]]) -> dict[str, list[Line]]:
    """The tables below, by the kind of part; areas have a page of their own with a map."""
    kinds = [kind for kind in question.parts if kind != "area"]
    return {kind: lines_of(part_boards(question, kind), names[kind]) for kind in kinds}


def _charts(board: ScopeBoard) -> dict[str, Any]:
    days = days_of(board)
    points = series(days, board.window)
    told = SHARES[ShareMeasure.SATISFIED]
    rolling = share_series(days, board.window, told.part, told.whole)
    return {
        "points": points,
        "rolling": rolling,
        "flow_chart": flow_chart(points),
        "satisfaction_chart": share_chart(rolling, rated=True),
    }


def _remarks(tables: dict[str, list[Line]]) -> dict[str, list[Remark]]:
    """Who stands out more than chance allows, by kind of part."""
    found: dict[str, list[Remark]] = {}
    for kind, lines in tables.items():
        for measure in JUDGED:
            for line in share_lines_of(measure, lines):
                if line.standing in {Standing.ABOVE, Standing.BELOW}:
                    good = (line.standing is Standing.ABOVE) == SHARES[measure].good
                    found.setdefault(kind, []).append(Remark(measure, line, good))
    return {kind: sorted(some, key=lambda one: one.good) for kind, some in found.items()}


def _changes(
    board: ScopeBoard, tables: dict[str, list[Line]]
) -> dict[str, list[tuple[ShareMeasure, list[Remark]]]]:
    """What did most to change a share from the window before, by kind of part.

    A share of the whole that too few people made is neither told nor explained.
    """
    told = [
        measure
        for measure in EXPLAINED
        if board.ratio_before(measure) is not None
        and shown(measure, board.ratio(measure)) is not Sample.HIDDEN
    ]
    found: dict[str, list[tuple[ShareMeasure, list[Remark]]]] = {}
    for kind, lines in tables.items():
        for measure in told:
            some = [line for line in share_lines_of(measure, lines) if line.effect is not None]
            some.sort(key=lambda line: -abs(line.effect.total) if line.effect else 0)
            moved = [
                Remark(measure, line, line.effect.total > 0)
                for line in some[:MOST_EFFECTS]
                if line.effect is not None and line.effect.total
            ]
            if moved:
                found.setdefault(kind, []).append((measure, moved))
    return found
