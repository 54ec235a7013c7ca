"""The supervisor's first page: how many, how late, how fast, how satisfied, and who stands out."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.day_figures import StoredDay
from feedback.domain.measures import CITY, Figure
from feedback.domain.periods import ONE_DAY, ROLLING, period_named
from feedback.domain.states import Clock
from feedback.domain.windows import HIDDEN_BELOW, ROLLING_DAYS
from feedback.extensions import db
from feedback.storage.queries import figure_cases, statistics
from feedback.web import context
from feedback.web.presenting import name_of
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.boards import overview
from feedback.web.supervisor.charts import flow_chart, satisfaction_chart
from feedback.web.supervisor.figure_words import percentile_words, short_name

DEFAULT_WINDOW = "30"


@pages.get("")
def show() -> ResponseReturnValue:
    """Figures of one rolling window, read from ready rows only."""
    session, window = db.session(), asked_window()
    days = period_named(window, context.today()).window
    counts = statistics.day_counts(session, CITY, days.first - ROLLING_DAYS * ONE_DAY, days.last)
    board = overview(
        statistics.board(session, window, ("unit", "category")),
        {day: StoredDay.from_json(stored) for day, stored in counts.items()},
        {unit.id: short_name(unit) for unit in figure_cases.units(session)},
        {category.id: name_of(category) for category in figure_cases.categories(session)},
    )
    return render_template(
        "supervisor/overview.html",
        board=board,
        windows=[str(days) for days in ROLLING],
        chosen=window,
        satisfaction_chart=satisfaction_chart(board.points) if board else None,
        flow_chart=flow_chart(board.points) if board else None,
        percentile_words=percentile_words,
        clocks=tuple(Clock),
        Figure=Figure,
        hidden_below=HIDDEN_BELOW,
    )


def asked_window() -> str:
    """The name of the window in the address. Raises NotFound for one that is none."""
    name = request.args.get("window", DEFAULT_WINDOW)
    try:
        period_named(name, context.today())
    except ValueError:
        raise NotFound from None
    return name
