"""Tables as CSV files that a spreadsheet opens and does not obey."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

# A cell that begins with one of these is a formula to some spreadsheet.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"  # without it some read UTF-8 as something else


def csv_response(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """The rows as a file to be saved under `name`."""
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(str(cell)) for cell in row] for row in rows])
    response = Response(_BYTE_ORDER_MARK + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_ACTIVE) else cell
