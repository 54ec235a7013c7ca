"""Citizens at the real web server: they send photos and reports, and do not give up."""

import io
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener
from uuid import uuid4

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SECONDS_FOR_AN_ANSWER = 20.0
SECONDS_OF_TRYING = 60.0
PAUSE_SECONDS = 0.2
AT_ONCE = 4


@dataclass(frozen=True)
class Sent:
    """One report as its sender knows it."""

    submission_id: str
    photo_ids: tuple[str, ...]


@dataclass
class Citizens:
    """All who send to one city; remembers each report and photo that was accepted."""

    address: str
    category_id: int
    accepted: dict[str, str] = field(default_factory=dict)  # the code of each submission
    photos: set[str] = field(default_factory=set)
    slowest_seconds: float = 0.0

    def send_many(self, count: int, *, photo_in_each: int = 1) -> None:
        """Send so many reports, a few people at once; one report in `photo_in_each` has a photo.

        Every answer must be an acceptance at the first try.
        """
        with ThreadPoolExecutor(AT_ONCE) as people:
            list(people.map(lambda n: self.send(with_photo=n % photo_in_each == 0), range(count)))

    def send(self, *, with_photo: bool = True, size: tuple[int, int] = (320, 240)) -> None:
        """Send one report, with a photo sent ahead, at one try."""
        person = Person(self.address)
        began = time.monotonic()
        report = self.prepare(person, with_photo=with_photo, size=size)
        status, body = person.post("/report", self.fields(report))
        assert status == 201, body
        self.accepted[report.submission_id] = body["code"]
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - began)

    def prepare(
        self, person: "Person", *, with_photo: bool = True, size: tuple[int, int] = (320, 240)
    ) -> Sent:
        """A report that is ready to be sent, its photo sent ahead."""
        if not with_photo:
            return Sent(str(uuid4()), ())
        status, body = person.post("/photos", {"photo": FileStorage(picture(size), "photo.jpg")})
        assert status == 201, body
        self.photos.add(body["id"])
        return Sent(str(uuid4()), (body["id"],))

    def send_until_answered(self, person: "Person", report: Sent) -> int:
        """Send a report again and again until the server answers, as the form's script does."""
        deadline = time.monotonic() + SECONDS_OF_TRYING
        while True:
            try:
                status, body = person.post("/report", self.fields(report))
            except (OSError, HTTPException):
                assert time.monotonic() < deadline, "the server never answered"
                time.sleep(PAUSE_SECONDS)
                continue
            assert status in {200, 201}, body
            self.accepted[report.submission_id] = body["code"]
            return status

    def fields(self, report: Sent) -> dict[str, Any]:
        """The form of a report."""
        return {
            "submission_id": report.submission_id,
            "category_id": str(self.category_id),
            "latitude": "16.47",
            "longitude": "107.58",
            "place_source": "gps",
            "text": "Rác tồn ba ngày ở chợ",
            "photo_ids": list(report.photo_ids),
        }


class Person:
    """One browser without a page: cookies, and the token of the form."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))
        with self._opener.open(f"{address}/report", timeout=SECONDS_FOR_AN_ANSWER) as page:
            found = TOKEN.search(page.read().decode())
        assert found, "the form has no token"
        self._token = found[1]

    def request(self, path: str, fields: dict[str, Any]) -> Request:
        """A form on its way."""
        boundary, body = encode_multipart({"csrf_token": self._token, **fields})
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Accept": "application/json",
        }
        return Request(f"{self._address}{path}", body, headers)  # noqa: S310 (our own server)

    def post(self, path: str, fields: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send a form; gives the status and the JSON of the answer."""
        try:
            request = self.request(path, fields)
            with self._opener.open(request, timeout=SECONDS_FOR_AN_ANSWER) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, {"refused": refusal.read().decode()}


def picture(size: tuple[int, int]) -> io.BytesIO:
    """A photo that no other is equal to."""
    target = io.BytesIO()
    Image.effect_noise(size, 40).save(target, "JPEG")
    target.seek(0)
    return target
