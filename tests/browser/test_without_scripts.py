"""The same without JavaScript: one plain form that keeps what was typed."""

import re

from playwright.sync_api import Page, expect

from tests.browser.phone import (
    RECEIPT,
    REPORT_PAGE,
    broken_jpeg,
    heic,
    not_a_picture,
    png,
    turned_jpeg,
)
from tests.browser.world import RUBBISH, World
from tests.support.browser import OpenPage, assert_fits
from tests.support.waiting import wait_until
from tests.support.words import words_of

say = words_of("vi")


def fill(page: Page, world: World) -> None:
    """Everything but the place."""
    page.get_by_label(world.categories[RUBBISH].name_vi).check()
    page.get_by_label(say("Describe it in a few words")).fill("Rác ở đầu hẻm")
    page.get_by_text(say("Get news by e-mail or phone")).tap()
    page.get_by_label(say("E-mail")).fill("lan@example")
    page.locator("#contact_name").fill("Lan")


def send(page: Page) -> None:
    """The form's one button."""
    page.get_by_role("button", name=say("Send the report")).tap()


def test_a_report_with_photos_goes_out_as_one_plain_form(open_page: OpenPage, world: World) -> None:
    page = open_page(javascript=False)
    page.goto("/")
    page.get_by_role("link", name=say("Send a report"), exact=True).tap()
    page.wait_for_url("/report")
    assert_fits(page)
    page.locator("#photos").set_input_files([turned_jpeg(), png(), heic()])
    page.locator("#area_id").select_option(label=world.here)
    page.locator("#address_text").fill("12 Lê Lợi")
    fill(page, world)
    page.get_by_label(say("E-mail")).fill("lan@example.com")
    page.locator("#consent").check()
    send(page)

    expect(page).to_have_url(RECEIPT)
    page.get_by_role("link", name=say("Follow my report")).tap()
    page.wait_for_url(REPORT_PAGE)
    images = page.locator("figure.photo img")

    def all_shown() -> bool:
        page.reload()
        return images.count() == 3

    wait_until(all_shown, 30, "three finished photos")


def test_errors_come_back_with_everything_that_was_typed(open_page: OpenPage, world: World) -> None:
    page = open_page(javascript=False)
    page.goto("/report")
    page.locator("#photos").set_input_files([turned_jpeg(), not_a_picture()])
    fill(page, world)
    send(page)

    summary = page.locator("#error-summary")
    expect(page).to_have_title(re.compile(f"^{say('Error:')}"))
    for problem in (
        "Set the place on the map, or choose a ward and write the street.",
        "Enter an e-mail address like name@example.com.",
        "Tick the box so that we may contact you.",
        "This file is not a photo. Choose a JPEG, PNG, WebP or HEIC photo.",
    ):
        expect(summary).to_contain_text(say(problem))
    expect(page.locator("#text")).to_have_value("Rác ở đầu hẻm")
    expect(page.locator("#contact_name")).to_have_value("Lan")
    expect(page.locator("#contact_email")).to_have_value("lan@example")
    expect(page.get_by_label(world.categories[RUBBISH].name_vi)).to_be_checked()
    expect(page.locator("[data-kept]")).to_have_count(1)
    for link in summary.get_by_role("link").all():
        target = str(link.get_attribute("href"))
        expect(page.locator(target)).to_have_count(1)

    page.locator("#area_id").select_option(label=world.here)
    page.locator("#contact_email").fill("lan@example.com")
    page.locator("#consent").check()
    send(page)
    expect(page).to_have_url(RECEIPT)


def test_a_broken_photo_is_told_about_and_costs_nothing_else(
    open_page: OpenPage, world: World
) -> None:
    page = open_page(javascript=False)
    page.goto("/report")
    page.locator("#photos").set_input_files([not_a_picture(), broken_jpeg(), png()])
    page.locator("#area_id").select_option(label=world.here)
    page.get_by_label(say("I don't know")).check()
    send(page)

    expect(page).to_have_url(RECEIPT)
    expect(page.get_by_role("status")).to_contain_text(
        "fake.jpg: " + say("This file is not a photo. Choose a JPEG, PNG, WebP or HEIC photo.")
    )
    page.get_by_role("link", name=say("Follow my report")).tap()
    page.wait_for_url(REPORT_PAGE)

    def decided() -> bool:
        page.reload()
        return page.locator(".photo.bad").count() == 1 and page.locator("figure.photo").count() == 1

    wait_until(decided, 30, "one finished and one refused photo")
