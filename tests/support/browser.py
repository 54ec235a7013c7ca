"""Chromium as the journeys use it: a phone or a desktop, with or without scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from config import ROOT
from tests.support.requirements import chromium_binary, missing

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
TIMEOUT_MS = 10_000
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

OpenPage = Callable[..., Page]


def launch(playwright: Playwright) -> Browser:
    """Start the machine's Chromium, headless."""
    return playwright.chromium.launch(
        executable_path=chromium_binary(), args=list(CHROMIUM_ARGUMENTS), headless=True
    )


@contextmanager
def pages(browser: Browser, address: str) -> Iterator[OpenPage]:
    """A function that opens pages with a fresh profile each: `open_page(phone=False,
    javascript=False, locale="en", **more)`, where `more` goes to Playwright's `new_context`.

    At the end it raises AssertionError when a script failed or the content policy was broken.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        *, phone: bool = True, javascript: bool = True, locale: str = "vi-VN", **more: Any
    ) -> Page:
        context = browser.new_context(
            **(PHONE if phone else DESKTOP),
            base_url=address,
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="Asia/Ho_Chi_Minh",
            **more,
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: faults.extend(_policy_faults(page, message.text)))
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert not faults, "\n".join(faults)


def _policy_faults(page: Page, text: str) -> list[str]:
    return [f"{page.url}: {text}"] if "Content Security Policy" in text else []


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line for each place."""
    if not AXE.exists():
        missing("axe-core", "run make assets")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{violation['id']}: {violation['help']} ({node['html']})"
        for violation in violations
        for node in violation["nodes"]
    ]
