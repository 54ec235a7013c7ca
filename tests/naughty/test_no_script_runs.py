"""A browser on pages full of code that people typed: it is read to the letter, and none of it runs.

Every column that holds people's words is filled with such strings, and every page that any person
may open is opened. `open_page` itself fails on a complaint in the console, on a breach of the
content policy and on any address asked for outside the city.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from feedback.domain.actors import CITIZEN
from feedback.domain.letters import LetterState
from feedback.domain.states import RatingLevel, RejectionReason, Visibility
from feedback.operations.answer_question import answer_question
from feedback.operations.ask_citizen import ask_citizen
from feedback.operations.rate_counter import say_more
from feedback.operations.rate_report import rate_report
from feedback.operations.reject_report import reject_report
from feedback.operations.reopen_report import reopen_report
from feedback.operations.return_case import return_case
from feedback.operations.transaction import reading, transaction
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.models import Account, Letter, Message, Report, Unit
from tests.authorization.doors import doors, knock
from tests.authorization.policies import POLICIES, Answer, Who
from tests.authorization.town import Town
from tests.factories import (
    MONDAY,
    PASSWORD,
    Case,
    actor_of,
    create_area,
    create_case,
    create_closed_report,
    create_counter,
    create_counter_ratings,
    create_report,
    the_city,
)
from tests.naughty.planting import MARK, OWN, Planting
from tests.naughty.strings import squeezed
from tests.support.browser import OpenPage
from tests.support.processes import City

ROLES = (Who.ANONYMOUS, Who.REPORTER, Who.HEAD, Who.DISPATCHER, Who.SUPERVISOR, Who.ADMINISTRATOR)
STAFF = ROLES[2:]
BAD = RatingLevel.DISSATISFIED
AROUND_THE_MAP = (105.9, 15.9, 106.1, 16.1)  # where a map without settings looks
SHORTENED = {"reports.text", "history_entries.note"}  # the first sentence is a list's title
SHOWN_NOWHERE = {"areas.name", "areas.source"}
READ = """() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const body = document.body.cloneNode(true);
  for (const code of body.querySelectorAll("script, style")) code.remove();
  const typed = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
  const links = [...document.querySelectorAll("[href], [src], [action], [formaction]")];
  const strange = links.map((one) =>
    one.getAttribute("href") ?? one.getAttribute("src") ?? one.getAttribute("formaction")
      ?? one.getAttribute("action"))
    .filter((target) => target && !["http:", "data:", "blob:"].includes(
      new URL(target, location.href).protocol));
  const handlers = [...document.querySelectorAll("*")].flatMap((one) =>
    one.getAttributeNames().filter((name) => name.startsWith("on")));
  return {
    text: [document.title, body.textContent, ...typed].join("\\u0000"),
    strange, handlers, ran: "__ran" in window,
  };
}"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_that_people_typed_runs(
    app: Flask, town: Town, city: City, open_page: OpenPage
) -> None:
    planting = Planting()
    with app.app_context():
        talk = Talk(town, planting)
    addresses = {who: [*addresses_for(town, who), *talk.addresses(who)] for who in ROLES}
    with app.app_context(), transaction(the_city()) as session:
        release(session)
        planting.overwrite(session)
    city.start("web")
    reader = Reader(planting)
    for who in ROLES:
        locale = "en-GB" if who is Who.REPORTER else "vi-VN"
        page = open_page(phone=False, locale=locale)
        page.on("dialog", reader.refuse_dialog)
        if who in STAFF:
            sign_in(page, town.accounts[who])
        for address in addresses[who]:
            page.goto(address, wait_until="domcontentloaded")  # its scripts have run by then
            reader.read(page)
        if who is Who.ANONYMOUS:
            fill_in_the_report_form(page, reader)
        if who is Who.DISPATCHER:
            open_the_identity(page, f"/staff/reports/{talk.asked.code}", reader)
    unseen = {planting.columns[mark] for mark in planting.whole.keys() - reader.seen}
    seen = {planting.columns[mark] for mark in reader.seen}
    assert reader.pages > 85
    assert unseen - seen == SHOWN_NOWHERE


class Reader:
    """Reads pages, and holds each planted text on them against what was planted."""

    def __init__(self, planting: Planting) -> None:
        self.seen: set[str] = set()
        self.pages = 0
        self._planting = planting
        self._whole = {mark: squeezed(text) for mark, text in planting.whole.items()}

    def refuse_dialog(self, dialog: Any) -> None:
        raise AssertionError(f"{dialog.page.url} opened a dialog: {dialog.message}")

    def read(self, page: Page) -> None:
        """Fail when anything ran or could, or when a planted text is not there to the letter."""
        found = page.evaluate(READ)
        assert not found["ran"], page.url
        assert found["strange"] == [], page.url
        assert found["handlers"] == [], page.url
        text = squeezed(found["text"])
        for place in MARK.finditer(text):
            self._compare(place[0], text[place.start() :], page.url)
        self.pages += 1

    def _compare(self, mark: str, shown: str, url: str) -> None:
        whole = self._whole[mark]
        if shown.startswith(whole):
            self.seen.add(mark)
            return
        kept = same_signs(whole, shown)
        is_cut = shown[kept : kept + 1] == "…" or self._planting.columns[mark] in SHORTENED
        assert is_cut, f"{url}: {whole!r} is shown as {shown[: kept + 40]!r}"


class Talk:
    """Cases that people have talked about, in every state whose pages show what was said."""

    def __init__(self, town: Town, planting: Planting) -> None:
        unit = unit_of(town.own.unit_id)
        self.choice_item_id = town.survey["choice_item_id"]
        handler, dispatcher = town.own.handler, town.accounts[Who.DISPATCHER]
        about: dict[str, Any] = {
            "contact_name": planting.text("contact", 120),
            "contact_email": "lan@example.com",
            "consent_version": "1",
        }
        area = create_area("Vỹ Dạ", corners=AROUND_THE_MAP)
        case = {"handler": handler, "area_id": area.id, **about}
        how: dict[str, Any] = {"city": the_city(), "now": MONDAY + timedelta(days=1)}
        by_unit = {"version": None, "actor": actor_of(handler), **how}
        by_desk = {"version": None, "actor": actor_of(dispatcher), **how}
        self.unrouted = create_report(area_id=area.id, **about)
        self.asked = create_case(unit, **case)
        ask_citizen(*ids(self.asked), question="Ở đâu ạ?", **by_unit)
        self.question_id = question_of(self.asked)
        self.replied = create_case(unit, **case)
        ask_citizen(*ids(self.replied), question="Ở đâu ạ?", **by_unit)
        answer_question(self.replied.report_id, question_of(self.replied), text="Ở bờ nam", **how)
        self.returned = create_case(unit, **case)
        return_case(*ids(self.returned), reason="Không thuộc đơn vị", **by_unit)
        self.rated = create_closed_report(unit, **case)
        rate_report(self.rated.report_id, level=BAD, comment="Còn rác", **how)
        self.reopened = create_closed_report(unit, **case)
        reopen_report(self.reopened.report_id, reason="Vẫn còn", actor=CITIZEN, **how)
        self.withdrawn = create_case(unit, **case)
        withdraw_report(self.withdrawn.report_id, reason="Đã sạch", actor=CITIZEN, **how)
        self.rejected = create_report(**about)
        reject_report(
            self.rejected.report_id,
            reason=RejectionReason.OUT_OF_SCOPE,
            text="Mời gặp Công an phường",
            **by_desk,
        )
        counter = create_counter(unit)
        now = datetime.now(UTC)  # the board looks back thirty days
        for token in create_counter_ratings(counter, *[BAD] * 12, now=now):
            say_more(token, level=BAD, reason=None, comment="Chờ lâu", city=the_city(), now=now)
        self.thanks = f"/c/{counter.code}/thanks/{token}"

    def addresses(self, who: Who) -> Iterator[str]:
        """The pages on which somebody sees these cases."""
        cases = (self.unrouted, self.asked, self.replied, self.returned, self.rated)
        cases += (self.reopened, self.withdrawn, self.rejected)
        if who is Who.ANONYMOUS:
            yield from (f"/reports/{case.code}" for case in (self.asked, self.rated))
            yield from ("/reports?q=" + one for one in ("%3Cscript%3E", "%22%20onfocus=%22"))
            yield from ("/%3Cscript%3Ewindow.__ran=1%3C/script%3E", self.thanks)
        if who is Who.REPORTER:
            yield from (f"/r/{case.code}/{case.token}" for case in cases)
            yield f"/r/{self.asked.code}/{self.asked.token}/questions/{self.question_id}"
            yield f"/r/{self.rated.code}/{self.rated.token}/rating"
            yield f"/r/{self.rated.code}/{self.rated.token}/reopen"
            yield f"/r/{self.rejected.code}/{self.rejected.token}/second-look"
        if who is Who.HEAD:
            yield from (f"/staff/reports/{case.code}" for case in cases[1:5])
            yield "/staff/queue?q=%22%3E%3Csvg/onload=window.__ran=1%3E"
        if who is Who.ADMINISTRATOR:
            yield f"/admin/instruments/items/{self.choice_item_id}"
        if who is Who.DISPATCHER:
            yield from (f"/staff/reports/{case.code}" for case in cases)
            yield from (f"/staff/triage?view={view}" for view in ("returned", "requests", "again"))


def addresses_for(town: Town, who: Who) -> Iterator[str]:
    """The pages that this person is the first to get into."""
    client = town.client(who)
    for door in doors(town.app):
        policy = POLICIES[door.endpoint]
        first = next((one for one in ROLES if policy.own[one] is Answer.IN), None)
        if door.method != "GET" or first is not who:
            continue
        answer = knock(town, client, door, "own", who)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield answer.request.full_path.rstrip("?")


def fill_in_the_report_form(page: Page, reader: Reader) -> None:
    """Go through the steps of the form, whose scripts show ward, category and words again."""
    page.goto("/report")
    go_on = page.locator("[data-next]")
    go_on.click()
    expect(page.locator("path.ward").first).to_be_attached()
    page.locator("#map").press("Enter")
    expect(page.locator("[data-area-name]")).to_be_visible()
    reader.read(page)
    go_on.click()
    page.locator("label.option").first.click()
    page.locator("#text").fill(OWN[3])
    go_on.click()
    expect(page.locator("[data-checklist]")).to_contain_text(OWN[3])
    reader.read(page)


def open_the_identity(page: Page, case: str, reader: Reader) -> None:
    """Look at who reported, for a reason that is code."""
    page.goto(case)
    page.locator("details.deed:has(#identity_reason) > summary").click()
    page.locator("#identity_reason").fill(OWN[0])
    page.locator("details.deed:has(#identity_reason) button").click()
    expect(page.locator("dl.facts")).to_contain_text(OWN[0])
    reader.read(page)


def sign_in(page: Page, account: Account) -> None:
    """Through the form, after a try with a name that is code."""
    page.goto("/login")
    page.locator("#login").fill(OWN[1])
    page.locator("#password").fill(OWN[0])
    page.locator("form.card button[type=submit]").click()
    expect(page.locator("#login")).to_have_value(OWN[1])
    page.locator("#login").fill(account.login)
    page.locator("#password").fill(PASSWORD)
    page.locator("form.card button[type=submit]").click()
    expect(page.locator(".who")).to_be_visible()


def same_signs(one: str, other: str) -> int:
    """How many signs two texts share from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def release(session: Session) -> None:
    """Show the public every report that it may see, and heads the words of letters as drafts."""
    for report in session.query(Report).filter(Report.visibility == Visibility.PENDING):
        report.visibility = Visibility.PUBLIC
    for letter in session.query(Letter):
        letter.state, letter.text = LetterState.DRAFTED, None


def unit_of(key: int) -> Unit:
    """A stored unit, loaded and detached."""
    with reading() as session:
        found = session.get_one(Unit, key)
        session.expunge(found)
        return found


def ids(case: Case) -> tuple[int, int]:
    """What a unit's operations ask for."""
    return case.report_id, case.assignment_id


def question_of(case: Case) -> int:
    """The question that waits for the citizen."""
    with reading() as session:
        return session.query(Message.id).filter_by(report_id=case.report_id).one()[0]
