"""The tables of the pages of figures as plain values, for files: what a page shows, row by row."""

from collections.abc import Sequence

from feedback.domain.backlog import Backlog
from feedback.domain.durations import BY_CALENDAR, Duration, TimeKey
from feedback.domain.funnel import Standing
from feedback.domain.intervals import RankRange
from feedback.domain.measures import TIMINGS, Figure
from feedback.domain.share_measures import SHARES, ShareLine, ShareMeasure, ratio_of, shown
from feedback.domain.shares import Ratio
from feedback.domain.states import Clock
from feedback.domain.survival import Percentile
from feedback.domain.windows import HIDDEN_BELOW, DayPoint, Sample, SharePoint, Speed
from feedback.printing.sheets import Cell, Column, Kind, Sheet
from feedback.web.supervisor.boards import Line, share_lines_of
from feedback.wording import _
from feedback.wording.figures import age_words, percentile_words
from feedback.wording.measures import kind_word, share_word, time_word
from feedback.wording.period_cells import MOST, share_heads, time_heads

Row = list[Cell]
TOLD = {Sample.FEW, Sample.ENOUGH}


def overview_sheet(kind: str, lines: Sequence[Line]) -> Sheet:
    """Units, categories or areas with the figures people ask for first."""
    half = _("Half answered within")
    measures = (ShareMeasure.ON_TIME_ORIGINAL, ShareMeasure.FIXED)
    columns = [
        _name_column(kind),
        *(_whole(word) for word in (_("Received"), _("Open"), _("Overdue"))),
        *(column for one in measures for column in share_heads(share_word(one))[:3]),
    ]
    for clock in Clock:
        word = f"{half}, {clock_word(clock)}"
        columns += [*time_heads(word), _whole(_("%(time)s: cases", time=word))]
    columns += share_heads(share_word(ShareMeasure.SATISFIED))
    rows = [_overview_row(line, measures) for line in lines]
    if kind == "unit":
        columns += _rank_columns()
        rows = [[*row, *_rank_cells(line.rank)] for row, line in zip(rows, lines, strict=True)]
    return Sheet(_title(kind), columns, rows)


def share_sheet(
    measure: ShareMeasure, kind: str, lines: Sequence[Line], earlier: str | None
) -> Sheet:
    """A share of each part; `earlier` names the window compared with, where there is one."""
    told, word = SHARES[measure], share_word(measure)
    columns = [_name_column(kind), *share_heads(word)[: 5 if told.rated else 3]]
    if told.rated:
        columns += _rank_columns()
    columns.append(Column(_("Stands out"), Kind.TEXT, 26))
    if earlier is not None:
        columns += [
            Column(earlier, Kind.SHARE),
            _whole(_("%(share)s: of", share=earlier)),
            Column(_("Changed the whole by, in points"), Kind.DECIMAL),
            Column(_("of it by its own share, in points"), Kind.DECIMAL),
        ]
    found = {one.key: one for one in share_lines_of(measure, lines)}
    rows = []
    for line in lines:
        one = found[line.id]
        row: Row = [line.name, *_share_cells(measure, one.ratio, one.sample)]
        if told.rated:
            row += _interval_cells(one)
            row += _rank_cells(one.rank)
        row.append(standing_word(one.standing))
        rows.append(row + (_earlier_cells(measure, one) if earlier is not None else []))
    return Sheet(word, columns, rows)


def time_sheet(
    duration: Duration, clocks: Sequence[Clock], kind: str, lines: Sequence[Line], earlier: str
) -> Sheet:
    """A time of each part, a row for each clock it is counted on."""
    before = _("Half within: %(window)s", window=earlier.lower())
    columns = [
        _name_column(kind),
        Column(_("Clock"), Kind.TEXT, 20),
        *time_heads(_("Half within")),
        *time_heads(_("%(share)s within", share=MOST)),
        *(_whole(word) for word in (_("Begun"), _("Ended"), _("Still running"))),
        *time_heads(before),
    ]
    rows: list[Row] = []
    for clock in clocks:
        timing = TIMINGS[TimeKey(duration, clock)]
        word = _("calendar") if duration in BY_CALENDAR else clock_word(clock)
        for line in lines:
            speed, was = line.board.speed(clock, duration), line.board.speed_before(clock, duration)
            if speed is None:
                continue
            day = line.board.working_day_minutes
            rows.append(
                [
                    *(line.name, word),
                    *_percentile_cells(speed.median, clock, day),
                    *_percentile_cells(speed.p90, clock, day),
                    line.board.count(timing.cohort),
                    line.board.count(timing.finished),
                    speed.open,
                    *_percentile_cells(was.median if was else None, clock, day),
                ]
            )
    return Sheet(time_word(duration), columns, rows)


def backlog_sheet(kind: str, lines: Sequence[Line], earlier: str, *, over: bool) -> Sheet:
    """What each part has open at the end of the window; `over`: that is not now."""
    columns = [
        _name_column(kind),
        _whole(_("Open")),
        *(_whole(word) for word in age_words()),
        _whole(_("Half open for (days)")),
        *([] if over else [_whole(_("Overdue"))]),
        _whole(earlier),
    ]
    rows: list[Row] = []
    for line in lines:
        own, before = line.board.figures.backlog, line.board.before
        if own.count or (before and before.backlog.count):
            rows.append(
                [
                    *(line.name, own.count, *own.bands, own.median_age),
                    *([] if over else [line.board.count(Figure.OVERDUE)]),
                    before.backlog.count if before else None,
                ]
            )
    return Sheet(_("Backlog"), columns, rows)


def stock_sheet(days: Sequence[Backlog]) -> Sheet:
    """What was open at the end of each day, the last day first."""
    columns = [
        Column(_("Day"), Kind.DAY),
        *(_whole(word) for word in (_("Open"), *age_words())),
    ]
    rows: list[Row] = [[one.day, one.count, *one.bands] for one in reversed(days)]
    return Sheet(_("Each day"), columns, rows)


def share_days_sheet(measure: ShareMeasure, rolling: Sequence[SharePoint]) -> Sheet:
    """A share over the 30 days that end with each day, the last day first."""
    columns = [Column(_("Day"), Kind.DAY), *share_heads(share_word(measure))[:3:2]]
    rows = [[point.day, *_rolling_cells(measure, point.ratio)] for point in reversed(rolling)]
    return Sheet(_("Each day"), columns, rows)


def flow_sheet(points: Sequence[DayPoint], rolling: Sequence[SharePoint]) -> Sheet:
    """What came in and was closed each day, and the satisfied share, the last day first."""
    columns = [
        *(Column(_("Day"), Kind.DAY), _whole(_("Received")), _whole(_("Closed"))),
        Column(_("Satisfied, 30 days"), Kind.SHARE),
        _whole(_("Ratings, 30 days")),
    ]
    rows: list[Row] = [
        [one.day, one.received, one.closed, *_rolling_cells(ShareMeasure.SATISFIED, told.ratio)]
        for one, told in zip(reversed(points), reversed(rolling), strict=True)
    ]
    return Sheet(_("Each day"), columns, rows)


def _rolling_cells(measure: ShareMeasure, ratio: Ratio) -> Row:
    hidden = SHARES[measure].rated and ratio.denominator < HIDDEN_BELOW
    share = None if hidden else ratio.share
    return [None if share is None else float(share), ratio.denominator]


def clock_word(clock: Clock) -> str:
    """On which clock a time is counted."""
    return _("working time") if clock is Clock.WORKING else _("round the clock")


def standing_word(standing: Standing | None) -> str:
    """Whether a part stands out; nothing where it is too small to be judged."""
    return {
        Standing.ABOVE: _("above all together"),
        Standing.BELOW: _("below all together"),
        Standing.WITHIN: _("as chance has it"),
        None: "",
    }[standing]


def _overview_row(line: Line, measures: Sequence[ShareMeasure]) -> Row:
    board = line.board
    row: Row = [line.name]
    row += [board.count(figure) for figure in (Figure.RECEIVED, Figure.OPEN, Figure.OVERDUE)]
    for measure in measures:
        ratio = ratio_of(measure, board.figures)
        row += _share_cells(measure, ratio, shown(measure, ratio))
    for clock in Clock:
        row += _speed_cells(board.speed(clock), clock, board.working_day_minutes)
    said = board.satisfaction
    ratio = ratio_of(ShareMeasure.SATISFIED, board.figures)
    row += _share_cells(ShareMeasure.SATISFIED, ratio, said.sample)
    return row + ([said.interval.low, said.interval.high] if said.interval else [None, None])


def _share_cells(measure: ShareMeasure, ratio: Ratio, sample: Sample) -> Row:
    """A share, its cases and what they are of; fewer than 5 ratings are only counted."""
    if SHARES[measure].rated and sample not in TOLD:
        return [None, None, ratio.denominator]
    share = ratio.share
    return [None if share is None else float(share), ratio.numerator, ratio.denominator]


def _interval_cells(one: ShareLine[int]) -> Row:
    return [one.interval.low, one.interval.high] if one.interval else [None, None]


def _rank_cells(rank: RankRange | None) -> Row:
    return [rank.best, rank.worst] if rank else [None, None]


def _earlier_cells(measure: ShareMeasure, one: ShareLine[int]) -> Row:
    before, effect = one.before, one.effect
    rated = SHARES[measure].rated
    told = before is not None and (not rated or shown(measure, before) in TOLD)
    cells: Row = [None, None, None, None]
    if told and before is not None and before.share is not None:
        cells[:2] = [float(before.share), before.denominator]
    if told and effect is not None and (not rated or one.sample is not Sample.HIDDEN):
        cells[2:] = [float(100 * effect.total), float(100 * effect.own)]
    return cells


def _speed_cells(speed: Speed | None, clock: Clock, day: int) -> Row:
    cells = _percentile_cells(speed.median if speed else None, clock, day)
    return [*cells, speed.started if speed else None]


def _percentile_cells(one: Percentile | None, clock: Clock, day: int) -> Row:
    return [percentile_words(one, clock, day), one.minutes] if one else [None, None]


def _title(kind: str) -> str:
    return {
        "unit": _("By unit"),
        "category": _("By category"),
        "area": _("By ward or commune"),
    }[kind]


def _name_column(kind: str) -> Column:
    return Column(kind_word(kind), Kind.TEXT, 44)


def _whole(title: str) -> Column:
    return Column(title, Kind.WHOLE)


def _rank_columns() -> list[Column]:
    return [_whole(_("Rank, at best")), _whole(_("Rank, at worst"))]
