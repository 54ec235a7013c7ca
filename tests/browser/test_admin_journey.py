"""An administrator's morning at a desktop, in both languages, and every page of the desk."""

import re
from datetime import UTC, date, datetime
from itertools import count

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from feedback.domain.states import Role
from feedback.operations.reference import Reference
from feedback.operations.transaction import reading
from feedback.storage.models import Account
from tests.browser.test_every_page import LOCALES, look_at
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import RUBBISH, World
from tests.factories import create_account, the_city
from tests.support.browser import OpenPage, assert_accessible
from tests.support.words import words_of


@pytest.fixture
def administrator(town_app: Flask) -> Account:
    return create_account(Role.ADMINISTRATOR, name="Võ Thị Quản Trị")


def free_working_day() -> date:
    """The next working day of which the calendar says nothing yet."""
    with reading() as session:
        calendar = Reference(session, the_city()).calendar
    today = calendar.local_day(datetime.now(UTC))
    days = (calendar.nth_working_day_after(today, n) for n in count(1))
    return next(day for day in days if day not in calendar.exceptions)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_unit_and_its_first_account(
    open_page: OpenPage, world: World, administrator: Account, locale: str
) -> None:
    page, say = signed_in(open_page, administrator, LOCALES[locale]), words_of(locale)
    sections = page.get_by_role("navigation", name=say("Administration"))
    expect(page.get_by_role("heading", name=say("Needs a hand"))).to_be_visible()

    sections.get_by_role("link", name=say("Units")).click()
    page.get_by_role("link", name=say("New unit")).click()
    page.locator("#code").fill("Đội mới")
    page.locator("#name").fill("Đội Quản lý đô thị")
    page.get_by_role("button", name=say("Set up the unit")).click()
    expect(page.locator("#error-summary")).to_be_focused()
    assert_accessible(page)
    expect(page.locator("#name")).to_have_value("Đội Quản lý đô thị")
    page.locator("#code").fill(f"doi-{locale}")
    page.locator("#short_name").fill("Đội QLĐT")
    page.locator("#name_en").fill("Urban Order Team")
    page.locator("#kind").select_option("office")
    page.get_by_role("button", name=say("Set up the unit")).click()
    expect(page.get_by_role("status")).to_contain_text(say("The unit is set up."))

    page.get_by_role("link", name=say("New account in this unit")).click()
    page.locator("#login").fill(f"doi.{locale}")
    page.locator("#name").fill("Lý Văn Đội")
    page.locator("#role").select_option("head")
    page.get_by_role("button", name=say("Make the account")).click()
    expect(page.locator("#new-password")).to_have_text(re.compile(r"^\w{4}(-\w{4}){3}$"))
    assert_accessible(page)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_rule_is_tried_and_a_day_closed(
    open_page: OpenPage, world: World, administrator: Account, locale: str
) -> None:
    page, say = signed_in(open_page, administrator, LOCALES[locale]), words_of(locale)
    sections = page.get_by_role("navigation", name=say("Administration"))
    category = world.categories[RUBBISH]
    sections.get_by_role("link", name=say("Routing rules")).click()
    page.locator("#test_category").select_option(str(category.id))
    page.locator("#test_point").fill("16.4637, 107.5909")
    page.get_by_role("button", name=say("Which rule wins?")).click()
    expect(page.locator(".verdict")).to_contain_text(
        world.rubbish_unit.name if locale == "vi" else world.rubbish_unit.name_en
    )

    day = free_working_day()
    sections.get_by_role("link", name=say("Calendar")).click()
    page.get_by_role("link", name=say("New day")).click()
    page.locator("#day").fill(f"{day:%Y-%m-%d}")
    page.locator("#kind").select_option("closure")
    page.locator("#name").fill("Bão số 12")
    page.locator("#source").fill("Công điện 20/CĐ-UBND")
    page.get_by_role("button", name=say("See what would move")).click()
    expect(page.get_by_role("heading", name=say("What moves with it"))).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name=say("Back to the form")).click()
    expect(page.locator("#name")).to_have_value("Bão số 12")
    page.get_by_role("button", name=say("See what would move")).click()
    page.get_by_role("button", name=say("Correct the calendar")).click()
    expect(page.get_by_role("status").first).to_contain_text(say("The calendar is corrected."))

    page.goto(f"/admin/calendar/days/{day:%Y-%m-%d}")
    page.get_by_role("button", name=say("See what would move")).last.click()
    page.get_by_role("button", name=say("Correct the calendar")).click()
    sections.get_by_role("link", name=say("History")).click()
    expect(page.locator(".changes")).to_contain_text("Công điện 20/CĐ-UBND")
    expect(page.locator(".changes")).to_contain_text(administrator.name)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_of_the_desk(
    open_page: OpenPage, world: World, administrator: Account, locale: str
) -> None:
    page = signed_in(open_page, administrator, LOCALES[locale])
    category = world.categories[RUBBISH]
    for name, path in (
        ("start", ""),
        ("units", "/units"),
        ("unit", f"/units/{world.rubbish_unit.id}"),
        ("accounts", "/accounts"),
        ("account", f"/accounts/{world.handler.id}"),
        ("categories", "/categories"),
        ("category", f"/categories/{category.id}"),
        ("levels", "/levels"),
        ("level", f"/levels/{category.service_level_code}"),
        ("rules", f"/rules?test=1&test_category={category.id}&test_point=16.4637,107.5909"),
        ("rule-new", "/rules/new"),
        ("calendar", "/calendar?year=2026"),
        ("calendar-week", "/calendar/week"),
        ("calendar-day", "/calendar/days/2026-01-02"),
        ("areas", "/areas"),
        ("areas-import", "/areas/import"),
        ("changes", "/changes"),
    ):
        page.goto(f"/admin{path}")
        look_at(page, f"admin-{name}-{locale}")


def test_a_bad_file_of_areas_is_explained(
    open_page: OpenPage, world: World, administrator: Account
) -> None:
    page: Page = signed_in(open_page, administrator)
    page.goto("/admin/areas/import")
    page.locator("#file").set_input_files(
        [{"name": "x.geojson", "mimeType": "application/json", "buffer": b"[]"}]
    )
    page.locator("#source").fill("Nghị quyết")
    page.locator("form.card button").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#source")).to_have_value("Nghị quyết")
    assert_accessible(page)
