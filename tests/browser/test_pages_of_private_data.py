"""The pages of private data, looked at as every other page is."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import expect

from feedback.domain.states import Role
from tests.browser.test_every_page import LOCALES, look_at
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import RUBBISH, World
from tests.factories import create_account, create_case
from tests.support.browser import OpenPage
from tests.support.words import words_of


@pytest.mark.parametrize("locale", LOCALES)
def test_who_reported_and_what_is_done_with_it(
    open_page: OpenPage, world: World, town_app: Flask, locale: str
) -> None:
    say = words_of(LOCALES[locale])
    case = create_case(
        world.rubbish_unit,
        category=world.categories[RUBBISH],
        contact_name="Nguyễn Thị Bưởi",
        contact_phone="0905 123 456",
        consent_version="2026-11",
        now=datetime.now(UTC),
    )
    desk = signed_in(open_page, world.dispatcher, LOCALES[locale])
    desk.goto(f"/staff/reports/{case.code}")
    desk.get_by_text(say("Look at who it is")).click()
    look_at(desk, f"case-contact-{locale}")
    show = desk.get_by_role("button", name=say("Record it and show the contact"))
    show.click()
    expect(desk.locator("#identity_reason-error")).to_be_visible()
    desk.locator("#identity_reason").fill("Gọi hỏi lại số nhà")
    show.click()
    expect(desk.get_by_text("Nguyễn Thị Bưởi")).to_be_visible()
    look_at(desk, f"identity-{locale}", thorough=True)

    administrator = create_account(Role.ADMINISTRATOR, name="Đỗ Quản Trị")
    office = signed_in(open_page, administrator, LOCALES[locale])
    office.goto("/admin/privacy")
    look_at(office, f"private-data-{locale}", thorough=True)
    office.goto("/admin/privacy/person")
    look_at(office, f"person-{locale}")
    office.locator("#contact").fill("+84 905 123 456")
    office.get_by_role("button", name=say("Find their reports")).click()
    expect(office.get_by_text(case.code)).to_be_visible()
    look_at(office, f"person-found-{locale}", thorough=True)
    office.get_by_role("button", name=say("Erase their data")).click()
    expect(office.locator("#error-summary")).to_be_visible()
    look_at(office, f"person-errors-{locale}")
