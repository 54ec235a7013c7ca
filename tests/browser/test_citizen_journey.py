"""A citizen reports from a phone with JavaScript: the main job, as it is meant to be done."""

import re
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import expect

from feedback.operations.reporters import contact_of
from feedback.operations.transaction import reading
from feedback.storage.models import Report
from tests.browser.phone import (
    Phone,
    broken_jpeg,
    heic,
    not_a_picture,
    png,
    turned_jpeg,
)
from tests.browser.world import CENTRE, LAMP, RUBBISH, World
from tests.imaging.pictures import looks_upright
from tests.support.browser import OpenPage, assert_fits

LOCATED = {"geolocation": CENTRE | {"accuracy": 20}, "permissions": ["geolocation"]}
MOST_TAPS = 8


@pytest.mark.parametrize("locale", ["vi-VN", "en-GB"])
def test_a_report_takes_eight_taps_from_the_home_page_to_the_receipt(
    open_page: OpenPage, world: World, locale: str
) -> None:
    phone = Phone(open_page(locale=locale, **LOCATED), locale)
    rubbish = world.categories[RUBBISH]

    phone.start()
    phone.add_photos(turned_jpeg(), png(), heic())
    phone.expect_sent_photos(3)
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    phone.choose_category(rubbish.name_vi if locale == "vi-VN" else rubbish.name_en)
    phone.go_on("Check and send")
    link = phone.send()

    assert phone.taps <= MOST_TAPS
    page = phone.page
    code = link.split("/")[2]
    expect(page.locator(".big-code")).to_have_text(code)
    expect(page.locator("#secret-link")).to_have_text(re.compile(re.escape(link) + "$"))
    expect(page.locator("svg.qr-code")).to_be_visible()
    expect(page.locator(".line")).to_contain_text(
        phone.say("Within %(num)s working days, counted from the day it was sent on.", num=3)
        if locale == "en-GB"
        else "Trong 3 ngày làm việc"
    )
    assert_fits(page)

    shown = phone.expect_finished_photos(link, 3)
    for image in shown:
        large = image.evaluate("image => image.closest('a').href")
        content = page.request.get(large).body()
        assert looks_upright(content)
        picture = Image.open(BytesIO(content))
        assert not picture.getexif()
        assert b"Canary" not in content


def test_a_category_is_found_without_accents_and_by_other_words(
    open_page: OpenPage, world: World
) -> None:
    phone = Phone(open_page(**LOCATED))
    phone.open_form()
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    search, options = phone.page.locator("#category-search"), phone.page.locator(".option:visible")

    search.fill("DEN DUONG KHONG SANG")
    expect(options).to_have_count(2)  # the lamp, and "don't know"
    search.fill("chiếu sáng")
    expect(options.first).to_contain_text(world.categories[LAMP].name_vi)
    search.fill("qwertz")
    expect(options).to_have_count(1)
    expect(phone.page.locator("[data-category-status]")).to_have_text(
        phone.say("Nothing found. Try another word, or “I don't know”.")
    )

    search.fill("den duong")
    phone.choose_category(world.categories[LAMP].name_vi)
    expect(search).to_be_hidden()
    phone.tap(phone.button("Choose another category"))
    expect(options).to_have_count(len(world.categories) + 1)


def test_a_contact_is_kept_only_with_consent(
    open_page: OpenPage, world: World, town_app: Flask
) -> None:
    phone = Phone(open_page())
    phone.quick_report(world.here, world.categories[RUBBISH].name_vi, "Rác ở đầu hẻm")
    page = phone.page
    page.locator("[data-contact] summary").tap()
    page.get_by_label(phone.say("E-mail")).fill("lan@example.com")

    phone.send_button.tap()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary")).to_contain_text(
        phone.say("Tick the box so that we may contact you.")
    )
    expect(page).to_have_title(re.compile(f"^{phone.say('Error:')}"))

    page.locator("#consent").check()
    expect(page.locator("#error-summary")).to_be_hidden()
    link = phone.send()
    with reading() as session:
        report = session.query(Report).filter_by(code=link.split("/")[2]).one()
        assert report.reporter is not None
        city = town_app.extensions["city"]
        assert contact_of(report.reporter, city=city).email == "lan@example.com"


def test_a_photo_that_is_none_is_told_about_at_once_and_costs_nothing_else(
    open_page: OpenPage, world: World
) -> None:
    phone = Phone(open_page(refused=("/photos",), **LOCATED))
    phone.open_form()
    phone.add_photos(not_a_picture(), png())
    refused = phone.page.locator(".upload.failed")
    expect(refused).to_have_count(1)
    expect(refused).to_contain_text(
        phone.say("This file is not a photo. Choose a JPEG, PNG, WebP or HEIC photo.")
    )
    phone.expect_sent_photos(1)
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    phone.choose_category(world.categories[RUBBISH].name_vi)
    phone.go_on("Check and send")
    phone.expect_finished_photos(phone.send(), 1)


def test_a_photo_that_cannot_be_decoded_is_told_about_on_the_report_page(
    open_page: OpenPage, world: World
) -> None:
    phone = Phone(open_page(**LOCATED))
    phone.open_form()
    phone.add_photos(broken_jpeg(), png())
    phone.expect_sent_photos(2)
    phone.go_on("Where is it?")
    phone.locate(world.here)
    phone.go_on("What is it about?")
    phone.choose_category(world.categories[RUBBISH].name_vi)
    phone.go_on("Check and send")

    phone.expect_finished_photos(phone.send(), 1)

    failed = phone.page.locator(".photo.blank.bad")
    expect(failed).to_contain_text(phone.say("This photo could not be read"))
    expect(failed).to_contain_text(
        phone.say("This photo is damaged and cannot be read. Try another one.")
    )


def test_five_photos_fit_and_a_sixth_is_left_out(open_page: OpenPage, world: World) -> None:
    phone = Phone(open_page())
    phone.open_form()
    phone.add_photos(*(png() for _ in range(6)))
    phone.expect_sent_photos(5)
    expect(phone.button("Choose photos")).to_be_disabled()
    phone.page.locator("[data-remove]").first.tap()
    expect(phone.page.locator(".upload")).to_have_count(4)
    expect(phone.button("Choose photos")).to_be_enabled()
