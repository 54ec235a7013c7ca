"""A unit asks at its desk, the citizen answers on a phone, with script and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import turned_jpeg
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import World
from tests.factories import Case
from tests.support.browser import OpenPage, assert_accessible, assert_fits
from tests.support.words import words_of

QUESTION = "Thùng rác ở trước số nhà mấy ạ?"
say = words_of("vi")


def press_to_open(page: Page, words: str) -> None:
    """Unfold one of the case's forms with the keyboard alone."""
    page.locator("summary").filter(has_text=words).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("javascript", "which"), [(True, "taken"), (False, "overdue")], ids=["script", "plain"]
)
def test_a_question_goes_out_and_its_answer_comes_back(
    open_page: OpenPage, world: World, javascript: bool, which: str
) -> None:
    case: Case = getattr(world, which)
    answer = f"Trước nhà số 12 ({which})."
    desk = signed_in(open_page, world.rubbish_handler)
    desk.goto(f"/staff/reports/{case.code}")
    press_to_open(desk, say("Ask the citizen"))
    desk.get_by_label(say("Your question")).focus()
    desk.keyboard.type(QUESTION)
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text(say("The question is on the citizen's page."))).to_be_visible()
    assert_accessible(desk)

    phone = open_page(javascript=javascript)
    phone.goto(world.link(case))
    assert_fits(phone)
    phone.get_by_role("link", name=say("Answer the question")).tap()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    expect(phone.get_by_text(QUESTION)).to_be_visible()
    assert_fits(phone)
    if javascript:
        assert_accessible(phone)
    send = phone.get_by_role("button", name=say("Send the answer"))
    send.tap()
    expect(phone.locator("#error-summary")).to_contain_text(
        say("Write a few words, or add at least one photo.")
    )
    phone.get_by_label(say("Your answer")).fill(answer)
    phone.locator("#photos").set_input_files([turned_jpeg()])
    send.tap()
    thanks = say("Thank you. The unit has your answer and goes on.")
    expect(phone.get_by_text(thanks)).to_be_visible()
    expect(phone.get_by_text(answer)).to_be_visible()

    desk.goto("/staff/queue")
    row = desk.get_by_role("row", name=re.compile(re.escape(case.code)))
    expect(row).to_contain_text(say("The citizen has answered"))
    row.get_by_role("link").press("Enter")
    expect(desk.locator("#conversation")).to_contain_text(answer)
    assert_accessible(desk)
