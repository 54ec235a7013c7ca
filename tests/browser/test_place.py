"""Where it happened: none of the ways to say it needs another."""

import re

from playwright.sync_api import Page, expect

from tests.browser.phone import Phone, turned_jpeg
from tests.browser.world import CENTRE, RUBBISH, World
from tests.support.browser import OpenPage

LOCATED = {"geolocation": CENTRE | {"accuracy": 20}, "permissions": ["geolocation"]}


def at_the_place(phone: Phone) -> Phone:
    """Open the form at its second step."""
    phone.open_form()
    phone.go_on("Where is it?")
    return phone


def finish(phone: Phone, world: World) -> str:
    """From the place to the receipt."""
    phone.go_on("What is it about?")
    phone.choose_category(world.categories[RUBBISH].name_vi)
    phone.describe("Rác ở đầu hẻm")
    phone.go_on("Check and send")
    return phone.send()


def expect_place(page: Page, link: str, place: str) -> None:
    """The report's own page names the place."""
    page.goto(link)
    expect(page.locator(".facts")).to_contain_text(place)


def test_a_location_that_was_allowed_before_needs_no_tap(open_page: OpenPage, world: World) -> None:
    phone = at_the_place(Phone(open_page(**LOCATED)))
    expect(phone.page.get_by_role("heading", name=world.here)).to_be_visible()
    status = phone.page.locator("[data-place-status]")
    expect(status).to_contain_text("20")
    expect_place(phone.page, finish(phone, world), world.here)


def test_with_permission_denied_a_tap_on_the_map_sets_the_point(
    open_page: OpenPage, world: World
) -> None:
    phone = at_the_place(Phone(open_page()))
    page = phone.page
    phone.tap(phone.button("Use my location"))
    expect(page.locator("[data-place-status]")).to_have_text(
        phone.say("Your location is not shared. Tap the map or choose the ward.")
    )
    expect(page.locator("path.ward").first).to_be_attached()

    page.locator("#map").tap(position={"x": 160, "y": 120})

    expect(page.locator(".pin")).to_be_visible()
    ward = page.locator("[data-area-name]").inner_text()
    assert ward
    link = finish(phone, world)
    expect_place(page, link, ward)


def test_the_map_is_worked_by_keys_alone(open_page: OpenPage, world: World) -> None:
    phone = at_the_place(Phone(open_page()))
    page = phone.page
    expect(page.locator("path.ward").first).to_be_attached()
    page.locator("#map").press("Enter")
    pin = page.locator(".leaflet-marker-icon")
    expect(pin).to_be_visible()
    before = page.locator("[name=latitude]").input_value()

    pin.press("ArrowUp")

    expect(page.locator("[name=latitude]")).not_to_have_value(before)
    expect(page.get_by_role("heading", name=world.here)).to_be_visible()


def test_ward_and_street_do_without_a_map(open_page: OpenPage, world: World) -> None:
    page = open_page()
    page.route(re.compile(r"leaflet\.js$"), lambda route: route.abort())
    phone = at_the_place(Phone(page))
    expect(page.locator("[data-place-status]")).to_have_text(
        phone.say("The map did not load. Please choose the ward and write the street.")
    )
    phone.choose_ward(world.here, "12 Lê Lợi")
    link = finish(phone, world)
    expect_place(page, link, f"12 Lê Lợi, {world.here}")


def test_a_step_without_a_place_says_what_is_missing(open_page: OpenPage, world: World) -> None:
    phone = at_the_place(Phone(open_page()))
    phone.button("Continue").tap()
    summary = phone.page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(
        phone.say("Set the place on the map, or choose a ward and write the street.")
    )
    phone.choose_ward(world.here, "")
    expect(summary).to_be_hidden()


def test_the_place_of_a_photo_is_offered_only_when_the_reporter_agrees(
    open_page: OpenPage, world: World
) -> None:
    phone = Phone(open_page())
    phone.open_form()
    phone.add_photos(turned_jpeg())
    phone.expect_sent_photos(1)
    phone.go_on("Where is it?")
    offer = phone.button("Use the photo's place")
    expect(offer).to_have_count(0)
    phone.button("Back").tap()

    wish = phone.page.locator("#use_photo_place")
    with phone.page.expect_response("**/photos"):
        wish.check()
    phone.expect_sent_photos(1)
    phone.go_on("Where is it?")
    offer.tap()

    expect(phone.page.get_by_role("heading", name=world.here)).to_be_visible()
    expect(phone.page.locator("[name=latitude]")).to_have_value("16.463500")
