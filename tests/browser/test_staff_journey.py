"""One report's life seen from all sides: citizen, handler, head, citizen again, supervisor."""

import re

from playwright.sync_api import Page, expect

from feedback.storage.models import Account
from tests.browser.phone import Phone, picture
from tests.browser.world import CENTRE, ROADWORKS, RUBBISH, World
from tests.factories import PASSWORD
from tests.support.browser import OpenPage, assert_accessible
from tests.support.photos import photo_bytes
from tests.support.waiting import wait_until
from tests.support.words import Words, words_of

LOCATED = {"geolocation": CENTRE | {"accuracy": 20}, "permissions": ["geolocation"]}


def signed_in(open_page: OpenPage, account: Account, locale: str = "vi-VN") -> Page:
    """A desktop on which this person has signed in."""
    page, say = open_page(phone=False, locale=locale), words_of(locale)
    page.goto("/staff")
    page.get_by_label(say("Login")).fill(account.login)
    page.get_by_label(say("Password")).fill(PASSWORD)
    page.get_by_role("button", name=say("Log in"), exact=True).click()
    expect(page.locator(".who")).to_contain_text(account.name)
    return page


def report(open_page: OpenPage, world: World, category: str, text: str) -> Phone:
    """A citizen's phone that has just sent a report, on its secret page."""
    phone = Phone(open_page(**LOCATED))
    phone.open_form()
    phone.go_on("Where is it?")
    expect(phone.page.get_by_role("heading", name=world.here)).to_be_visible()
    phone.go_on("What is it about?")
    phone.choose_category(category)
    phone.describe(text)
    phone.go_on("Check and send")
    phone.page.goto(phone.send())
    return phone


def open_case(page: Page, say: Words, text: str) -> None:
    """Find a case in the queue by its words and open it with the keyboard."""
    page.get_by_role("searchbox").fill(text)
    page.get_by_role("button", name=say("Filter")).click()
    row = page.get_by_role("row", name=re.compile(text))
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name=text, level=1)).to_be_visible()


def received_total(page: Page) -> int:
    """The first figure of the supervisor's page."""
    shown = page.locator(".kpi .v").first.inner_text()
    return int(re.sub(r"\\D", "", shown) or 0)


def test_a_report_is_worked_approved_rated_and_counted(open_page: OpenPage, world: World) -> None:
    say = words_of("vi")
    roadworks = world.categories[ROADWORKS].name_vi
    text = "Mặt đường chưa hoàn trả trước nhà"
    supervisor = signed_in(open_page, world.supervisor)
    before = received_total(supervisor)
    citizen = report(open_page, world, roadworks, text)

    handler = signed_in(open_page, world.handler)
    open_case(handler, say, text)
    handler.get_by_role("button", name=say("Take the case")).click()
    expect(handler.locator(".flashes")).to_contain_text(say("The case is yours now."))
    assert_accessible(handler)

    handler.get_by_label(say("fixed").capitalize()).check()
    handler.get_by_label(say("Text for the citizen")).fill("Đã hoàn trả mặt đường.")
    handler.get_by_role("button", name=say("Send for approval")).click()
    expect(handler.locator("#error-summary")).to_contain_text(
        say("Add a photo or a document that shows the result.")
    )
    assert_accessible(handler)
    handler.locator("#photos").set_input_files([picture("after.jpg", photo_bytes())])  # type: ignore[list-item]
    handler.get_by_role("button", name=say("Send for approval")).click()
    expect(handler.locator(".flashes")).to_contain_text(say("The answer is sent."))

    head = signed_in(open_page, world.head)
    head.goto("/staff/queue?view=approval")
    open_case(head, say, text)
    head.get_by_role("button", name=say("Approve the answer")).click()
    expect(head.locator(".flashes")).to_contain_text(say("The answer is approved."))

    page = citizen.page

    def sees_the_evidence() -> bool:
        page.reload()
        return page.get_by_alt_text(say("Photo %(number)s of the result", number=1)).count() == 1

    wait_until(sees_the_evidence, 30, "the photo of the result")
    expect(page.get_by_text("Đã hoàn trả mặt đường.").first).to_be_visible()
    page.get_by_role("button", name=say("Not satisfied")).tap()
    expect(page.get_by_role("link", name=say("Ask to reopen"))).to_be_visible()
    assert_accessible(page)

    def counted() -> bool:
        supervisor.reload()
        return received_total(supervisor) == before + 1

    wait_until(counted, 30, "the figure to hold the new report")
    supervisor.locator(".kpi .v a").first.click()
    expect(supervisor.get_by_text(text)).to_be_visible()

    page.get_by_role("link", name=say("Ask to reopen")).tap()
    page.get_by_label(say("Why should it be reopened?")).fill("Vẫn còn ổ gà")
    page.get_by_role("button", name=say("Reopen the report")).tap()
    expect(page.get_by_role("status")).to_contain_text(
        say("Your report is open again, with a new deadline.")
    )
    head.goto("/staff/queue?view=open")
    open_case(head, say, text)
    expect(head.get_by_text("Vẫn còn ổ gà")).to_be_visible()


def test_the_dispatcher_sends_on_what_no_rule_knows(open_page: OpenPage, world: World) -> None:
    say = words_of("en")
    text = "Loa kéo mở suốt đêm"
    citizen = report(open_page, world, words_of("vi")("I don't know"), text)
    desk = signed_in(open_page, world.dispatcher, "en-GB")
    expect(desk.get_by_role("heading", name=say("To decide"))).to_be_visible()
    assert_accessible(desk)

    desk.get_by_role("link", name=text).click()
    desk.locator("#category_id").select_option(label=world.categories[RUBBISH].name_en)
    desk.get_by_role("button", name=say("Send to the unit")).click()
    expect(desk.locator("#error-summary")).to_be_visible()
    desk.locator("#unit_id").select_option(str(world.rubbish_unit.id))
    desk.get_by_role("button", name=say("Send to the unit")).click()
    expect(desk.locator(".flashes")).to_contain_text(say("The report is on its way to the unit."))

    citizen.page.reload()
    expect(citizen.page.locator(".facts")).to_contain_text(world.rubbish_unit.name)


def test_a_report_nobody_can_place_is_refused_with_a_word(
    open_page: OpenPage, world: World
) -> None:
    say = words_of("vi")
    text = "Hỏi đường đến bến xe"
    citizen = report(open_page, world, say("I don't know"), text)
    desk = signed_in(open_page, world.dispatcher)
    desk.get_by_role("link", name=text).click()
    refusing = desk.locator("details.deed").filter(has=desk.locator("[name=reason_code]"))
    refusing.locator("summary").click()
    refusing.locator("[name=reason_code]").select_option("out_of_scope")
    refusing.get_by_role("button", name=say("Refuse the report")).click()
    expect(desk.locator(".flashes")).to_contain_text(
        say("The report is refused; the citizen reads why.")
    )
    citizen.page.reload()
    expect(citizen.page.get_by_text(say("This report was not accepted."))).to_be_visible()


def test_two_people_at_one_case_are_told_honestly(open_page: OpenPage, world: World) -> None:
    say = words_of("vi")
    text = "Nắp hố ga vỡ giữa đường thi công"
    report(open_page, world, world.categories[ROADWORKS].name_vi, text)
    first, second = (signed_in(open_page, one) for one in (world.handler, world.head))
    for page in (first, second):
        open_case(page, say, text)
    first.get_by_role("button", name=say("Take the case")).click()
    expect(first.locator(".flashes")).to_contain_text(say("The case is yours now."))

    second.get_by_role("button", name=say("Take the case")).click()

    expect(second.locator("#error-summary")).to_contain_text(world.handler.name)
    assert_accessible(second)


def test_a_wrong_password_says_so_and_keeps_the_name(open_page: OpenPage, world: World) -> None:
    page, say = open_page(phone=False), words_of("vi")
    page.goto("/login")
    page.get_by_label(say("Login")).fill(world.handler.login)
    page.get_by_label(say("Password")).fill("wrong")
    page.get_by_role("button", name=say("Log in"), exact=True).click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label(say("Login"))).to_have_value(world.handler.login)
    assert_accessible(page)
