"""A unit works down its queue by keyboard: many cases at once, a kept text, from case to case."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Town
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import CENTRE, ROADWORKS
from tests.factories import create_case
from tests.support.browser import OpenPage, assert_accessible
from tests.support.words import words_of

say = words_of("vi")
NOTE = "Hẹn khảo sát chung sáng thứ Sáu"


def test_cases_are_noted_together_and_answered_one_after_the_other(
    open_page: OpenPage, town: Town
) -> None:
    world, now = town.world, datetime.now(UTC)
    with town.app.app_context():
        first, second = (
            create_case(
                world.roads_unit,
                category=world.categories[ROADWORKS],
                handler=world.handler,
                text=f"Ổ gà sâu trước chợ Xép {number}",
                place=tuple(CENTRE.values()),
                now=now - timedelta(hours=2 - number),
            )
            for number in range(2)
        )
    page = signed_in(open_page, world.handler)
    page.goto("/staff/queue?q=cho+xep")
    keys = page.locator("[data-keys]")  # hidden until the script listens
    expect(keys).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator("#deed").select_option("note")
    page.get_by_role("button", name=say("Look it over first")).click()
    page.locator("#text").fill(NOTE)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("status")).to_contain_text("2")
    expect(page.locator(".chosen .chip.ok")).to_have_count(2)
    assert_accessible(page)
    page.get_by_role("link", name=say("Back to the list")).first.click()

    expect(page.locator("[data-queue]")).to_be_visible()
    expect(keys).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url(re.compile(rf"/staff/reports/{first.code}.*#to-answer$"))
    expect(page.get_by_text(NOTE).first).to_be_visible()
    answer = page.locator("[data-answer]")
    expect(answer.locator("#outcome, [name=outcome]").first).to_be_focused()
    answer.locator("[name=outcome][value=not_found]").check()
    answer.locator("[name=text]").fill("Kính gửi ông bà.")
    answer.locator("[name=template_id]").select_option(str(world.text_id))
    answer.get_by_role("button", name=say("Put it in")).click()
    filled = f"Kính gửi ông bà.\n\nPhản ánh {first.code} tại "
    assert answer.locator("[name=text]").input_value().startswith(filled)
    answer.locator("button.primary").click()

    done = page.locator(".flashes")
    expect(done).to_contain_text(first.code)
    expect(done).to_contain_text(say("The answer is sent."))
    expect(page.locator("main .code").first).to_contain_text(second.code)
    expect(keys).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
