"""Tables as CSV files that a spreadsheet opens and does not obey."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

# A text that begins with one of these is a formula to some spreadsheet.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"  # without it some read UTF-8 as something else
_ROWS_A_PIECE = 500

Row = Sequence[object]


def csv_response(name: str, rows: Iterable[Row]) -> Response:
    """The rows as a file to be saved under `name`.

    They are sent as they are made, so that a long list is never in memory as a whole. A text that
    a spreadsheet would calculate gets an apostrophe before it; everything else stays as it is.
    """
    response = Response(stream_with_context(_pieces(rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pieces(rows: Iterable[Row]) -> Iterator[str]:
    out = io.StringIO()
    out.write(_BYTE_ORDER_MARK)
    writer = csv.writer(out)
    for number, row in enumerate(rows, 1):
        writer.writerow([_harmless(cell) for cell in row])
        if number % _ROWS_A_PIECE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_ACTIVE) else cell
