"""What the report of a period says, in the reader's language: the same tables for every form.

The page, the PDF and the workbook are made of these: a cell has its lines in words, each piece of
them with the figure whose cases it counts, and its plain values for the workbook.
"""

from collections.abc import Iterable

from feedback.domain.backlog import AGE_LIMITS
from feedback.domain.durations import BY_CALENDAR, Duration, TimeKey
from feedback.domain.measures import CLOSED_AS, RATED_AS, TIMINGS, Figure
from feedback.domain.period_reports import Document
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.shares import percents
from feedback.domain.states import Clock
from feedback.printing.sheets import Column as Head
from feedback.printing.sheets import Kind
from feedback.wording import _
from feedback.wording.figures import age_words, words_of
from feedback.wording.measures import share_word, time_word
from feedback.wording.numbers import NOTHING, number, percent
from feedback.wording.period_cells import (
    MOST,
    SURE,
    Column,
    Piece,
    Said,
    Table,
    Told,
    count_of,
    count_said,
    number_said,
    open_said,
    part,
    plain,
    points_in_words,
    share_heads,
    share_in_words,
    share_said,
    text_column,
    time_heads,
    time_said,
    whole_column,
)
from feedback.wording.period_parts import by_kind, came_back, changes, standing_out


def tables_of(document: Document) -> list[Table]:
    """Every table of a report, in its order; those with nothing to say are left out."""
    whole, parts = document["whole"], document["parts"]
    day = int(document["working_day_minutes"])
    found = [
        _counts(whole),
        _shares(whole),
        _times(whole, day),
        _outcomes(whole),
        _ratings(whole),
        _backlog(whole),
        *(by_kind(kind, some, day) for kind, some in parts.items()),
        *(came_back(kind, some) for kind, some in parts.items() if kind != "area"),
        standing_out(parts),
        changes(parts),
    ]
    return [table for table in found if table.rows]


def _counts(told: Told) -> Table:
    figures = (
        Figure.RECEIVED,
        Figure.CLOSED,
        Figure.EXCLUDED_REJECTED,
        Figure.EXCLUDED_DUPLICATE,
        Figure.EXCLUDED_WITHDRAWN,
    )
    rows = [
        [
            plain(words_of(figure)),
            count_said(told, figure),
            number_said(count_of(told["before"], figure)),
            _change(count_of(told["values"], figure), count_of(told["before"], figure)),
        ]
        for figure in figures
    ]
    stock, earlier = _backlogs(told)
    now, before = stock["count"], earlier["count"] if earlier else None
    rows.append(
        [
            plain(_("Open at the end of the last day")),
            open_said(told),
            number_said(before),
            _change(now, before),
        ]
    )
    change = _("Change since")
    columns = (
        text_column(_("What")),
        whole_column(_("In this period")),
        whole_column(_("In the period before")),
        Column(change, (Head(change, Kind.SHARE),)),
    )
    note = _("Rejected, duplicate and withdrawn reports are counted apart and in no other figure.")
    return Table(_("What came in and what was closed"), columns, rows, note)


def _backlogs(told: Told) -> tuple[Told, Told | None]:
    """What was open at the end of the period, and of the one before."""
    return told["values"]["backlog"], (told["before"] or {}).get("backlog")


def _change(now: int | None, before: int | None) -> Said:
    if now is None or not before:
        return plain(NOTHING, None)
    by = (now - before) / before
    sign = "+" if by > 0 else "−" if by < 0 else "±"
    return plain(f"{sign}{percent(abs(by))}", round(by, 6))


def _shares(told: Told) -> Table:
    rows = []
    for measure in ShareMeasure:
        now = told["values"].get(measure.value)
        before = (told["before"] or {}).get(measure.value)
        if now is None and before is None:
            continue
        change = _share_change(now, before)
        before_said = Said(
            (Piece(share_in_words(before)),),
            (Piece(_of_before(before)),) if before else (),
            (part((before or {}).get("percent")), (before or {}).get("denominator")),
        )
        rows.append(
            [
                plain(share_word(measure)),
                share_said(told, measure),
                before_said,
                plain(points_in_words(change), None if change is None else round(100 * change, 4)),
            ]
        )
    word, before_word, change_word = _("Share of cases"), _("Share before"), _("Change in points")
    columns = (
        text_column(_("Measure")),
        Column(word, share_heads(word)),
        Column(before_word, (Head(before_word, Kind.SHARE), Head(_("Cases before"), Kind.WHOLE))),
        Column(change_word, (Head(change_word, Kind.DECIMAL),)),
    )
    note = _(
        "Each share with the cases it is of. A share of ratings has its confidence interval of "
        "%(share)s; fewer than 30 ratings are grey, fewer than 5 are not shown.",
        share=SURE,
    )
    return Table(_("On time, results, satisfaction, repeats"), columns, rows, note)


def _of_before(before: Told) -> str:
    if before.get("hidden"):
        return _("fewer than 5")
    return f"{number(before['numerator'])} / {number(before['denominator'])}"


def _share_change(now: Told | None, before: Told | None) -> float | None:
    if not now or not before or now.get("hidden") or before.get("hidden"):
        return None
    share_now = now["numerator"] / now["denominator"]
    return float(share_now - before["numerator"] / before["denominator"])


def _times(told: Told, day: int) -> Table:
    rows = []
    for one in Duration:
        for clock in Clock:
            value = told["values"].get(one.value, {}).get(clock.value)
            if value is None:
                continue
            timing = TIMINGS[TimeKey(one, clock)]
            before = (told["before"] or {}).get(one.value, {}).get(clock.value)
            rows.append(
                [
                    plain(time_word(one)),
                    plain(clock_word(one, clock)),
                    time_said(value, "median", clock, day),
                    time_said(value, "p90", clock, day),
                    count_said(told, timing.cohort),
                    count_said(told, timing.finished),
                    number_said(value["running"]),
                    time_said(before, "median", clock, day),
                ]
            )
    half, most, earlier = _("Half within"), _("%(share)s within", share=MOST), _("Half before")
    columns = (
        text_column(_("Time")),
        text_column(_("Clock"), 20),
        *(Column(word, time_heads(word)) for word in (half, most)),
        whole_column(_("Begun")),
        whole_column(_("Ended")),
        whole_column(_("Still running")),
        Column(earlier, time_heads(earlier)),
    )
    note = _(
        "What is still running counts as “at least so long” (Kaplan–Meier), so leaving cases open "
        "makes nobody look fast. A time is shown only where at least 10 cases had come that far. "
        "Working time and time round the clock are never mixed."
    )
    return Table(_("Times"), columns, rows, note)


def clock_word(one: Duration, clock: Clock) -> str:
    """On which clock a time is counted."""
    if one in BY_CALENDAR:
        return _("calendar")
    return _("working time") if clock is Clock.WORKING else _("round the clock")


def _parts_of_a_whole(
    told: Told, title: str, head: str, figures: Iterable[Figure], note: str = ""
) -> Table:
    """Figures that add up to a whole, with shares that add up to 100."""
    found = list(figures)
    counts = [count_of(told["values"], figure) for figure in found]
    known = [count for count in counts if count is not None]
    shares = percents(known) if len(known) == len(found) else None
    cases, of_all = _("Cases"), _("Of all")
    columns = (text_column(head), whole_column(cases), Column(of_all, (Head(of_all, Kind.SHARE),)))
    rows = [
        [
            plain(words_of(figure)),
            count_said(told, figure),
            plain(str(percent(float(share) / 100, 2)), round(float(share) / 100, 6)),
        ]
        for figure, share in zip(found, shares or (), strict=bool(shares))
    ]
    return Table(title, columns, rows, note)


def _outcomes(told: Told) -> Table:
    title = _("How cases were closed")
    return _parts_of_a_whole(told, title, _("Result"), CLOSED_AS.values())


def _ratings(told: Told) -> Table:
    note = _("People choose whether to rate, so these shares do not speak for everyone.")
    title = _("How people rated")
    return _parts_of_a_whole(told, title, _("Rating"), RATED_AS.values(), note)


def _backlog(told: Told) -> Table:
    now, before = _backlogs(told)
    names = [f"up_to_{limit}_days" for limit in AGE_LIMITS] + [f"over_{AGE_LIMITS[-1]}_days"]
    words = age_words()
    rows = [
        [plain(word), number_said(now[name]), number_said(before[name] if before else None)]
        for word, name in zip(words, names, strict=True)
    ]
    all_open = [open_said(told), number_said(before["count"] if before else None)]
    columns = (
        text_column(_("Age")),
        whole_column(_("Open at the end of the last day")),
        whole_column(_("At the end of the period before")),
    )
    note = _("A stock at the end of a day, never a sum over days.")
    rows = [*rows, [plain(_("All open")), *all_open]] if now["count"] or before else []
    return Table(_("Open cases and their age"), columns, rows, note)
