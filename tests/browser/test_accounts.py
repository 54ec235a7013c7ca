"""Somebody of the whole city guards an account: a code from the phone, recovery codes, sessions."""

import re

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from feedback.domain.states import Role
from feedback.operations.transaction import transaction
from feedback.storage.models import Account, SecondFactor
from tests.browser.test_every_page import LOCALES, look_at
from tests.browser.test_staff_journey import signed_in
from tests.factories import PASSWORD, create_account, the_city
from tests.support.browser import OpenPage, assert_accessible
from tests.support.words import words_of


@pytest.fixture
def dispatcher(town_app: Flask) -> Account:
    return create_account(Role.DISPATCHER, name="Đỗ Thị Canh Cổng")


def give_password(page: Page, account: Account, locale: str = "vi-VN") -> None:
    say = words_of(locale)
    page.goto("/login")
    page.get_by_label(say("Login")).fill(account.login)
    page.get_by_label(say("Password"), exact=True).fill(PASSWORD)
    page.get_by_role("button", name=say("Log in"), exact=True).click()


def give_code(page: Page, code: str, locale: str = "vi-VN") -> None:
    say = words_of(locale)
    page.get_by_label(say("Code"), exact=True).fill(code)
    page.get_by_role("button", name=say("Log in"), exact=True).click()


def let_the_half_minute_pass(account: Account) -> None:
    """No code opens twice: forget the last one, as if its time were over."""
    with transaction(the_city()) as session:
        session.execute(
            update(SecondFactor).where(SecondFactor.account_id == account.id).values(last_step=0)
        )


@pytest.mark.parametrize("locale", LOCALES)
def test_a_second_factor_is_set_up_used_and_recovered_from(
    open_page: OpenPage, dispatcher: Account, locale: str
) -> None:
    language = LOCALES[locale]
    say = words_of(language)
    desk = signed_in(open_page, dispatcher, language)
    desk.locator("a.who").click()
    look_at(desk, f"account-{locale}")
    desk.get_by_role("button", name=say("Set up a second factor")).click()
    desk.locator(".enrolment summary").click()
    look_at(desk, f"second-factor-{locale}")
    key = desk.locator(".key").inner_text().replace(" ", "")
    desk.get_by_label(say("Code"), exact=True).fill("000000")
    desk.get_by_role("button", name=say("Set up"), exact=True).click()
    expect(desk.locator("#error-summary")).to_be_focused()
    desk.get_by_label(say("Code"), exact=True).fill(pyotp.TOTP(key).now())
    desk.get_by_role("button", name=say("Set up"), exact=True).click()
    expect(desk.locator(".recovery-codes code")).to_have_count(10)
    look_at(desk, f"recovery-codes-{locale}")
    recovery = desk.locator(".recovery-codes code").first.inner_text()
    desk.get_by_role("link", name=say("I have kept them: go on")).click()
    expect(desk.get_by_text(say("set up"), exact=True)).to_be_visible()

    let_the_half_minute_pass(dispatcher)
    other = open_page(phone=False, locale=language)
    give_password(other, dispatcher, language)
    look_at(other, f"login-code-{locale}")
    give_code(other, "000000", language)
    expect(other.locator("#error-summary")).to_contain_text(
        say("This code is not right, or has been used. Wait for the next one.")
    )
    assert_accessible(other)
    give_code(other, pyotp.TOTP(key).now(), language)
    expect(other.locator(".who")).to_contain_text(dispatcher.name)

    third = open_page(phone=False, locale=language)
    give_password(third, dispatcher, language)
    give_code(third, recovery, language)
    expect(third.locator(".who")).to_contain_text(dispatcher.name)

    desk.goto("/account")
    expect(desk.locator(".sessions li")).to_have_count(3)
    look_at(desk, f"account-guarded-{locale}")
    desk.locator(".sessions li").last.get_by_role("button").click()
    expect(desk.locator(".sessions li")).to_have_count(2)
    desk.get_by_role("button", name=say("End all other sessions")).click()
    expect(desk.locator(".sessions li")).to_have_count(1)
    other.goto("/staff")
    expect(other).to_have_url(re.compile("/login"))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_password_is_looked_at_pasted_and_changed(
    open_page: OpenPage, dispatcher: Account, locale: str
) -> None:
    language = LOCALES[locale]
    say = words_of(language)
    desk = signed_in(open_page, dispatcher, language)
    desk.goto("/account/password")
    current = desk.get_by_label(say("Password now"), exact=True)
    new = desk.get_by_label(say("New password"), exact=True)
    current.fill(PASSWORD)
    new.fill("matkhau123456")
    desk.locator("[data-show-password=password]").click()
    expect(new).to_have_attribute("type", "text")
    look_at(desk, f"password-{locale}")
    desk.get_by_role("button", name=say("Change my password")).click()
    expect(desk.locator("#error-summary")).to_contain_text(
        say("Everybody tries this password first. Choose another one.")
    )
    expect(new).to_have_attribute("type", "password")
    look_at(desk, f"password-refused-{locale}")
    current.fill(PASSWORD)
    desk.evaluate(
        """(text) => {
          const field = document.getElementById("password");
          const data = new DataTransfer();
          data.setData("text/plain", text);
          field.focus();
          const pasted = new ClipboardEvent("paste", { clipboardData: data, cancelable: true });
          if (field.dispatchEvent(pasted)) field.value = text;
        }""",
        "móng giò xanh biếc",
    )
    desk.get_by_role("button", name=say("Change my password")).click()
    expect(desk.locator(".flashes")).to_contain_text(
        say("Your password has been changed. Your other sessions have ended.")
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_the_administrator_reads_the_record(
    open_page: OpenPage, town_app: Flask, locale: str
) -> None:
    administrator = create_account(Role.ADMINISTRATOR, name="Võ Quản Trị")
    page = open_page(phone=False, locale=LOCALES[locale])
    page.goto("/login")
    page.locator("#login").fill(administrator.login)
    page.locator("#password").fill("not the password")
    page.locator("#password").press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    look_at(page, f"login-refused-{locale}")
    page = signed_in(open_page, administrator, LOCALES[locale])
    page.goto("/admin/sign-ins")
    look_at(page, f"sign-ins-{locale}")
    page.goto(f"/admin/sign-ins?login={administrator.login}&only=failures")
    expect(page.locator("tbody tr")).to_have_count(1)
