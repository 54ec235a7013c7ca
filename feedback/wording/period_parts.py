"""The tables of a period report about units, categories and areas."""

from collections.abc import Iterable, Mapping, Sequence

from feedback.domain.durations import Duration
from feedback.domain.funnel import Standing
from feedback.domain.measures import Figure
from feedback.domain.share_measures import SHARES, ShareMeasure
from feedback.domain.states import Clock
from feedback.domain.text import fold
from feedback.printing.sheets import Column as Head
from feedback.printing.sheets import Kind
from feedback.wording import _
from feedback.wording.figures import words_of
from feedback.wording.measures import kind_word, share_word
from feedback.wording.numbers import NOTHING
from feedback.wording.period_cells import (
    Column,
    Piece,
    Said,
    Table,
    Told,
    count_of,
    count_said,
    counted,
    name_of,
    open_said,
    plain,
    points_in_words,
    share_heads,
    share_said,
    text_column,
    time_heads,
    time_in_words,
    whole_column,
)

MOST_EFFECTS = 5
EXPLAINED = (ShareMeasure.ON_TIME_ORIGINAL, ShareMeasure.SATISFIED)
JUDGED = (ShareMeasure.ON_TIME_ORIGINAL, ShareMeasure.SATISFIED, ShareMeasure.REPEATED)
_BEGUN = Figure.STARTED_WORKING
_NOTHING = 0.00005  # what would be told as 0,00 points


def by_kind(kind: str, parts: Sequence[Told], day: int) -> Table:
    """Each unit, category or area on a line, with the figures people ask for first."""
    shares = (ShareMeasure.ON_TIME_ORIGINAL, ShareMeasure.FIXED, ShareMeasure.SATISFIED)
    half = _("Half answered within")
    columns = (
        text_column(kind_word(kind)),
        whole_column(_("Received")),
        Column(_("On time"), share_heads(share_word(shares[0]))),
        Column(_("Fixed"), share_heads(share_word(shares[1]))),
        Column(half, (*time_heads(half), Head(words_of(_BEGUN), Kind.WHOLE)), room=1.4),
        Column(_("Satisfied"), share_heads(share_word(shares[2])), room=1.5),
        whole_column(_("Open")),
        Column(_("Stands out"), (Head(_("Stands out"), Kind.TEXT, 36),), right=False, room=1.4),
    )
    rows = [
        [
            plain(name_of(one) if one["name_vi"] else NOTHING),
            count_said(one, Figure.RECEIVED),
            *(share_said(one, measure) for measure in shares[:2]),
            _half(one, day),
            share_said(one, shares[2]),
            open_said(one),
            _stands(one),
        ]
        for one in sorted(parts, key=lambda one: fold(name_of(one)))
    ]
    note = _(
        "On time: answered by the first deadline. Fixed: of the cases closed. Half answered "
        "within: working time. Open: at the end of the last day. Stands out: only what chance "
        "cannot explain, corrected for how many are compared; fewer than 30 cases are not judged."
    )
    return Table(_title_of(kind), columns, rows, note)


def _title_of(kind: str) -> str:
    return {
        "unit": _("By unit"),
        "category": _("By category"),
        "area": _("By ward or commune"),
    }[kind]


def _half(told: Told, day: int) -> Said:
    value = told["values"].get(Duration.ANSWER.value, {}).get(Clock.WORKING.value)
    words = time_in_words(value, "median", Clock.WORKING, day)
    small = (Piece(_("of") + " "), counted(told, _BEGUN)) if value else ()
    minutes = value["median_minutes"] if value else None
    return Said((Piece(words),), small, (words, minutes, value["cases"] if value else None))


def _stands(told: Told) -> Said:
    found = [
        f"{'▲' if judged == Standing.ABOVE else '▼'} {share_word(measure)}"
        for measure in JUDGED
        if (judged := told["judged"].get(measure.value, {}).get("standing"))
        in {Standing.ABOVE, Standing.BELOW}
    ]
    few = all(told["judged"].get(measure.value, {}).get("standing") is None for measure in JUDGED)
    words = "; ".join(found) or (_("too few to judge") if few else NOTHING)
    return Said((Piece(words),), (), (words,), few=few)


def came_back(kind: str, parts: Sequence[Told]) -> Table:
    """What came back after its close, and how many were asked and answered."""
    measures = (ShareMeasure.REOPENED, ShareMeasure.REPEATED, ShareMeasure.RESPONSE)
    columns = (
        text_column(kind_word(kind)),
        whole_column(_("Cases closed")),
        Column(_("Reopened since"), share_heads(share_word(measures[0]))),
        Column(_("Reported again nearby"), share_heads(share_word(measures[1]))),
        Column(_("Rated"), share_heads(share_word(measures[2]))),
    )
    rows = [
        [
            plain(name_of(one) if one["name_vi"] else NOTHING),
            count_said(one, Figure.CLOSED),
            *(share_said(one, measure) for measure in measures),
        ]
        for one in sorted(parts, key=lambda one: fold(name_of(one)))
        if count_of(one["values"], Figure.CLOSED)
    ]
    title = _("Repeats and reopenings")
    return Table(f"{title}: {kind_word(kind).lower()}", columns, rows)


def standing_out(parts: Mapping[str, Sequence[Told]]) -> Table:
    """Units and categories that stand out from all together."""
    rows = []
    for kind, measure, one in _judgements(parts):
        standing = one["judged"][measure.value]["standing"]
        if standing not in {Standing.ABOVE, Standing.BELOW}:
            continue
        good = (standing == Standing.ABOVE) == SHARES[measure].good
        words = _("better than all together") if good else _("worse than all together")
        rows.append(
            [
                plain(name_of(one)),
                plain(kind_word(kind)),
                plain(share_word(measure)),
                share_said(one, measure),
                plain(f"{'▲' if standing == Standing.ABOVE else '▼'} {words}"),
            ]
        )
    columns = (
        text_column(_("Which one")),
        text_column(_("Kind"), 20),
        text_column(_("Measure")),
        Column(_("Share of cases"), share_heads(_("Share of cases"))),
        text_column(_("Judgement"), 30),
    )
    note = _(
        "Only what chance cannot explain, corrected for how many are compared. Fewer than 30 cases "
        "are not judged."
    )
    return Table(_("Who stands out"), columns, rows, note)


def _judgements(
    parts: Mapping[str, Sequence[Told]],
) -> Iterable[tuple[str, ShareMeasure, Told]]:
    for kind in ("unit", "category"):
        for measure in JUDGED:
            for one in parts.get(kind, ()):
                if measure.value in one["judged"]:
                    yield kind, measure, one


def changes(parts: Mapping[str, Sequence[Told]]) -> Table:
    """Who moved the shares since the period before."""
    rows = []
    for kind in ("unit", "category"):
        for measure in EXPLAINED:
            moved = [
                (one["judged"][measure.value], one)
                for one in parts.get(kind, ())
                if one["judged"].get(measure.value, {}).get("own") is not None
            ]
            moved = [pair for pair in moved if abs(_effect(pair[0])) > _NOTHING]
            moved.sort(key=lambda pair: -abs(_effect(pair[0])))
            rows += [
                [
                    plain(share_word(measure)),
                    plain(kind_word(kind)),
                    plain(name_of(one)),
                    *(
                        plain(points_in_words(change), round(100 * change, 4))
                        for change in (_effect(judged), judged["own"], judged["mix"])
                    ),
                ]
                for judged, one in moved[:MOST_EFFECTS]
            ]
    words = (_("Changed the whole by"), _("By its own share"), _("By its part of the whole"))
    columns = (
        text_column(_("Measure")),
        text_column(_("Kind"), 20),
        text_column(_("Which one")),
        *(Column(word, (Head(word, Kind.DECIMAL),)) for word in words),
    )
    note = _(
        "In points. The five that moved each share most since the period before: by a better or "
        "worse share of their own, or by being a larger or smaller part of the whole."
    )
    return Table(_("What changed, and by whom"), columns, rows, note)


def _effect(judged: Told) -> float:
    return float(judged["own"] + judged["mix"])
