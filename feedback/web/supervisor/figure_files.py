"""The tables of the pages of figures as files: the same window, scope, parts and comparison."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.period_reports import DEFINITIONS
from feedback.domain.share_measures import SHARES, ShareMeasure
from feedback.domain.windows import series, share_series
from feedback.printing.sheets import Cell, Sheet, workbook
from feedback.web import context
from feedback.web.csv_files import csv_response
from feedback.web.supervisor.asking import Asked, asked
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.boards import Line, ScopeBoard
from feedback.web.supervisor.figure_sheets import (
    backlog_sheet,
    flow_sheet,
    overview_sheet,
    share_days_sheet,
    share_sheet,
    stock_sheet,
    time_sheet,
)
from feedback.web.supervisor.overview import tables_of
from feedback.web.supervisor.parts import backlogs_of, days_of, own_board
from feedback.web.supervisor.scope_names import names_of_kind, scope_name
from feedback.web.supervisor.topic_pages import TopicAsked, asked_topic, clocks_told
from feedback.web.supervisor.topics import Topic, topic_word
from feedback.web.workbooks import xlsx_response
from feedback.wording import _
from feedback.wording.comparisons import comparison_word, earlier_word

FORMS = ("csv", "xlsx")


@pages.get("/overview.<table_form>")
def download_overview(table_form: str) -> ResponseReturnValue:
    """The tables of the first page; as CSV the one of the kind of part in the address."""
    question = asked()
    board = own_board(question)
    if table_form not in FORMS or board is None:
        raise NotFound
    tables = tables_of(question, {kind: names_of_kind(kind) for kind in question.parts})
    if table_form == "csv" and question.by is not None:
        tables = {kind: lines for kind, lines in tables.items() if kind == question.by}
        if not tables:
            raise NotFound
    if not tables:
        tables = {question.kind: [_own_line(question, board)]}
    days = days_of(board)
    told = SHARES[ShareMeasure.SATISFIED]
    rolling = share_series(days, board.window, told.part, told.whole)
    sheets = [overview_sheet(kind, lines) for kind, lines in tables.items()]
    sheets.append(flow_sheet(series(days, board.window), rolling))
    return _file(("overview", _("Overview")), sheets, question, board, table_form)


@pages.get("/topics/<topic>.<table_form>")
def download_topic(topic: str, table_form: str) -> ResponseReturnValue:
    """The table of a topic's page; a workbook has its chart's days too."""
    view = asked_topic(topic)
    if table_form not in FORMS or view.board is None:
        raise NotFound
    sheets = _topic_sheets(view, view.board)
    name = "-".join(word for word in (view.topic.value, view.measure) if word)
    return _file((name, topic_word(view.topic)), sheets, view.question, view.board, table_form)


def _topic_sheets(view: TopicAsked, board: ScopeBoard) -> list[Sheet]:
    question, earlier = view.question, earlier_word(view.question.against)
    kind = question.by or question.kind
    lines = view.lines if question.by else [_own_line(question, board)]
    if view.topic is Topic.BACKLOG:
        days = backlogs_of(board)
        over = question.period.over
        return [backlog_sheet(kind, lines, earlier, over=over), stock_sheet(days)]
    if view.topic is Topic.TIMES:
        clocks = clocks_told(view.measure, board, lines)
        return [time_sheet(view.measure, clocks, kind, lines, earlier)]
    told, days_told = SHARES[view.measure], days_of(board)
    rolling = share_series(days_told, board.window, told.part, told.whole)
    return [
        share_sheet(view.measure, kind, lines, earlier if board.before else None),
        share_days_sheet(view.measure, rolling),
    ]


def _own_line(question: Asked, board: ScopeBoard) -> Line:
    """The scope itself, as the one line of a page that is not parted."""
    return Line(0, scope_name(question.scope), board, None)


def _file(
    called: tuple[str, str], sheets: list[Sheet], question: Asked, board: ScopeBoard, form: str
) -> ResponseReturnValue:
    """The sheets as a file; `called` is the beginning of its name, and its title."""
    name, title = called
    day = board.data_time.astimezone(context.city().zone).date()
    name = f"{name}-{question.period.name}-{day:%Y-%m-%d}.{form}"
    if form == "csv":
        return csv_response(name, _csv_rows(sheets[0], board))
    notes = _notes(title, question, board)
    made = workbook(
        [replace(sheet, notes=notes) for sheet in sheets],
        title=title,
        at=board.data_time,
        zone=context.city().zone,
    )
    return xlsx_response(name, made)


def _csv_rows(sheet: Sheet, board: ScopeBoard) -> Iterator[Sequence[object]]:
    """A table with what it is of on every line, so that files can be put together."""
    yield [
        *(column.title for column in sheet.columns),
        *(_("First day"), _("Last day")),
        *(_("Compared with: first day"), _("Compared with: last day")),
        *(_("Data time"), _("Version of the definitions")),
    ]
    before = board.window_before if board.before else None
    told: list[Cell] = [
        *(board.window.first, board.window.last),
        *((before.first, before.last) if before else (None, None)),
        *(board.data_time, DEFINITIONS),
    ]
    for row in sheet.rows:
        yield [_plain(cell) for cell in (*row, *told)]


def _plain(cell: Cell) -> object:
    if isinstance(cell, datetime):
        return cell.astimezone(context.city().zone).strftime("%d/%m/%Y %H:%M")
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else cell


def _notes(title: str, question: Asked, board: ScopeBoard) -> list[str]:
    window, before = board.window, board.window_before
    found = [
        f"{scope_name(question.scope)}: {title}",
        f"{_plain(window.first)} – {_plain(window.last)}",
    ]
    if board.before:
        found.append(
            _(
                "Compared with %(comparison)s, %(first)s – %(last)s.",
                comparison=comparison_word(question.against),
                first=_plain(before.first),
                last=_plain(before.last),
            )
        )
    found.append(_("Data of %(moment)s", moment=_plain(board.data_time)))
    return [*found, _("Definitions: version %(number)s", number=DEFINITIONS)]
