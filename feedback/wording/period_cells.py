"""The cells of a period report's tables: words, the figures they count, and plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.domain.measures import Figure
from feedback.domain.share_measures import SHARES, ShareMeasure
from feedback.domain.states import Clock
from feedback.domain.survival import Shown
from feedback.domain.windows import FEW_BELOW
from feedback.printing.sheets import Cell, Kind
from feedback.printing.sheets import Column as Head
from feedback.wording import _, in_english
from feedback.wording.figures import duration
from feedback.wording.numbers import NOTHING, number, percent

Told = Mapping[str, Any]  # one scope of a document
MOST, SURE = "90%", "95%"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; where they count cases, by which figure of which scope. `soft` is said aside."""

    text: str
    figure: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A cell: a line in full size, one in small size, and the values of its columns."""

    main: tuple[Piece, ...]
    small: tuple[Piece, ...]
    values: tuple[Cell, ...]
    few: bool = False  # it rests on too little to be judged


@dataclass(frozen=True, slots=True)
class Column:
    """A column in words, and the ones of the workbook it consists of.

    `room` is how much of a page's width it takes beside the others.
    """

    title: str
    heads: tuple[Head, ...]
    right: bool = True
    room: float = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title and what has to be said of it."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Said]]
    note: str = ""


def name_of(told: Told) -> str:
    """What a scope is called."""
    return str((in_english() and told["name_en"]) or told["name_vi"]) or _("Whole city")


def counted(told: Told, figure: Figure) -> Piece:
    """A count that leads to its cases; a zero leads nowhere."""
    value = told["values"].get(figure.value, {"count": 0})
    if value.get("hidden"):
        return Piece(NOTHING)
    count = value["count"]
    return Piece(number(count), figure.value if count else "", told["scope"] if count else "")


def count_of(values: Told | None, figure: Figure) -> int | None:
    """A plain count; None where it is hidden or there is nothing to compare with."""
    if values is None:
        return None
    value = values.get(figure.value) or {"count": 0}
    return None if value.get("hidden") else int(value["count"])


def share_in_words(value: Told | None) -> str:
    """A share, "—" where there is none or it is hidden."""
    if not value or value.get("hidden") or value.get("percent") is None:
        return NOTHING
    return str(percent(value["numerator"] / value["denominator"]))


def bounds_in_words(value: Told | None) -> str:
    """The ends of a share's interval, nothing where it has none."""
    if not value or value.get("low") is None:
        return ""
    return f"{percent(value['low'] / 100)} – {percent(value['high'] / 100)}"


def time_in_words(value: Told | None, name: str, clock: Clock, day: int) -> str:
    """A percentile of a time, or why there is none."""
    if not value:
        return NOTHING
    minutes = value[f"{name}_minutes"]
    if minutes is not None:
        return duration(minutes, clock, day)
    unreached = value[f"{name}_reason"] == Shown.NOT_REACHED
    return _("cannot be told yet") if unreached else _("not enough data")


def plain(text: str, *values: Cell) -> Said:
    """Words that count no cases, with the values they stand for."""
    return Said((Piece(text),), (), values or (text,))


def count_said(told: Told, figure: Figure) -> Said:
    """A figure with its cases."""
    return Said((counted(told, figure),), (), (count_of(told["values"], figure),))


def number_said(count: int | None) -> Said:
    """A number without a list."""
    return plain(number(count), count)


def open_said(told: Told) -> Said:
    """What was open at the end of the period, with its cases where they were kept."""
    count = told["values"]["backlog"]["count"]
    kept = Figure.OPEN.value in told["values"]
    return Said((counted(told, Figure.OPEN) if kept else Piece(number(count)),), (), (count,))


def share_said(told: Told, measure: ShareMeasure) -> Said:
    """A share with the cases it is of, and its interval where it has one."""
    value = told["values"].get(measure.value)
    if value is None:
        return Said((Piece(NOTHING),), (), (None,) * 5)
    of, whole = SHARES[measure], value["denominator"]
    few = SHARES[measure].rated and whole < FEW_BELOW
    if value.get("hidden"):
        hidden = (Piece(_("fewer than 5")),)
        return Said((Piece(NOTHING),), hidden, (None, None, whole, None, None), few=True)
    small: tuple[Piece, ...] = (counted(told, of.part), Piece(" / "), counted(told, of.whole))
    if bounds := bounds_in_words(value):
        small = (Piece(f"{bounds} · "), *small)
    values = (
        part(value["percent"]),
        value["numerator"],
        whole,
        part(value.get("low")),
        part(value.get("high")),
    )
    return Said((Piece(share_in_words(value)),), small, values, few=few)


def part(hundredths: float | None) -> float | None:
    """A percentage as a part of 1."""
    return None if hundredths is None else round(hundredths / 100, 6)


def share_heads(word: str) -> tuple[Head, ...]:
    """The columns of a share in a workbook."""
    return (
        Head(word, Kind.SHARE),
        Head(_("%(share)s: cases", share=word), Kind.WHOLE),
        Head(_("%(share)s: of", share=word), Kind.WHOLE),
        Head(_("%(share)s: %(sure)s from", share=word, sure=SURE), Kind.SHARE),
        Head(_("%(share)s: %(sure)s to", share=word, sure=SURE), Kind.SHARE),
    )


def text_column(title: str, width: int = 44) -> Column:
    """A column of words."""
    return Column(title, (Head(title, Kind.TEXT, width),), right=False, room=width / 22)


def whole_column(title: str) -> Column:
    """A column of counts."""
    return Column(title, (Head(title, Kind.WHOLE),), room=0.8)


def points_in_words(change: float | None) -> str:
    """A change of a share in points, with its sign."""
    if change is None:
        return NOTHING
    points = 100 * change
    sign = "+" if points > 0 else "−" if points < 0 else "±"
    return f"{sign}{number(abs(points), 2)}"


def time_heads(word: str) -> tuple[Head, ...]:
    """The columns of a time in a workbook."""
    return (Head(word, Kind.TEXT, 22), Head(_("%(time)s, minutes", time=word), Kind.WHOLE))


def time_said(value: Told | None, name: str, clock: Clock, day: int) -> Said:
    """A percentile of a time."""
    words = time_in_words(value, name, clock, day)
    return plain(words, words, value[f"{name}_minutes"] if value else None)
