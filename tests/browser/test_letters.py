"""A head signs a letter of apology; the worker prints it, and head and citizen open the PDF."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from feedback.domain.states import Role
from feedback.operations.draft_letters import draft_letters
from feedback.operations.transaction import reading
from feedback.storage.models import Account, LetterTemplate
from tests.browser.conftest import Town
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import CENTRE
from tests.factories import Case, create_account, create_case, create_unit, the_city
from tests.factories.letters import create_letter_template
from tests.support.browser import OpenPage, assert_accessible
from tests.support.waiting import wait_until
from tests.support.words import words_of

say = words_of("vi")
REASON = "Mưa lớn kéo dài, chưa thể thi công tại hiện trường."


def late_case(town: Town) -> tuple[Case, Account]:
    """A late case with its draft, and the head who has to sign; call it in the app's context."""
    now = datetime.now(UTC)
    with reading() as session:
        has_text = session.query(LetterTemplate).first() is not None
    if not has_text:
        create_letter_template()
    unit = create_unit("Xí nghiệp Thoát nước", short_name="Thoát nước")
    head = create_account(Role.HEAD, unit, name="Đặng Thị Ký")
    case = create_case(
        unit,
        text="Cống trước chợ nghẹt, nước tràn ra đường",
        place=tuple(CENTRE.values()),
        now=now - timedelta(days=25),
    )
    draft_letters(city=the_city(), now=now)
    return case, head


def words_in(path: Path) -> str:
    """What a PDF file says, without its blanks."""
    pages = PdfReader(io.BytesIO(path.read_bytes())).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def downloaded(page: Page, name: str, folder: Path) -> Path:
    """The file behind a link."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=name).first.click()
    path = folder / "letter.pdf"
    coming.value.save_as(path)
    return path


def test_a_head_signs_and_the_pdf_opens(open_page: OpenPage, town: Town, tmp_path: Path) -> None:
    with town.app.app_context():
        case, head = late_case(town)
    page = signed_in(open_page, head)
    page.get_by_role("link", name=say("Letters"), exact=True).click()
    page.get_by_role("link", name=case.code).click()
    page.get_by_role("button", name=say("Sign the letter")).click()
    expect(page.locator("#error-summary")).to_be_visible()
    assert_accessible(page)
    page.locator("#reason").fill(REASON)
    page.get_by_role("button", name=say("Keep and look at it")).click()
    expect(page.locator(".paper")).to_contain_text(REASON)
    page.get_by_role("button", name=say("Sign the letter")).click()
    expect(page.get_by_role("status").first).to_contain_text(
        say("The letter is signed. It is being printed and the citizen is told.")
    )
    address = page.url

    def printed() -> bool:
        page.goto(address)
        return page.get_by_role("link", name=say("Download the PDF")).count() == 1

    wait_until(printed, 30, "the letter to be printed")
    said = words_in(downloaded(page, say("Download the PDF"), tmp_path))
    assert "".join(REASON.split()) in said
    assert "ĐặngThịKý" in said
    assert_accessible(page)

    citizen = open_page(phone=True)
    citizen.goto(town.world.link(case))
    expect(citizen.get_by_text(REASON)).to_be_visible()
    own = downloaded(citizen, say("The letter as PDF"), tmp_path)
    assert case.code in words_in(own)
