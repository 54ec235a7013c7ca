"""Workbooks as files to be saved."""

from flask import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(name: str, content: bytes) -> Response:
    """A finished workbook (see `feedback.printing.sheets`) to be saved under `name`."""
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
