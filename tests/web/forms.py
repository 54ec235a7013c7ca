"""Sends the product's forms as a browser without scripts would."""

import io
import re
from html import unescape
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


def hidden_fields(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page, the token against forged requests among them."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


def csrf_of(client: FlaskClient, path: str = "/report") -> str:
    """The token of a form on this page, tied to the client's session."""
    return hidden_fields(client.get(path))["csrf_token"]


def send(client: FlaskClient, path: str, *, json: bool = False, **fields: Any) -> TestResponse:
    """Send a form with its token, as a page's form or as a script that reads JSON."""
    headers = {"Accept": "application/json"} if json else {"Accept": "text/html"}
    body = {"csrf_token": csrf_of(client), **fields}
    return client.post(path, data=body, headers=headers, content_type="multipart/form-data")


def report_fields(**changes: Any) -> dict[str, Any]:
    """The fields of a report that can be accepted; None takes one out."""
    fields: dict[str, Any] = {
        "submission_id": str(uuid4()),
        "category_id": "",
        "address_text": "12 Lê Lợi",
        "text": "Rác tồn ba ngày ở chợ",
    } | changes
    return {name: value for name, value in fields.items() if value is not None}


def file(content: bytes, name: str = "photo.jpg") -> tuple[io.BytesIO, str]:
    """A file as Flask's client puts it into a form."""
    return io.BytesIO(content), name
