"""Naughty strings as a citizen's report: kept to the letter, shown as text, found by search."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.operations.transaction import reading
from feedback.storage.models import Report
from tests.naughty.strings import kept, naughty_strings, squeezed
from tests.support.staff import csrf_token, new_client
from tests.web.forms import report_fields


class Skeleton(HTMLParser):
    """The elements of a page and the names of their attributes, without any text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_string_is_kept_to_the_letter_and_shown_as_text(app: Flask) -> None:
    client = new_client(app)
    plain = Skeleton(page_of(client, "Rác tồn ba ngày ở chợ"))
    tried = 0
    for text in naughty_strings():
        if not kept(text):
            continue
        shown = Skeleton(page_of(client, text))
        with app.app_context(), reading() as session:
            stored = session.query(Report.text).order_by(Report.id.desc()).limit(1).scalar()
        assert stored == kept(text)
        assert shown.attributes == plain.attributes, text
        assert shown.elements["script"] == plain.elements["script"], text
        assert set(shown.elements) - set(plain.elements) <= {"br"}, text
        assert squeezed(text) in squeezed("".join(shown.texts)), text
        tried += 1
    assert tried > 450


def page_of(client: FlaskClient, text: str) -> str:
    """The reporter's page of a report with this text."""
    fields = {"csrf_token": csrf_token(client), **report_fields(text=text)}
    sent = client.post("/report", data=fields)
    assert sent.status_code == 303, (text, sent.status_code)
    link = re.match(r"/r/[\w-]+/[\w-]+", sent.location)
    assert link
    return client.get(link[0]).text


def test_a_search_for_any_of_them_finds_or_finds_nothing(app: Flask) -> None:
    client = new_client(app)
    for text in naughty_strings()[::5]:
        answer = client.get("/reports", query_string={"q": text})
        assert answer.status_code in {200, 302}, text
