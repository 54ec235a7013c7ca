"""Browsers that send reports: a connection, a session cookie and the token of the form."""

import json
import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ADDRESSES = 200  # of the loopback; behind one address there is room for a thousand reports


class Browser:
    """One browser at an address of its own; `with_form` False is for views without one."""

    def __init__(self, port: int, number: int, *, with_form: bool = True) -> None:
        own = f"127.0.0.{2 + number % ADDRESSES}"
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(own, 0))
        self._cookie = ""
        self.token = self._open_form() if with_form else ""
        self.rest()  # its turn may come when the server has long grown tired of it

    def _open_form(self) -> str:
        self._connection.request("GET", "/report")
        answer = self._connection.getresponse()
        page = answer.read().decode()
        self._cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]

    def submit(self, text: str, **more: str) -> tuple[int, Any]:
        """Send a report of the small city's only category."""
        form = {
            "csrf_token": self.token,
            "submission_id": str(uuid4()),
            "category_id": "1",
            "latitude": "16.31",
            "longitude": "107.53",
            "place_source": "map",
            "text": text,
            **more,
        }
        return self.post("/report", urlencode(form), "application/x-www-form-urlencoded")

    def rest(self) -> None:
        """Let the connection go, as a browser does before the server grows tired of it."""
        self._connection.close()

    def post(self, path: str, body: str | bytes, kind: str) -> tuple[int, Any]:
        """Send a form; gives the status and the JSON of the answer."""
        headers = {"Accept": "application/json", "Content-Type": kind, "Cookie": self._cookie}
        self._connection.request("POST", path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())
