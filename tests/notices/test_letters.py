"""What the letters say: the right words, links that work, and nothing of anybody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from feedback.delivery.channels import Letter
from feedback.domain.histories import HistoryKind
from feedback.domain.states import AssignmentState, Outcome
from feedback.operations.approve_answer import approve_answer
from feedback.storage.models import Account
from tests.factories import (
    INSIDE,
    MONDAY,
    Case,
    create_answered_case,
    create_case,
    create_report,
    the_city,
)
from tests.notices.conftest import CITIZEN, DUTY, HEAD
from tests.operations.by_hand import step
from tests.operations.lives import Town
from tests.support.post import Postbox
from tests.support.staff import new_client, sign_in

Deliver = Callable[[], None]
HOUR = timedelta(hours=1)
CANARIES = {
    "contact_name": "Canary Lan",
    "contact_email": CITIZEN,
    "contact_phone": "0900 111 222",
    "consent_version": "1",
}
TEXT = "Nhà tôi số 12, gọi <b>canary</b> 0900 111 222"
LINK = re.compile(r"https?://\S+")


def routed(town: Town, **more: object) -> Case:
    """A report with a contact at the unit."""
    how = {"category": town.category, "place": INSIDE, "text": TEXT, **CANARIES, **more}
    return create_case(town.unit, **how)


def closed(town: Town, *, outcome: Outcome = Outcome.FIXED, **more: object) -> Case:
    """The same, answered and approved."""
    how = {"category": town.category, "place": INSIDE, **CANARIES, **more}
    case = create_answered_case(town.unit, handler=town.handler, outcome=outcome, **how)
    approve_answer(
        case.report_id,
        case.assignment_id,
        version=None,
        actor=town.as_head,
        city=the_city(),
        now=MONDAY + 2 * HOUR,
    )
    return case


def last_to(post: Postbox, address: str) -> Letter:
    """The last letter somebody got."""
    return post.to(address)[-1].letter


def links_in(letter: Letter) -> list[str]:
    """The addresses in the plain text, which the page must hold too."""
    found = LINK.findall(letter.text)
    assert {unescape(address) for address in re.findall(r'href="([^"]+)"', letter.html)} == set(
        found
    )
    return found


def test_the_receipt_has_code_secret_link_unit_and_deadline(
    app: Flask, town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = routed(town)
    deliver()
    letter = last_to(post, CITIZEN)
    assert letter.subject == f"[Mã {case.code}] Đã tiếp nhận phản ánh của bạn"
    assert town.unit.name in letter.text
    assert "17:00 ngày 11/03/2026" in letter.text
    assert "7 ngày làm việc" in letter.text
    (link,) = links_in(letter)
    assert link == f"{app.extensions['settings'].public_url}/r/{case.code}/{case.token}"


def test_a_reader_of_english_is_written_to_in_english(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = routed(town, language="en")
    deliver()
    letter = last_to(post, CITIZEN)
    assert letter.subject == f"[Code {case.code}] We have received your report"
    assert 'lang="en"' in letter.html
    assert "phản ánh" in last_to(post, HEAD).text  # staff go on in Vietnamese


def test_an_odd_language_is_no_reason_not_to_write(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    routed(town, language="xx")
    deliver()
    assert "Đã tiếp nhận" in last_to(post, CITIZEN).subject


def test_the_link_in_the_mail_leads_to_the_report_and_to_its_rating(
    app: Flask, town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = closed(town)
    deliver()
    letter = last_to(post, CITIZEN)
    assert "> Đã thu gom xong." in letter.text
    root = app.extensions["settings"].public_url
    rate, show = (link.removeprefix(root) for link in links_in(letter))
    client = new_client(app)
    assert rate.endswith("/rating")
    assert 'name="level"' in client.get(rate).text
    page = client.get(show)
    assert page.status_code == 200
    assert case.code in page.text


def test_a_promise_names_its_day(town: Town, post: Postbox, deliver: Deliver) -> None:
    closed(town, outcome=Outcome.PLANNED)
    deliver()
    assert "Dự kiến hoàn thành: 01/04/2026" in last_to(post, CITIZEN).text


def test_staff_follow_their_link_to_the_case(
    app: Flask, town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = routed(town)
    deliver()
    (link,) = links_in(last_to(post, HEAD))
    client = sign_in(app, town.head)
    page = client.get(link.removeprefix(app.extensions["settings"].public_url))
    assert page.status_code == 200
    assert case.code in page.text


def test_letters_to_staff_hold_nothing_of_the_citizen(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = closed(town)
    returned = routed(town)
    step(returned, AssignmentState.RETURNED, town.as_handler, MONDAY + HOUR, note="canary")
    deliver()
    to_staff = [m.letter for m in post.messages if m.address != CITIZEN]
    assert len({m.address for m in post.messages}) == 4
    assert DUTY in {m.address for m in post.messages}
    for letter in to_staff:
        whole = f"{letter.subject} {letter.text} {letter.html}"
        for secret in (*CANARIES.values(), "canary", "Nhà tôi", case.token, returned.token):
            assert secret == "1" or secret not in whole


def test_letters_to_citizens_name_nobody_of_the_staff(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    case = closed(town)
    asked = routed(town)
    step(asked, AssignmentState.IN_PROGRESS, town.as_handler, MONDAY, kind=HistoryKind.ACCEPTED)
    step(asked, AssignmentState.WAITING, town.as_handler, MONDAY, note="Số nhà <mấy>?")
    deliver()
    names: list[Account] = [town.handler, town.head, town.dispatcher]
    for message in post.to(CITIZEN):
        whole = f"{message.letter.text} {message.letter.html}"
        assert not [who for who in names if who.name in whole or who.login in whole]
    assert case.code in " ".join(m.letter.subject for m in post.to(CITIZEN))


def test_what_people_wrote_is_escaped_in_the_page(
    town: Town, post: Postbox, deliver: Deliver
) -> None:
    asked = routed(town)
    step(asked, AssignmentState.IN_PROGRESS, town.as_handler, MONDAY, kind=HistoryKind.ACCEPTED)
    words = 'Số nhà <script>alert(1)</script> "mấy"?'
    step(asked, AssignmentState.WAITING, town.as_handler, MONDAY, note=words)
    deliver()
    letter = last_to(post, CITIZEN)
    assert f"> {words}" in letter.text
    assert "<script" not in letter.html
    assert "&lt;script&gt;" in letter.html


def test_a_page_loads_nothing_from_anywhere(town: Town, post: Postbox, deliver: Deliver) -> None:
    closed(town)
    deliver()
    for message in post.messages:
        assert not re.search(r"<(img|link|script|iframe|object)|\ssrc=|url\(", message.letter.html)


@pytest.mark.parametrize("contact", [{}, {"contact_name": "Lan", "consent_version": "1"}])
def test_nobody_writes_to_nobody(
    town: Town, post: Postbox, deliver: Deliver, contact: dict[str, str]
) -> None:
    create_report(**contact)
    deliver()
    assert post.messages == []
