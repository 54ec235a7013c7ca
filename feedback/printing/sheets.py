"""Tables as a workbook (XLSX): numbers and days are what they are, and a text is never a formula.

Every cell is written by the kind of its column, so that nothing is guessed from its looks. The same
tables and data time give the same bytes.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

LONGEST_TEXT = 32_767  # what a cell can hold
LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# Half a pair of UTF-16 and control characters cannot stand in XML.
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f]")

Cell = str | int | float | date | datetime | None


class Kind(StrEnum):
    """What a column holds; a cell of it is that or None."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    SHARE = "share"  # a part of 1, shown in percent
    DAY = "day"
    MOMENT = "moment"  # aware; shown on the city's clock


FORMATS = {
    Kind.TEXT: "@",
    Kind.WHOLE: "#,##0",
    Kind.DECIMAL: "#,##0.0",
    Kind.SHARE: "0.0%",
    Kind.DAY: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
}
WIDTHS = {
    Kind.TEXT: 28,
    Kind.WHOLE: 14,
    Kind.DECIMAL: 14,
    Kind.SHARE: 12,
    Kind.DAY: 13,
    Kind.MOMENT: 18,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, what it holds, and its width in characters (0: the usual one)."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table on a sheet of its own; `notes` stand above it, a line each."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Looks:
    """How cells look, by their kind, and on which clock."""

    formats: dict[Kind, Any]
    head: Any
    zone: ZoneInfo


def workbook(sheets: Iterable[Sheet], *, title: str, at: datetime, zone: ZoneInfo) -> bytes:
    """The sheets as the bytes of a file; `at` is the data time, `zone` the city's clock.

    Raises ValueError for a cell that is not what its column holds.
    """
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": _fit(title), "created": at.astimezone(zone).replace(tzinfo=None)})
    formats = {kind: book.add_format({"num_format": FORMATS[kind]}) for kind in Kind}
    formats[Kind.TEXT].set_text_wrap()
    formats[Kind.TEXT].set_align("top")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    looks = _Looks(formats, head, zone)
    names: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_name(sheet.name, names))
        _write(page, sheet, looks)
    book.close()
    return out.getvalue()


def _write(page: Any, sheet: Sheet, looks: _Looks) -> None:
    for row, note in enumerate(sheet.notes):
        page.write_string(row, 0, _fit(note))
    top = len(sheet.notes) + (1 if sheet.notes else 0)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width or WIDTHS[column.kind])
        page.write_string(top, place, _fit(column.title), looks.head)
    last = top
    for last, cells in enumerate(sheet.rows, top + 1):
        for place, (column, cell) in enumerate(zip(sheet.columns, cells, strict=True)):
            _put(page, (last, place), column.kind, cell, looks)
    page.freeze_panes(top + 1, 1)
    page.autofilter(top, 0, last, max(0, len(sheet.columns) - 1))
    page.repeat_rows(top)
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _put(page: Any, at: tuple[int, int], kind: Kind, cell: Cell, how: _Looks) -> None:
    look = how.formats[kind]
    if cell is None:
        page.write_blank(*at, None, look)
    elif kind is Kind.TEXT and isinstance(cell, str):
        page.write_string(*at, _fit(cell), look)
    elif kind is Kind.MOMENT and isinstance(cell, datetime) and cell.tzinfo is not None:
        page.write_datetime(*at, cell.astimezone(how.zone).replace(tzinfo=None), look)
    elif kind is Kind.DAY and isinstance(cell, date) and not isinstance(cell, datetime):
        page.write_datetime(*at, datetime(cell.year, cell.month, cell.day), look)  # noqa: DTZ001 (a cell knows no zone)
    elif kind in _NUMBERS and isinstance(cell, int | float) and not isinstance(cell, bool):
        page.write_number(*at, cell, look)
    else:
        raise ValueError(f"{cell!r} in a column of kind {kind}")


_NUMBERS = frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.SHARE})


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)[:LONGEST_TEXT]


def _name(wanted: str, taken: set[str]) -> str:
    """A name a sheet may have, different from those before it."""
    plain = _NOT_IN_NAMES.sub(" ", _fit(wanted)).strip("' ")[:LONGEST_NAME] or "Sheet"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: LONGEST_NAME - 4]} {number}"
    taken.add(name.casefold())
    return name
