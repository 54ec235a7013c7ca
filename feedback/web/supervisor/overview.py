"""The supervisor's first page: how many, how late, how fast, how satisfied, and who stands out."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.measures import Figure
from feedback.domain.states import Clock
from feedback.domain.windows import HIDDEN_BELOW, WINDOWS
from feedback.extensions import db
from feedback.storage.queries import statistics
from feedback.web.presenting import name_of
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.boards import overview
from feedback.web.supervisor.charts import flow_chart, satisfaction_chart
from feedback.web.supervisor.figure_words import percentile_words, short_name

DEFAULT_WINDOW = 30


@pages.get("")
def show() -> ResponseReturnValue:
    """Figures of one rolling window, read from ready rows only."""
    session, window = db.session(), asked_window()
    board = overview(
        statistics.board(session, window),
        {unit.id: short_name(unit) for unit in statistics.units(session)},
        {category.id: name_of(category) for category in statistics.categories(session)},
    )
    return render_template(
        "supervisor/overview.html",
        board=board,
        windows=WINDOWS,
        chosen=window,
        satisfaction_chart=satisfaction_chart(board.points) if board else None,
        flow_chart=flow_chart(board.points) if board else None,
        percentile_words=percentile_words,
        clocks=tuple(Clock),
        Figure=Figure,
        hidden_below=HIDDEN_BELOW,
    )


def asked_window() -> int:
    """The window in the address. Raises NotFound for one that is not kept."""
    try:
        window = int(request.args.get("window", DEFAULT_WINDOW))
    except ValueError:
        raise NotFound from None
    if window not in WINDOWS:
        raise NotFound
    return window
