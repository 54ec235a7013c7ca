"""A citizen's hands on the report form: taps are counted, words are the product's own."""

import re
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.imaging.pictures import HUE, create_scene, encoded, exif_with, stored_as
from tests.support.waiting import wait_until
from tests.support.words import words_of

File = dict[str, Any]
REPORT_PAGE = re.compile(r"/r/[0-9A-Z-]+/[\w-]+$")
RECEIPT = re.compile(r"/r/([0-9A-Z-]+)/([\w-]+)/receipt$")


def picture(name: str, content: bytes, kind: str = "image/jpeg") -> File:
    """A file as Playwright puts it into a file input."""
    return {"name": name, "mimeType": kind, "buffer": content}


def turned_jpeg() -> File:
    """A phone's upright photo, stored lying on its side, with the place it was taken at."""
    exif = exif_with(orientation=6, gps=HUE, maker="Canary phone")
    return picture("IMG_0001.jpg", encoded(stored_as(6), "JPEG", quality=90, exif=exif))


def png() -> File:
    """A screenshot."""
    return picture("screenshot.png", encoded(create_scene(), "PNG"), "image/png")


def heic() -> File:
    """A picture no Chromium can show, as newer phones take them."""
    return picture("IMG_0002.HEIC", encoded(create_scene(), "HEIC"), "image/heic")


def not_a_picture() -> File:
    """A text that calls itself a photo."""
    return picture("fake.jpg", b"This is no photo at all. " * 20)


def broken_jpeg() -> File:
    """A photo with a good header whose picture data is missing."""
    whole = encoded(create_scene(), "JPEG")
    return picture("broken.jpg", whole[: len(whole) // 3])


class Phone:
    """One citizen's browser. `taps` counts what a finger did; `say` gives the page's words."""

    def __init__(self, page: Page, locale: str = "vi-VN") -> None:
        self.page = page
        self.say = words_of(locale)
        self.taps = 0

    def tap(self, target: Locator) -> None:
        """Tap something and count it."""
        target.tap()
        self.taps += 1

    def button(self, message: str, **values: object) -> Locator:
        """A button that is in sight, by its English message."""
        return self.page.get_by_role("button", name=self.say(message, **values), exact=True)

    def start(self) -> None:
        """From the home page to the report form."""
        self.page.goto("/")
        self.tap(self.page.get_by_role("link", name=self.say("Send a report"), exact=True))
        self.expect_step("Add photos of what you see")

    def open_form(self) -> None:
        """Straight to the report form, with its scripts at work."""
        self.page.goto("/report")
        expect(self.button("Continue")).to_be_visible()

    def add_photos(self, *files: File) -> None:
        """Choose photos from the gallery; the browser's own dialogue is not ours to count."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(self.button("Choose photos"))
        chooser.value.set_files(list(files))  # type: ignore[arg-type]

    def expect_sent_photos(self, count: int) -> None:
        """Wait until so many photos have gone up."""
        expect(self.page.locator(".upload.sent")).to_have_count(count)

    def go_on(self, heading: str) -> None:
        """Tap "continue" and arrive at the step with this heading."""
        self.tap(self.button("Continue"))
        self.expect_step(heading)
        if heading == "Where is it?":
            expect(self.page.locator("[data-place-tools]")).to_be_visible()

    def expect_step(self, heading: str) -> None:
        """The step in sight is the one with this heading."""
        expect(self.page.get_by_role("heading", name=self.say(heading))).to_be_visible()

    def locate(self, ward: str) -> None:
        """Use the phone's location; it lies in `ward`."""
        self.tap(self.button("Use my location"))
        expect(self.page.get_by_role("heading", name=ward)).to_be_visible()

    def choose_ward(self, ward: str, street: str) -> None:
        """The way without a map."""
        more = self.page.locator("[data-by-ward]")
        if not self.page.get_by_label(self.say("Ward or commune"), exact=True).is_visible():
            self.tap(more.locator("summary"))
        self.page.get_by_label(self.say("Ward or commune"), exact=True).select_option(label=ward)
        self.page.locator("#address_text").fill(street)

    def choose_category(self, name: str) -> None:
        """Tap a category."""
        self.tap(self.page.locator("label.option", has_text=name))
        expect(self.page.get_by_role("radio", name=name)).to_be_checked()

    def describe(self, text: str) -> None:
        """Type what it is about."""
        self.page.locator("#text").fill(text)

    def quick_report(self, ward: str, category: str, text: str) -> None:
        """Everything up to the last step, by ward and street and without photos."""
        self.open_form()
        self.go_on("Where is it?")
        self.choose_ward(ward, "12 Lê Lợi")
        self.go_on("What is it about?")
        self.choose_category(category)
        self.describe(text)
        self.go_on("Check and send")

    @property
    def send_button(self) -> Locator:
        """The button that sends the report."""
        return self.page.locator("[data-send]")

    def send(self) -> str:
        """Send the report; returns the path of its secret link."""
        self.tap(self.send_button)
        return self.expect_receipt()

    def expect_receipt(self) -> str:
        """Arrive at the receipt; returns the path of the secret link."""
        self.page.wait_for_url(RECEIPT)
        return self.page.url.removesuffix("/receipt").partition("/r/")[2].join(("/r/", ""))

    def expect_finished_photos(self, link: str, count: int) -> Sequence[Locator]:
        """Open the report page until the worker has finished its photos; they are in sight."""
        self.page.goto(link)
        images = self.page.locator("figure.photo img")

        def all_shown() -> bool:
            self.page.reload()
            return images.count() == count

        wait_until(all_shown, 30, f"{count} finished photos")
        for image in images.all():
            image.scroll_into_view_if_needed()
            expect(image).to_have_js_property("complete", True)
            assert image.evaluate("image => image.naturalWidth") > 0
        return images.all()
