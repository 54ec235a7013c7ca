"""An administrator takes over another system's reports, with the real workers at it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_every_page import LOCALES, look_at
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import RUBBISH, World
from tests.factories.report_imports import HEADING, mapping_for
from tests.support.browser import OpenPage
from tests.support.words import words_of

WORKED = 20_000  # milliseconds that a job may take on a busy machine


def file_of(locale: str) -> bytes:
    """Good rows and bad ones; each language takes over reports of its own."""
    rows = [HEADING]
    for number in range(60):
        key, sent = f"{locale}-{number}", f"2024-03-{number % 28 + 1:02}T08:00:00"
        done = "2023-03-01T09:00:00" if number % 7 == 3 else "2024-04-03T09:00:00"
        state = "Pending" if number % 11 == 5 else "Closed"
        due = "2024-02-01T00:00:00" if number % 5 == 0 else "2024-04-02T17:00:00"
        rows.append(f"{key},{sent},{done},{due},Rác thải sinh hoạt,HEPCO cũ,{state}")
    return "\n".join(rows).encode()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_file_is_sent_looked_at_and_imported(
    open_page: OpenPage, world: World, locale: str
) -> None:
    page, say = signed_in(open_page, world.administrator, LOCALES[locale]), words_of(locale)
    mapping = mapping_for(world.categories[RUBBISH].service_level_code)
    sections = page.get_by_role("navigation", name=say("Administration"))
    sections.get_by_role("link", name=say("Import reports")).click()
    page.locator("#file").set_input_files(
        {"name": f"cu-{locale}.csv", "mimeType": "text/csv", "buffer": file_of(locale)}
    )
    page.locator("#mapping").fill(mapping.replace("clock", "watch"))
    page.get_by_role("button", name=say("Check the file")).click()
    expect(page.locator("#error-summary")).to_be_focused()
    look_at(page, f"import-refused-{locale}")
    assert "watch" in page.locator("#mapping").input_value()
    page.locator("#file").set_input_files(
        {"name": f"cu-{locale}.csv", "mimeType": "text/csv", "buffer": file_of(locale)}
    )
    page.locator("#mapping").fill(mapping)
    page.get_by_role("button", name=say("Check the file")).click()
    # The page looks again by itself until the worker has read the file.
    heading = page.get_by_role("heading", name=say("What it would do"))
    expect(heading).to_be_visible(timeout=WORKED)
    look_at(page, f"import-checked-{locale}")
    with page.expect_download() as saved:
        page.get_by_role("link", name=say("All of them as CSV")).click()
    assert say("is before the report came in") in saved.value.path().read_text("utf-8-sig")
    page.get_by_role("button", name=re.compile(r"\d+")).click()
    done = page.get_by_role("heading", name=say("What it has done"))
    expect(done).to_be_visible(timeout=WORKED)
    look_at(page, f"import-done-{locale}")
    page.get_by_role("link", name=say("Import reports")).first.click()
    expect(page.get_by_role("link", name=f"cu-{locale}.csv")).to_be_visible()
    look_at(page, f"import-{locale}", thorough=True)
