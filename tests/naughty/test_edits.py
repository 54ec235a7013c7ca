"""Naughty strings through the forms that change things: each is kept to the letter and shown."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from feedback.operations.transaction import reading
from feedback.storage.models import (
    Account,
    CaseRequest,
    Category,
    CategoryGroup,
    Counter,
    HistoryEntry,
    ReferenceChange,
    Report,
    Unit,
)
from tests.authorization.policies import Who
from tests.authorization.town import Town
from tests.naughty.page_forms import PageForm, form_to
from tests.naughty.strings import kept, naughty_strings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# What a place or a person is called stands on one line; mail, phones and search words have a shape.
HAS_A_SHAPE = {"code", "csrf_token", "seen", "email", "duty_email", "duty_phone", "keywords"}
REASON = {"reason": "…"}
LIMIT = 1_900  # of the shortest of a case's texts


def packs(limit: int = LIMIT) -> Iterator[str]:
    """All strings, as many on end as fit into one text."""
    pack: list[str] = []
    for text in map(kept, naughty_strings()):
        if pack and sum(map(len, pack)) + len(pack) + len(text) > limit:
            yield "\n".join(pack)
            pack = []
        if text and len(text) <= limit:
            pack.append(text)
    yield "\n".join(pack)


def line(text: str) -> str:
    """A text as a name is kept."""
    return " ".join(kept(text).split())


PLACES: dict[str, tuple[Any, str]] = {
    "/admin/units/{}": (Unit, "unit_id"),
    "/admin/accounts/{}": (Account, "account_id"),
    "/admin/categories/{}": (Category, "category_id"),
    "/admin/categories/groups/{}": (CategoryGroup, "group_id"),
    "/admin/counters/{}": (Counter, "counter_id"),
}


@pytest.mark.parametrize("place", PLACES)
def test_whatever_an_administrator_calls_things_is_kept(app: Flask, town: Town, place: str) -> None:
    desk = town.client(Who.ADMINISTRATOR)
    kind, argument = PLACES[place]
    key = town.arguments("own", Who.ADMINISTRATOR)[argument]
    address = place.format(key)
    form = form_to(desk.get(address).text, address)
    names = [name for name in form.limits if name not in HAS_A_SHAPE]
    assert len(names) >= 2
    waiting = [text for text in dict.fromkeys(map(line, naughty_strings())) if text]
    tried = 0
    while waiting:
        sent = {name: waiting.pop() for name in names if waiting and fits(waiting[-1], form, name)}
        if not sent:
            waiting.pop()  # longer than any name may be
            continue
        sent.setdefault(names[0], f"Tên {tried}")  # a reason is kept with a change only
        answer = desk.post(address, data=form.values | sent)
        assert answer.status_code == 303, (sent, answer.text)
        with app.app_context(), reading() as session:
            row = session.get_one(kind, key)
            change = session.query(ReferenceChange).order_by(ReferenceChange.id.desc()).first()
            assert change is not None
            is_now = {name: change.note if name == "note" else getattr(row, name) for name in sent}
            form.values["seen"] = str(change.id)
        assert is_now == sent
        tried += len(sent)
    assert tried > 400


def fits(text: str, form: PageForm, name: str) -> bool:
    """Whether a field takes as long a text."""
    return len(text) <= form.limits[name]


class Desk:
    """A case and the people who work on it, each through the forms of their own page."""

    def __init__(self, app: Flask, town: Town, code: str, token: str) -> None:
        self.app = app
        self.code, self.token = code, token
        self.page = f"/staff/reports/{code}"
        self.clients = {
            who: town.client(who) for who in (Who.HANDLER, Who.HEAD, Who.DISPATCHER, Who.REPORTER)
        }

    def step(self, who: Who, action: str, words: str = "", /, **fields: str) -> None:
        """Send a form of the case's page; `words` goes into the field that `fields` calls "…"."""
        self.send(self.clients[who], self.page, action, words, fields)

    def reply(self, words: str) -> None:
        """Answer the question that waits, on the page its link leads to."""
        citizen, own = self.clients[Who.REPORTER], f"/r/{self.code}/{self.token}"
        asked = re.findall(rf'href="({own}/questions/\d+)"', citizen.get(own).text)
        self.send(citizen, asked[0], asked[0], words, {"text": "…"})

    def send(
        self, client: FlaskClient, page: str, action: str, words: str, fields: dict[str, str]
    ) -> None:
        """Send one form of a page, and hold the words against what is kept and shown of them."""
        form = form_to(client.get(page).text, action)
        filled = {name: words if value == "…" else value for name, value in fields.items()}
        answer = client.post(form.action, data=form.values | filled)
        assert answer.status_code == 303, (action, words, answer.text)
        if words:
            with self.app.app_context(), reading() as session:
                assert words in _said(session, self.code), action


def _said(session: Session, code: str) -> set[str]:
    """Every text that the store keeps of a report."""
    report = session.query(Report).filter_by(code=code).one()
    entries = session.query(HistoryEntry.note).filter_by(report_id=report.id)
    requests = session.query(CaseRequest).filter_by(report_id=report.id)
    return {
        *(note for (note,) in entries),
        *(one.answer_text for one in report.assignments),
        *(text for one in requests for text in (one.reason, one.decision_reason)),
        report.text,
        report.rejection_text,
    }


def test_whatever_a_unit_and_the_centre_say_of_a_case_is_kept(app: Flask, town: Town) -> None:
    case = town.own.case
    desk = Desk(app, town, case.code, case.token)
    later = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    desk.step(Who.HEAD, "/send-back", reason="Thiếu ảnh")
    desk.step(Who.DISPATCHER, "/extension-decision", reason="Không", decision="refuse")
    rounds = 0
    for text, seen in zip(packs(), cycle(("private", "public")), strict=False):
        desk.step(Who.HANDLER, "/notes", text, text="…")
        desk.step(Who.DISPATCHER, "/notes", text, text="…", public="1", text_checked="1")
        desk.step(Who.HANDLER, "/ask", text, question="…", text_checked="1")
        desk.reply(text)
        desk.step(Who.HANDLER, "/transfer-proposal", text, reason="…")
        desk.step(Who.DISPATCHER, "/transfer-decision", text, reason="…", decision="refuse")
        desk.step(Who.HEAD, "/extension", text, reason="…", wanted_on=later)
        desk.step(Who.DISPATCHER, "/extension-decision", text, reason="…", decision="refuse")
        desk.step(Who.DISPATCHER, "/visibility", text, reason="…", visibility=seen)
        desk.step(Who.HANDLER, "/return", text, reason="…")
        desk.step(Who.DISPATCHER, "/return-back", text, reason="…")
        desk.step(Who.HANDLER, "/take")
        desk.step(Who.HANDLER, "/answer", text, text="…", outcome="not_found", text_checked="1")
        desk.step(Who.HEAD, "/send-back", text, reason="…")
        rounds += 1
    assert rounds >= 9


def test_whatever_is_entered_refused_and_taken_back_is_kept(app: Flask, town: Town) -> None:
    rounds = 0
    for text in packs():
        code, token = entered(app, town, text)
        desk = Desk(app, town, code, token)
        desk.step(Who.DISPATCHER, "/reject", text, text="…", reason_code="out_of_scope")
        own = f"/r/{code}/{token}"
        desk.send(desk.clients[Who.REPORTER], f"{own}/second-look", "/second-look", text, REASON)
        desk.step(Who.DISPATCHER, "/uphold", text, text="…")
        desk.step(Who.DISPATCHER, "/lift", text, reason="…")
        desk.send(desk.clients[Who.REPORTER], f"{own}/withdraw", "/withdraw", text, REASON)
        rounds += 1
    assert rounds >= 9


def entered(app: Flask, town: Town, text: str) -> tuple[str, str]:
    """The code and the secret of a report that the centre has entered for a caller."""
    centre = town.client(Who.DISPATCHER)
    form = form_to(centre.get("/staff/intake").text, "/staff/intake")
    said = {"text": text, "address_text": line(text)[:300].strip(), "channel": "phone"}
    answer = centre.post("/staff/intake", data=form.values | said)
    assert answer.status_code == 303, answer.text
    with app.app_context(), reading() as session:
        report = session.query(Report).order_by(Report.id.desc()).limit(1).one()
        assert (report.text, report.address_text) == (text, said["address_text"])
        return report.code, report.token
