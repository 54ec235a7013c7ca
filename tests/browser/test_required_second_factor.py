"""The first sign-in of somebody who may see the whole city, where the second factor is required."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from config import Settings
from feedback.domain.states import Role
from tests.browser.test_every_page import LOCALES, look_at
from tests.factories import PASSWORD, create_account, create_working_week
from tests.support import browser as browsers
from tests.support.browser import OpenPage
from tests.support.processes import City
from tests.support.words import words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A city in earnest."""
    return environment | {"SECOND_FACTOR": "required"}


@pytest.fixture
def city(
    app: Flask, settings: Settings, environment: dict[str, str], tmp_path: Path
) -> Iterator[City]:
    """Its web server alone."""
    processes = City(settings, environment, tmp_path)
    processes.start("web")
    yield processes
    processes.stop_all()


@pytest.fixture
def open_page(browser: Browser, city: City) -> Iterator[OpenPage]:
    """Opens pages of this city."""
    with browsers.pages(browser, city.address) as open_one:
        yield open_one


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_sign_in_sets_up_the_phone(app: Flask, open_page: OpenPage, locale: str) -> None:
    with app.app_context():
        create_working_week()
        account = create_account(Role.DISPATCHER, name="Đỗ Thị Canh Cổng")
    language = LOCALES[locale]
    say = words_of(language)
    page = open_page(phone=False, locale=language)
    page.goto("/staff")
    page.get_by_label(say("Login")).fill(account.login)
    page.get_by_label(say("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=say("Log in"), exact=True).click()
    expect(page.get_by_role("heading", name=say("Set up your second factor"))).to_be_visible()
    look_at(page, f"login-second-factor-{locale}")
    page.locator(".enrolment summary").click()
    key = page.locator(".key").inner_text().replace(" ", "")
    page.get_by_label(say("Code"), exact=True).fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name=say("Log in"), exact=True).click()
    expect(page.locator(".recovery-codes code")).to_have_count(10)
    look_at(page, f"login-recovery-codes-{locale}")
    page.get_by_role("link", name=say("I have kept them: go on")).click()
    expect(page.locator(".who")).to_contain_text(account.name)
