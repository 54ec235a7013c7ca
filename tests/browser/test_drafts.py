"""Nothing a citizen typed is ever lost, and nobody wonders whether it was sent."""

from flask import Flask
from playwright.sync_api import Request, Route, expect

from feedback.operations.transaction import reading
from feedback.storage.models import Report
from tests.browser.phone import Phone, png, turned_jpeg
from tests.browser.world import CENTRE, RUBBISH, World
from tests.support.browser import OpenPage

LOCATED = {"geolocation": CENTRE | {"accuracy": 20}, "permissions": ["geolocation"]}


def reports_saying(text: str) -> int:
    """How many reports in the store have this text."""
    with reading() as session:
        return session.query(Report).filter_by(text=text).count()


def test_back_loses_nothing(open_page: OpenPage, world: World) -> None:
    phone = Phone(open_page(**LOCATED))
    page, rubbish = phone.page, world.categories[RUBBISH].name_vi
    phone.start()
    phone.add_photos(turned_jpeg())
    phone.expect_sent_photos(1)
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    phone.choose_category(rubbish)
    phone.describe("Rác sau chợ")
    phone.go_on("Check and send")

    for heading in ("What is it about?", "Where is it?", "Add photos of what you see"):
        page.go_back()
        phone.expect_step(heading)
    phone.expect_sent_photos(1)
    page.go_back()
    page.wait_for_url("/")
    page.go_forward()

    phone.expect_sent_photos(1)
    for heading in ("Where is it?", "What is it about?"):
        phone.go_on(heading)
    expect(page.locator("#text")).to_have_value("Rác sau chợ")
    expect(page.get_by_role("radio", name=rubbish)).to_be_checked()
    phone.go_on("Check and send")
    phone.send()


def test_a_reload_brings_the_draft_back_at_its_step(open_page: OpenPage, world: World) -> None:
    phone = Phone(open_page(**LOCATED))
    page = phone.page
    phone.open_form()
    phone.add_photos(turned_jpeg(), png())
    phone.expect_sent_photos(2)
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    phone.describe("Đèn tắt cả tuần")

    page.reload()

    phone.expect_step("What is it about?")
    expect(page.locator("#text")).to_have_value("Đèn tắt cả tuần")
    phone.choose_category(world.categories[RUBBISH].name_vi)
    phone.go_on("Check and send")
    expect(page.locator("[data-checklist]")).to_contain_text(world.here)
    phone.expect_finished_photos(phone.send(), 2)


def test_a_draft_outlives_its_page_until_it_was_sent(open_page: OpenPage, world: World) -> None:
    phone = Phone(open_page())
    page = phone.page
    phone.quick_report(world.here, world.categories[RUBBISH].name_vi, "Rác bên kênh")
    expect(page.locator("[data-draft]")).not_to_be_empty()

    page.goto("/")
    page.goto("/report")
    expect(page.locator("#text")).to_have_value("Rác bên kênh")

    for heading in ("Where is it?", "What is it about?", "Check and send"):
        phone.go_on(heading)
    phone.send()
    page.goto("/report")
    expect(phone.button("Continue")).to_be_visible()
    expect(page.locator("#text")).to_have_value("")


def test_a_double_tap_on_send_makes_one_report(
    open_page: OpenPage, world: World, town_app: Flask
) -> None:
    phone = Phone(open_page())
    text = "Hai lần chạm, một phản ánh"
    phone.quick_report(world.here, world.categories[RUBBISH].name_vi, text)
    sent: list[str] = []
    phone.page.on("request", lambda request: sent.append(request.method))

    phone.send_button.evaluate("button => { button.click(); button.click(); }")
    phone.expect_receipt()

    assert sent.count("POST") == 1
    assert reports_saying(text) == 1


def test_an_answer_lost_on_the_way_leads_to_the_same_receipt(
    open_page: OpenPage, world: World, town_app: Flask
) -> None:
    phone = Phone(open_page())
    page, text = phone.page, "Mất mạng đúng lúc gửi"
    receipts: list[str] = []

    def lose_the_answer(route: Route, request: Request) -> None:
        if request.method != "POST" or receipts:
            route.continue_()
            return
        answer = route.fetch(max_redirects=0)
        receipts.append(answer.headers["location"])
        route.abort("connectionreset")

    page.route("**/report", lose_the_answer)
    phone.quick_report(world.here, world.categories[RUBBISH].name_vi, text)
    phone.send_button.tap()
    expect(page).to_have_url("chrome-error://chromewebdata/")

    page.goto("/report")
    expect(page.locator("#text")).to_have_value(text)
    for heading in ("Where is it?", "What is it about?", "Check and send"):
        phone.go_on(heading)
    link = phone.send()

    assert receipts == [f"{link}/receipt"]
    assert reports_saying(text) == 1


def test_without_network_the_draft_waits_and_is_sent_later(
    open_page: OpenPage, world: World
) -> None:
    phone = Phone(open_page(**LOCATED))
    page = phone.page
    phone.open_form()
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    phone.choose_category(world.categories[RUBBISH].name_vi)
    phone.describe("Rác, mạng yếu")
    phone.go_on("Check and send")

    page.context.set_offline(True)
    phone.send_button.tap()
    expect(page.locator("[data-draft]")).to_have_text(
        phone.say("No network. Your draft is kept, send it when you are online again.")
    )
    expect(phone.send_button).not_to_have_attribute("aria-disabled", "true")

    page.context.set_offline(False)
    phone.send()


def test_photos_chosen_without_network_go_up_when_it_is_back(
    open_page: OpenPage, world: World
) -> None:
    phone = Phone(open_page())
    phone.open_form()
    phone.page.context.set_offline(True)
    phone.add_photos(turned_jpeg(), png())
    waiting = phone.page.locator(".upload .state").first
    expect(waiting).to_have_text(phone.say("Waiting for the network…"))

    phone.page.context.set_offline(False)

    phone.expect_sent_photos(2)


def test_a_draft_is_deleted_when_asked(open_page: OpenPage, world: World) -> None:
    phone = Phone(open_page())
    page = phone.page
    phone.quick_report(world.here, world.categories[RUBBISH].name_vi, "Thôi, không gửi")
    page.on("dialog", lambda dialog: dialog.accept())

    phone.tap(phone.button("Delete the draft and start again"))

    phone.expect_step("Add photos of what you see")
    expect(page.locator("#text")).to_have_value("")
    expect(phone.button("Delete the draft and start again")).to_have_count(0)


def test_a_mended_step_goes_on_at_the_first_tap(open_page: OpenPage, world: World) -> None:
    phone = Phone(open_page(**LOCATED))
    phone.open_form()
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    phone.choose_category(world.categories[RUBBISH].name_vi)
    phone.button("Continue").tap()
    summary = phone.page.locator("#error-summary")
    expect(summary).to_be_visible()

    phone.describe("Rác ở đầu hẻm")

    expect(summary).to_be_hidden()
    phone.go_on("Check and send")
