"""Chromium as the journeys use it: a phone or a desktop, with or without scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
)

from config import ROOT
from tests.support.requirements import chromium_binary, missing
from tests.support.waiting import wait_until

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
TIMEOUT_MS = 60_000
SETTLED_SECONDS = 2.0  # a resized page is laid out anew a moment later
TELL_POLICY_FAULTS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`))"""
NETWORK_COMPLAINT = "Failed to load resource"
WIDER_THAN_THE_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (e) =>
    e && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width && box.right > width + 1 && !scrolls(e.parentElement);
  });
  return ["the document", ...out.slice(0, 5).map((e) => e.outerHTML.slice(0, 160))];
}"""
CHOICES_CUT = """() => [...document.querySelectorAll("select")].filter((e) => {
  const style = getComputedStyle(e);
  if (!e.offsetWidth || !e.selectedOptions.length || /^\\d+$/.test(e.value)) return false;
  const brush = document.createElement("canvas").getContext("2d");
  brush.font = style.font;
  const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return brush.measureText(e.selectedOptions[0].text).width > room + 1;
}).map((e) => e.name + ": " + e.selectedOptions[0].text)"""
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

    At the end it raises AssertionError when a script failed or complained, when the content policy
    was broken, when anything but the city was asked for something, or when a part of a page (not
    the page itself) was refused or missing. A test that provokes a refused part names the end of
    its address: `open_page(refused=("/photos",))`.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        *,
        phone: bool = True,
        javascript: bool = True,
        locale: str = "vi-VN",
        refused: tuple[str, ...] = (),
        **more: Any,
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
        context.add_init_script(TELL_POLICY_FAULTS)
        page = context.new_page()
        _watch(page, address, refused, faults)
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert not faults, "\n".join(faults)


def _watch(page: Page, address: str, refused: tuple[str, ...], faults: list[str]) -> None:
    """Gather what goes wrong on a page. What the network fails to bring is told by `response`."""

    def complained(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NETWORK_COMPLAINT):
            faults.append(f"{page.url}: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:", "blob:")):
            faults.append(f"{page.url}: asked {request.url}")

    def answered(response: Response) -> None:
        is_part = not response.request.is_navigation_request()
        if is_part and response.status >= 400 and not response.url.endswith(refused or ("\n",)):
            faults.append(f"{page.url}: {response.status} from {response.url}")

    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", complained)
    page.on("request", asked)
    page.on("response", answered)


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


def assert_accessible(page: Page) -> None:
    """Fail with every place where axe finds something wrong with the page as it stands."""
    problems = accessibility_problems(page)
    assert not problems, "\n".join([page.url, *problems])


def assert_choices_are_whole(page: Page) -> None:
    """Fail when the chosen entry of a closed list is cut off by the list's own edge.

    What a number stands for is a name of the city's own, and may be longer than any phone.
    """
    cut = page.evaluate(CHOICES_CUT)
    assert cut == [], f"{page.url} at {page.viewport_size}: {cut}"


def assert_fits(page: Page) -> None:
    """Fail when the page stays wider than its window, and name what sticks out."""
    wide: list[str] = []

    def fits() -> bool:
        wide[:] = page.evaluate(WIDER_THAN_THE_WINDOW)
        return not wide

    try:
        wait_until(fits, SETTLED_SECONDS, "the page to fit its window")
    except AssertionError as error:
        raise AssertionError("\n".join([f"{page.url} at {page.viewport_size}", *wide])) from error
