"""The wall on a screen: boards in turn, newer figures by themselves, old ones called old."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from feedback.operations.refresh_wall import refresh_wall
from tests.browser.conftest import Town
from tests.browser.test_staff_journey import signed_in
from tests.factories import create_report, the_city
from tests.support.browser import OpenPage


def test_a_wall_turns_follows_and_says_when_it_is_old(open_page: OpenPage, town: Town) -> None:
    now = datetime.now(UTC)
    with town.app.app_context():
        refresh_wall(city=the_city(), now=now - timedelta(seconds=30))
    page = signed_in(open_page, town.world.supervisor, "en-GB")
    page.clock.install()
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/supervisor/wall")
    stale = page.locator("[data-stale]")
    expect(stale).to_be_hidden()
    expect(page.locator("#board-flow")).to_be_visible()
    expect(page.locator("#board-units")).to_be_hidden()
    page.clock.run_for(21_000)
    expect(page.locator("#board-units")).to_be_visible()
    page.locator("[data-pause]").click()
    page.clock.run_for(30_000)
    expect(page.locator("#board-units")).to_be_visible()
    page.locator("[data-show=board-newest]").click()
    with town.app.app_context():
        sent = create_report(now=now)
        refresh_wall(city=the_city(), now=now + timedelta(seconds=20))
    page.clock.run_for(16_000)
    expect(page.locator("#board-newest")).to_contain_text(sent.code)
    # The network is away: minutes later the page says by itself that its figures are old.
    page.route("**/supervisor/wall/data", lambda route: route.abort())
    page.clock.run_for(240_000)
    expect(stale).to_be_visible()
    expect(stale).to_contain_text("These figures are old")
    expect(page.locator("[data-wall]")).to_have_class(re.compile("stale"))
    page.unroute("**/supervisor/wall/data")
    page.emulate_media(reduced_motion="reduce")
    page.goto("/supervisor/wall")
    page.clock.run_for(60_000)
    expect(page.locator("#board-flow")).to_be_visible()  # nothing moves by itself
