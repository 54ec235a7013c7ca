"""What the report form costs a phone on 3G, to the byte, as the network brings it."""

import re
from collections import defaultdict
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.phone import Phone
from tests.support.browser import OpenPage
from tests.support.waiting import wait_until

FIRST_LOAD, SCRIPTS, REPEAT_VIEW = 100_000, 35_000, 20_000


class Meter:
    """Adds up what the network brings to a page, headers included, by the kind of resource."""

    def __init__(self, page: Page) -> None:
        self.bytes: dict[str, int] = defaultdict(int)
        self._open: set[str] = set()
        self._kinds: dict[str, str] = {}
        self._network = page.context.new_cdp_session(page)
        self._network.on("Network.requestWillBeSent", self._begun)
        self._network.on("Network.loadingFinished", self._brought)
        self._network.on("Network.loadingFailed", self._ended)
        self._network.send("Network.enable")

    @property
    def total(self) -> int:
        """Everything so far, in bytes."""
        return sum(self.bytes.values())

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._open

    def _begun(self, event: dict[str, Any]) -> None:
        self._open.add(event["requestId"])
        self._kinds[event["requestId"]] = event.get("type", "Other")

    def _brought(self, event: dict[str, Any]) -> None:
        self.bytes[self._kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])
        self._ended(event)

    def _ended(self, event: dict[str, Any]) -> None:
        self._open.discard(event["requestId"])


def load(page: Page, path: str) -> Meter:
    """Open a page and weigh it, its fonts included."""
    meter = Meter(page)
    page.goto(path)
    expect(page.locator("[data-next]")).to_be_visible()
    page.evaluate("() => document.fonts.ready.then(() => true)")
    wait_until(lambda: meter.is_idle, what="the network to be quiet")
    return meter


def test_the_report_form_is_light(open_page: OpenPage) -> None:
    page = open_page()
    first = load(page, "/report")
    again = load(page.context.new_page(), "/report")
    weights = f"first {first.total} {dict(first.bytes)}, repeated {again.total}"

    assert first.bytes["Font"] > 0, weights
    assert first.total <= FIRST_LOAD, weights
    assert first.bytes["Script"] <= SCRIPTS, weights
    assert again.total <= REPEAT_VIEW, weights


def test_the_map_comes_only_to_those_who_reach_its_step(open_page: OpenPage) -> None:
    phone = Phone(open_page())
    brought: list[str] = []
    phone.page.on("request", lambda request: brought.append(request.url))
    phone.open_form()
    assert not [url for url in brought if re.search("leaflet|geojson|place-picker", url)]
    phone.go_on("Where is it?")
    expect(phone.page.locator("path.ward").first).to_be_attached()
    assert [url for url in brought if "leaflet.js" in url]
