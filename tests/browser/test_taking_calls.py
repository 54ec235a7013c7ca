"""The operations centre by keyboard: a phone call becomes a report, and two become one."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_staff_journey import signed_in
from tests.browser.world import World
from tests.support.browser import OpenPage, assert_accessible
from tests.support.words import words_of

# Beside the words typed: at 5 keystrokes a second a call is written down well within a minute.
MOST_KEYS = 20


class Keyboard:
    """Two hands that never touch the mouse; `keys` counts the strokes that are not words."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.letters = 0

    def write(self, text: str) -> None:
        """Type words into whatever has the focus."""
        self.page.keyboard.type(text)
        self.letters += len(text)

    def press(self, key: str, times: int = 1) -> None:
        """Strike a key."""
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1


def test_a_call_is_taken_by_keyboard_alone_in_few_strokes(
    open_page: OpenPage, world: World
) -> None:
    say = words_of("vi")
    desk = signed_in(open_page, world.dispatcher)
    desk.goto("/staff/intake")
    hands = Keyboard(desk)
    expect(desk.locator("#text")).to_be_focused()

    hands.write("Rác chất đống trước chợ")
    hands.press("Tab")
    hands.write("thu gom rac")
    hands.press("Tab", 2)
    hands.write("thuan hoa")
    hands.press("Tab", 2)
    hands.write("25 Lê Lợi")
    hands.press("Tab", 2)
    hands.write("Bà Lan")
    hands.press("Tab")
    hands.write("0900111222")
    hands.press("Tab", 3)
    hands.press("Space")
    expect(desk.locator("#consent")).to_be_checked()
    assert_accessible(desk)
    hands.press("Control+Enter")

    sent = desk.locator(".went")
    expect(sent).to_contain_text(world.rubbish_unit.name)
    expect(sent.locator(".code")).to_have_text(re.compile(r"^[0-9A-Y]{3}-[0-9A-Y]{3}$"))
    expect(desk.locator("#text")).to_be_focused()  # ready for the next call
    assert hands.keys <= MOST_KEYS
    assert (hands.keys + hands.letters) / 5 < 60
    assert_accessible(desk)

    sent.locator("a.code").click()
    expect(desk.get_by_text(say("by phone"))).to_be_visible()
    expect(desk.get_by_text("0900111222")).to_have_count(0)


def test_a_report_without_category_is_sent_on_and_taken_back(
    open_page: OpenPage, world: World
) -> None:
    say = words_of("en")
    desk = signed_in(open_page, world.dispatcher, "en-GB")
    desk.goto("/staff/intake")
    desk.locator("#text").fill("Xe rác chắn đường")
    desk.locator("#address_text").fill("Chợ An Cựu")
    desk.get_by_role("button", name=say("Send the report")).click()
    desk.get_by_role("link", name=say("Send it to a unit now")).click()

    desk.locator("details.deed", has_text=say("Same as another report")).first.locator(
        "summary"
    ).click()
    desk.locator("input[name=root_code]").fill(world.taken.code.lower())
    desk.get_by_role("button", name=say("Merge the reports")).click()
    expect(desk.get_by_role("status")).to_contain_text(
        say("The report is merged with the one that came first.")
    )
    expect(desk.locator(".aside")).to_contain_text(world.taken.code)
    assert_accessible(desk)
    desk.get_by_role("button", name=say("It is a report of its own")).click()
    expect(desk.get_by_role("heading", name=say("Send it to a unit"))).to_be_visible()
