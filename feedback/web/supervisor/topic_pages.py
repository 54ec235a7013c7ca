"""A topic's page: its measures, and one of them by unit, category or area, chart and table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.durations import BY_CALENDAR, Duration, TimeKey
from feedback.domain.measures import TIMINGS, Figure
from feedback.domain.share_measures import SHARES, ShareMeasure
from feedback.domain.states import Clock
from feedback.domain.text import fold
from feedback.domain.windows import HIDDEN_BELOW, Sample, share_series
from feedback.web.supervisor.asking import Asked, asked
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.boards import Line, ScopeBoard, lines_of, share_lines_of
from feedback.web.supervisor.charts import Spot, backlog_chart, funnel_chart, share_chart
from feedback.web.supervisor.parts import backlogs_of, days_of, own_board, part_boards
from feedback.web.supervisor.scope_names import names_of_kind
from feedback.web.supervisor.shell import shell
from feedback.web.supervisor.topics import (
    SHARES_OF,
    TIMES,
    Topic,
)
from feedback.web.supervisor.ward_map import shades, ward_map
from feedback.wording.figures import age_words, percentile_words
from feedback.wording.measures import share_meaning, share_word, time_meaning, time_word


@dataclass(frozen=True, slots=True)
class TopicAsked:
    """What an address asks of a topic, and the figures: of the scope, and of its parts by name.

    `measure` is a share or a time; the backlog has None.
    """

    topic: Topic
    measure: Any
    question: Asked
    board: ScopeBoard | None
    lines: list[Line]


@pages.get("/topics/<topic>")
def show_topic(topic: str) -> ResponseReturnValue:
    """A topic over one window and scope. Raises NotFound for topics and measures there are not."""
    view = asked_topic(topic)
    board = view.board
    return render_template(
        f"supervisor/{_TEMPLATES[view.topic]}.html",
        topic=view.topic.value,
        board=board,
        lines=view.lines,
        Figure=Figure,
        **(_CONTENTS[view.topic](view.measure, view.question, board, view.lines) if board else {}),
        **shell(view.question, board),
    )


def asked_topic(topic: str) -> TopicAsked:
    """What the address asks of a topic. Raises NotFound for what there is not."""
    try:
        chosen = Topic(topic)
    except ValueError:
        raise NotFound from None
    question, measure = asked(), _asked_measure(chosen)
    times = chosen is Topic.TIMES
    board = own_board(question, times=times)
    lines: list[Line] = []
    if question.by is not None:
        parts = part_boards(question, question.by, times=times)
        lines = lines_of(parts, names_of_kind(question.by))
    return TopicAsked(
        chosen, measure, question, board, sorted(lines, key=lambda line: fold(line.name))
    )


def _share_page(
    measure: ShareMeasure, question: Asked, board: ScopeBoard, lines: list[Line]
) -> dict[str, Any]:
    offered = next(some for some in SHARES_OF.values() if measure in some)
    told = SHARES[measure]
    found = share_lines_of(measure, lines)
    told_of = [line for line in found if line.sample not in {Sample.NONE, Sample.HIDDEN}]
    days = days_of(board)
    rolling = share_series(days, board.window, told.part, told.whole)
    spots = [
        Spot(line.key, line.ratio.numerator, line.ratio.denominator, line.standing)
        for line in told_of
    ]
    shares = {line.key: float(line.ratio.share or 0) for line in told_of}
    return {
        "measure": measure,
        "told": told,
        "offered": [(one, share_word(one)) for one in offered],
        "meaning": share_meaning(measure),
        "share_lines": {line.key: line for line in found},
        "rolling": rolling,
        "chart": share_chart(rolling, rated=told.rated),
        "funnel": funnel_chart(spots) if question.by != "area" else None,
        "map": ward_map() if question.by == "area" else None,
        "shades": shades(shares, reverse=not told.good),
        "hidden_below": HIDDEN_BELOW,
    }


def _time_page(
    duration: Duration, question: Asked, board: ScopeBoard, lines: list[Line]
) -> dict[str, Any]:
    told = clocks_told(duration, board, lines)
    medians = {
        line.id: float(speed.median.minutes)
        for line in lines
        for clock in told[:1]
        if (speed := line.board.speed(clock, duration)) and speed.median.minutes is not None
    }
    return {
        "measure": duration,
        "offered": [(one, time_word(one)) for one in TIMES],
        "meaning": time_meaning(duration),
        "clocks": told,
        "timings": {clock: TIMINGS[TimeKey(duration, clock)] for clock in told},
        "by_calendar": duration in BY_CALENDAR,
        "percentile_words": percentile_words,
        "longest": {clock: _longest(lines, clock, duration) for clock in told},
        "map": ward_map() if question.by == "area" else None,
        "shades": shades(medians, reverse=True),
    }


def clocks_told(duration: Duration, board: ScopeBoard, lines: list[Line]) -> list[Clock]:
    """The clocks on which anything of a time was begun."""
    clocks = (Clock.ROUND_THE_CLOCK,) if duration in BY_CALENDAR else tuple(Clock)
    return [
        clock
        for clock in clocks
        if any(one.speed(clock, duration) for one in (board, *(line.board for line in lines)))
    ]


def _longest(lines: list[Line], clock: Clock, duration: Duration) -> int:
    """The longest 90th percentile or median in a table, which its bars are drawn against."""
    speeds = [line.board.speed(clock, duration) for line in lines]
    found = [
        one.minutes
        for speed in speeds
        if speed
        for one in (speed.median, speed.p90)
        if one.minutes is not None
    ]
    return max(found, default=0)


def _backlog_page(
    _measure: None, question: Asked, board: ScopeBoard, lines: list[Line]
) -> dict[str, Any]:
    days = backlogs_of(board)
    counts = {line.id: float(line.board.figures.backlog.count) for line in lines}
    return {
        "days": days,
        "chart": backlog_chart(days),
        "band_words": age_words(),
        "map": ward_map() if question.by == "area" else None,
        "shades": shades(counts, reverse=True),
    }


def _asked_measure(topic: Topic) -> Any:
    """The measure in the address, or the topic's first; the backlog is its own only one.

    Raises NotFound for one that is none of the topic's.
    """
    offered: tuple[ShareMeasure | Duration, ...] = SHARES_OF.get(topic, ())
    if topic is Topic.TIMES:
        offered = TIMES
    if not offered:
        return None
    name = request.args.get("measure", offered[0].value)
    found = next((one for one in offered if one.value == name), None)
    if found is None:
        raise NotFound
    return found


_TEMPLATES = {
    **dict.fromkeys(SHARES_OF, "share"),
    Topic.TIMES: "times",
    Topic.BACKLOG: "backlog",
}
_CONTENTS: dict[Topic, Callable[[Any, Asked, ScopeBoard, list[Line]], dict[str, Any]]] = {
    **dict.fromkeys(SHARES_OF, _share_page),
    Topic.TIMES: _time_page,
    Topic.BACKLOG: _backlog_page,
}
