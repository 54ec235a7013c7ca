"""What a citizen does beyond reporting: finds a report again, takes it back, follows another's,
rates a counter; and the kiosk that stands there."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from feedback.domain.actors import Actor
from feedback.domain.states import ActorKind, Role
from feedback.operations.register_kiosk import invite_kiosk
from feedback.web.context import now
from tests.browser.phone import REPORT_PAGE, png
from tests.browser.world import CENTRE, RUBBISH, World
from tests.factories import Case, create_case, the_city
from tests.support.browser import OpenPage, assert_accessible, assert_fits
from tests.support.words import words_of

say = words_of("vi")
SCRIPTS = {"with scripts": True, "without scripts": False}
KIOSK = {"width": 1280, "height": 800}


def published(world: World) -> Case:
    """A report of its own, published, whose reporter left a telephone number."""
    return create_case(
        world.rubbish_unit,
        category=world.categories[RUBBISH],
        place=tuple(CENTRE.values()),
        text="Rác đổ trộm ở bãi đất trống",
        contact_phone="0905 123 456",
        consent_version="1",
        now=now(),
    )


def judge(page: Page, javascript: bool) -> None:
    """The page fits a phone; where scripts run, axe looks at it as well."""
    if javascript:
        assert_fits(page)
        assert_accessible(page)


@pytest.mark.parametrize("javascript", SCRIPTS.values(), ids=SCRIPTS)
def test_a_lost_report_is_found_and_withdrawn(
    open_page: OpenPage, world: World, town_app: Flask, javascript: bool
) -> None:
    case = published(world)
    page = open_page(javascript=javascript)
    page.goto("/")
    page.get_by_role("link", name=say("I lost the link of my report")).tap()
    expect(page.get_by_role("heading", name=say("Find your report again"))).to_be_visible()
    judge(page, javascript)
    page.get_by_label(say("Code"), exact=True).fill(case.code.lower().replace("-", " "))
    page.get_by_label(say("E-mail or telephone")).fill("+84 905 123 457")
    page.get_by_role("button", name=say("Open my report")).tap()
    expect(page.locator("#error-summary")).to_be_visible()
    judge(page, javascript)
    expect(page.get_by_label(say("E-mail or telephone"))).to_have_value("+84 905 123 457")
    page.get_by_label(say("E-mail or telephone")).fill("+84 905 123 456")
    page.get_by_role("button", name=say("Open my report")).tap()
    expect(page).to_have_url(REPORT_PAGE)

    page.get_by_role("link", name=say("Withdraw this report")).tap()
    expect(page.get_by_role("heading", name=say("Withdraw this report?"))).to_be_visible()
    judge(page, javascript)
    page.locator("#reason").fill("Đã có người dọn")
    page.get_by_role("button", name=say("Withdraw the report")).tap()
    expect(page.get_by_role("status")).to_contain_text(say("Your report was withdrawn."))
    expect(page.locator("main")).to_contain_text("Đã có người dọn")
    judge(page, javascript)


@pytest.mark.parametrize("javascript", SCRIPTS.values(), ids=SCRIPTS)
def test_somebody_elses_report_is_followed_with_one_tap(
    open_page: OpenPage, world: World, town_app: Flask, javascript: bool
) -> None:
    case = published(world)
    page = open_page(javascript=javascript)
    page.goto(f"/reports/{case.code}")
    page.get_by_role("button", name=say("I see this too")).tap()
    card = page.locator("#follow")
    expect(card).to_contain_text("1 người cũng gặp")
    card.get_by_text(say("Get news by e-mail")).tap()
    page.get_by_label(say("E-mail")).fill("minh@example.com")
    page.get_by_role("button", name=say("Send me news")).tap()
    expect(page.locator("#error-summary")).to_be_visible()
    judge(page, javascript)
    expect(page.locator("#email")).to_have_value("minh@example.com")
    page.locator("#consent").check()
    page.get_by_role("button", name=say("Send me news")).tap()
    expect(card).to_contain_text(say("Give another address"))  # the letter that asks is on its way
    judge(page, javascript)
    page.get_by_role("button", name=say("Follow it no longer")).tap()
    expect(page.get_by_role("button", name=say("I see this too"))).to_be_visible()


@pytest.mark.parametrize("javascript", SCRIPTS.values(), ids=SCRIPTS)
def test_a_counter_is_rated_with_one_tap_and_a_reason(
    open_page: OpenPage, world: World, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    page.goto(f"/c/{world.counter.code}?qr")
    judge(page, javascript)
    page.get_by_role("button", name=say("Not satisfied")).tap()
    expect(page.get_by_role("heading", name=say("What was it about?"))).to_be_visible()
    judge(page, javascript)
    page.get_by_label(say("Waiting time")).check()
    page.locator("#comment").fill("Chờ hai giờ")
    page.locator("#photos").set_input_files([png()])
    page.get_by_role("button", name=say("Send"), exact=True).tap()
    expect(page.get_by_role("heading", name=say("Thank you. It is kept."))).to_be_visible()
    judge(page, javascript)


def kiosk(open_page: OpenPage, world: World, *, javascript: bool = True) -> Page:
    """A device that has just been registered, on its faces."""
    _kiosk_id, secret = invite_kiosk(
        world.counter.id,
        "Máy ở cửa số 3",
        actor=Actor(ActorKind.STAFF, world.administrator.id, Role.ADMINISTRATOR),
        city=the_city(),
        now=now(),
    )
    page = open_page(phone=False, javascript=javascript, has_touch=True)
    page.set_viewport_size(KIOSK)
    page.goto(f"/c/kiosk/{secret}")
    page.get_by_role("button", name=say("Register this device")).tap()
    expect(page).to_have_url(re.compile(f"/c/{world.counter.code}$"))
    return page


def test_an_idle_kiosk_returns_to_its_faces(
    open_page: OpenPage, world: World, town_app: Flask
) -> None:
    page = kiosk(open_page, world)
    page.clock.install()
    faces = page.locator(".faces.big .face")
    expect(faces).to_have_count(3)
    for face in faces.all():
        box = face.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 300
        assert box["y"] + box["height"] <= 800
    assert_fits(page)
    assert_accessible(page)

    faces.first.tap()
    expect(page.get_by_role("heading", name=say("What was it about?"))).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.clock.run_for(25_000)
    page.locator("#comment").press("a")
    page.clock.run_for(25_000)
    expect(page.locator("#comment")).to_have_value("a")
    page.clock.run_for(10_000)
    expect(page).to_have_url(re.compile(f"/c/{world.counter.code}$"))

    faces.first.tap()
    page.get_by_role("link", name=say("Nothing to add")).tap()
    expect(faces).to_have_count(3)
    assert page.locator("a[href='/']").count() == 0


def test_a_kiosk_works_without_scripts(open_page: OpenPage, world: World, town_app: Flask) -> None:
    page = kiosk(open_page, world, javascript=False)
    page.locator(".faces.big .face").first.tap()
    expect(page.get_by_role("heading", name=say("What was it about?"))).to_be_visible()
    page.get_by_role("button", name=say("Send"), exact=True).tap()
    page.get_by_role("link", name=say("Next person")).tap()
    expect(page.locator(".faces.big .face")).to_have_count(3)
