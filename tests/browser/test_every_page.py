"""Every page, looked at: axe, nothing wider than its window, and a picture to be judged by eye.

The pictures go to `screenshots/<page>-<language>-<phone|desktop>-<light|dark>.png`. Each page is
loaded once for a language; colours and widths change on the loaded page.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from config import ROOT
from feedback.operations.transaction import reading
from feedback.storage.models import Follower, Survey
from tests.browser.conftest import Town
from tests.browser.test_letters import late_case
from tests.browser.test_staff_journey import signed_in
from tests.browser.world import World
from tests.factories import create_instrument, create_report, create_responses, create_survey
from tests.factories.letters import create_signed_letter, letters_of, next_working_day
from tests.factories.period_reports import create_correction, create_period_report
from tests.support.browser import (
    OpenPage,
    assert_accessible,
    assert_choices_are_whole,
    assert_fits,
)

SCREENSHOTS = ROOT / "screenshots"
PHONE, TABLET, DESKTOP = (360, 740), (768, 1024), (1280, 900)
NARROWEST = (320, 640)
PAPER: ViewportSize = {"width": 1031, "height": 703}  # A4 on its side, within its margins
LOCALES = {"vi": "vi-VN", "en": "en-GB"}
SCHEMES = ("light", "dark")
Act = Callable[[Page], None]


def look_at(page: Page, name: str, *, thorough: bool = False) -> None:
    """Judge the page as it stands, in both colour schemes."""
    SCREENSHOTS.mkdir(exist_ok=True)
    widths = (NARROWEST, TABLET, DESKTOP) if thorough else (NARROWEST, DESKTOP)
    for scheme in SCHEMES:
        # Colours still on their way from one scheme to the other are nobody's to judge.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width, height in widths:
            page.set_viewport_size({"width": width, "height": height})
            assert_fits(page)
            if thorough or (scheme == "dark") == (width == DESKTOP[0]):
                assert_accessible(page)
        for size, device in ((PHONE, "phone"), (DESKTOP, "desktop")):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert_choices_are_whole(page)
            path = SCREENSHOTS / f"{name}-{device}-{scheme}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")


def assert_fit_for_paper(page: Page) -> None:
    """Printed from a dark screen: black on white, nothing to press, no table cut off."""
    page.emulate_media(media="print", color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size(PAPER)
    for gone in ("nav", ".btn", "select", ".files", "footer"):
        assert page.locator(f"{gone} >> visible=true").count() == 0, gone
    assert page.locator("h1").is_visible()
    assert page.locator(".only-print").is_visible()
    assert (
        page.evaluate(
            """() => [...document.querySelectorAll("table, svg")].filter(
          (e) => e.getBoundingClientRect().right > innerWidth + 1).length"""
        )
        == 0
    )
    colours = page.evaluate(
        """() => [...document.querySelectorAll("h1, .chart :is(path, line, rect, text)")].flatMap(
          (e) => ["color", "fill", "stroke"].map((name) => getComputedStyle(e)[name]))"""
    )
    mixed = [re.findall(r"[\d.]+", one)[:3] for one in set(colours) if one.startswith("rgb")]
    assert mixed
    assert [one for one in mixed if len(set(one)) > 1] == []  # black, white and what lies between
    page.emulate_media(media="screen")


def citizen_page(open_page: OpenPage, locale: str) -> Page:
    """A browser whose width may change; a phone's cannot."""
    return open_page(phone=False, has_touch=True, locale=LOCALES[locale])


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_everybody_sees(open_page: OpenPage, world: World, locale: str) -> None:
    page = citizen_page(open_page, locale)
    for name, path in (
        ("home", "/"),
        ("list", "/reports"),
        ("list-nothing", "/reports?q=khong+co"),
        ("public-report", f"/reports/{world.closed.code}"),
        ("public-overdue", f"/reports/{world.overdue.code}"),
        ("figures", "/figures"),
        ("privacy", "/privacy"),
        ("not-found", "/nothing"),
        ("find", "/find"),
        ("counter", f"/c/{world.counter.code}"),
        ("login", "/login"),
    ):
        page.goto(path)
        look_at(page, f"{name}-{locale}", thorough=name in {"home", "list", "public-report"})


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_of_a_reporter(open_page: OpenPage, world: World, locale: str) -> None:
    page = citizen_page(open_page, locale)
    for name, path in (
        ("receipt", world.link(world.sent) + "/receipt"),
        ("receipt-unrouted", world.link(world.unrouted) + "/receipt"),
        ("own-sent", world.link(world.sent)),
        ("own-unrouted", world.link(world.unrouted)),
        ("own-overdue", world.link(world.overdue)),
        ("own-answered", world.link(world.answered)),
        ("own-closed", world.link(world.closed)),
        ("own-planned", world.link(world.planned)),
        ("own-asked", world.link(world.asked)),
        ("reply", world.question_link()),
        ("rating", world.link(world.closed) + "/rating"),
        ("reopen", world.link(world.closed) + "/reopen"),
        ("withdraw", world.link(world.sent) + "/withdraw"),
        ("own-refused", world.link(world.refused)),
        ("second-look", world.link(world.refused) + "/second-look"),
    ):
        page.goto(path)
        look_at(page, f"{name}-{locale}", thorough=name in {"receipt", "own-closed"})


@pytest.mark.parametrize("locale", LOCALES)
def test_the_steps_of_the_report_form(open_page: OpenPage, world: World, locale: str) -> None:
    page = citizen_page(open_page, locale)
    page.goto("/report")
    go_on = page.locator("[data-next]")
    look_at(page, f"report-1-photos-{locale}", thorough=True)
    go_on.click()
    expect(page.locator("path.ward").first).to_be_attached()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.locator("#map").press("Enter")
    expect(page.locator("[data-area-name]")).to_be_visible()
    look_at(page, f"report-2-place-{locale}", thorough=True)
    go_on.click()
    look_at(page, f"report-3-what-{locale}", thorough=True)
    go_on.click()
    expect(page.locator("#error-summary")).to_be_visible()
    look_at(page, f"report-3-errors-{locale}")
    page.locator("label.option").first.click()
    page.locator("#text").fill("Rác ở đầu hẻm")
    go_on.click()
    page.locator("[data-contact] summary").click()
    look_at(page, f"report-4-send-{locale}", thorough=True)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_form_without_scripts(open_page: OpenPage, world: World, locale: str) -> None:
    page = citizen_page(open_page, locale)
    # The scripts never come: axe itself needs a page in which scripts may run.
    page.route("**/js/*.js", lambda route: route.abort())
    page.goto("/report")
    look_at(page, f"plain-report-{locale}")
    page.locator("[data-send]").click()
    expect(page.locator("#error-summary")).to_be_visible()
    look_at(page, f"plain-errors-{locale}")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_desk(open_page: OpenPage, world: World, locale: str) -> None:
    page = signed_in(open_page, world.rubbish_handler, LOCALES[locale])
    look_at(page, f"queue-{locale}", thorough=True)
    for name, path in (
        ("queue-overdue", "/staff/queue?view=overdue"),
        ("queue-empty", "/staff/queue?view=approval"),
        ("case-new", f"/staff/reports/{world.sent.code}"),
        ("case-taken", f"/staff/reports/{world.taken.code}"),
        ("case-replied", f"/staff/reports/{world.replied.code}"),
        ("case-closed", f"/staff/reports/{world.closed.code}"),
        ("case-from-queue", f"/staff/reports/{world.taken.code}?from=queue"),
        ("case-promise", f"/staff/reports/{world.planned.code}"),
        ("promises", "/staff/promises"),
        ("bulk", "/staff/queue/bulk?deed=note&all=1"),
        ("bulk-nothing", "/staff/queue/bulk?deed=take"),
        ("saved-views", "/staff/queue/views?view=overdue"),
    ):
        page.goto(path)
        look_at(page, f"{name}-{locale}", thorough=name == "case-taken")
    page.goto("/staff/queue/bulk?deed=take&all=1")
    page.locator("input[name=case]").evaluate_all("all => all.forEach(one => one.value += '9')")
    page.locator("main form button[type=submit]").click()
    look_at(page, f"bulk-done-{locale}")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_head_and_the_operations_centre(open_page: OpenPage, world: World, locale: str) -> None:
    head = signed_in(open_page, world.head, LOCALES[locale])
    head.goto(f"/staff/reports/{world.answered.code}")
    look_at(head, f"case-approval-{locale}")
    for summary in head.locator(".aside > details.deed > summary").all():
        summary.click()
    look_at(head, f"case-deeds-{locale}")
    for name, path in (
        ("texts", "/staff/templates"),
        ("text", f"/staff/templates/{world.text_id}"),
        ("text-new", "/staff/templates/new"),
        ("unit-targets", "/staff/targets"),
    ):
        head.goto(path)
        look_at(head, f"{name}-{locale}")
    head.goto("/staff/queue?handler=0")
    look_at(head, f"queue-head-{locale}")
    desk = signed_in(open_page, world.dispatcher, LOCALES[locale])
    look_at(desk, f"triage-{locale}", thorough=True)
    for name, path in (
        ("triage-nothing", "/staff/triage?view=again"),
        ("case-triage", f"/staff/reports/{world.unrouted.code}"),
        ("case-dispatched", f"/staff/reports/{world.taken.code}"),
        ("case-returned", f"/staff/reports/{world.returned.code}"),
        ("intake", "/staff/intake"),
        ("intake-sent", f"/staff/intake?sent={world.taken.code}"),
    ):
        desk.goto(path)
        desk.locator("details.deed").evaluate_all("all => all.forEach(one => { one.open = true; })")
        look_at(desk, f"{name}-{locale}")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_supervisors_pages(open_page: OpenPage, world: World, locale: str) -> None:
    page = signed_in(open_page, world.supervisor, LOCALES[locale])
    look_at(page, f"supervisor-{locale}", thorough=True)
    for topic in ("timeliness", "times", "satisfaction", "backlog"):
        page.goto(f"/supervisor/topics/{topic}?window=365")
        look_at(page, f"supervisor-{topic}-{locale}", thorough=topic in {"timeliness", "backlog"})
    page.goto("/supervisor/topics/backlog?by=area")
    look_at(page, f"supervisor-areas-{locale}")
    page.goto("/supervisor?against=year")
    look_at(page, f"supervisor-against-year-{locale}")
    for name, path in (
        ("targets", f"/supervisor/targets?window={world.month_of_targets}"),
        ("targets-nothing", "/supervisor/targets"),
        ("period-reports", "/supervisor/reports"),
    ):
        page.goto(path)
        look_at(page, f"{name}-{locale}", thorough=name == "targets")
    for path in ("/supervisor?window=365", "/supervisor/topics/satisfaction?window=365"):
        page.goto(path)
        assert_fit_for_paper(page)
    page.goto("/supervisor/wall")
    for board in ("flow", "units", "map", "newest"):
        page.locator(f"[data-show=board-{board}]").click()
        look_at(page, f"wall-{board}-{locale}", thorough=board == "newest")
    page.goto("/supervisor")
    page.locator(".kpi .v a").first.click()
    look_at(page, f"supervisor-cases-{locale}")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_printed_report(open_page: OpenPage, town: Town, locale: str) -> None:
    now = datetime.now(UTC)
    with town.app.app_context():
        create_report(now=now - timedelta(days=40))
        last_month = now.replace(day=1) - timedelta(days=2)
        first = create_period_report(f"{last_month:%Y-%m}", now)
        report = create_correction(first, now, reason="Sai đơn vị")
    page = signed_in(open_page, town.world.supervisor, LOCALES[locale])
    page.goto(f"/supervisor/reports/{report}")
    look_at(page, f"period-report-{locale}", thorough=True)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_pages_of_a_survey(open_page: OpenPage, town: Town, locale: str) -> None:
    with town.app.app_context():
        asked = create_instrument()
        survey_id = create_survey(asked)
        answers = {
            asked.items["waiting"]: "4",
            asked.items["age"]: str(asked.options["age"][0]),
            asked.items["more"]: "Nên có thêm ghế",
        }
        create_responses(survey_id, *[answers] * 6, now=datetime.now(UTC))
        with reading() as session:
            code = session.get_one(Survey, survey_id).code
    citizen = citizen_page(open_page, locale)
    for name, path in (("survey", f"/s/{code}"), ("survey-thanks", f"/s/{code}/thanks")):
        citizen.goto(path)
        look_at(citizen, f"{name}-{locale}", thorough=name == "survey")
    board = signed_in(open_page, town.world.supervisor, LOCALES[locale])
    for name, path in (
        ("surveys", "/supervisor/surveys"),
        ("survey-figures", f"/supervisor/surveys/{survey_id}"),
        ("survey-texts", f"/supervisor/surveys/{survey_id}/texts/{asked.items['more']}"),
        ("survey-series", f"/supervisor/surveys/series/{asked.instrument_id}"),
    ):
        board.goto(path)
        look_at(board, f"{name}-{locale}")
    office = signed_in(open_page, town.world.administrator, LOCALES[locale])
    for name, path in (
        ("instrument", f"/admin/instruments/{asked.instrument_id}"),
        ("survey-sheet", f"/admin/surveys/{survey_id}/sheet"),
        ("survey-item", f"/admin/instruments/items/{asked.items['age']}"),
    ):
        office.goto(path)
        look_at(office, f"{name}-{locale}")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_letters_of_apology(open_page: OpenPage, town: Town, locale: str) -> None:
    today = datetime.now(UTC)
    with town.app.app_context():
        late, head = late_case(town)
        signed, other = late_case(town)
        create_signed_letter(
            signed.report_id, other, now=today, new_date=next_working_day(today.date())
        )
        draft, issued = (letters_of(case.report_id)[0].id for case in (late, signed))
    desk = signed_in(open_page, head, LOCALES[locale])
    for name, path in (("letters", "/staff/letters"), ("letter", f"/staff/letters/{draft}")):
        desk.goto(path)
        look_at(desk, f"{name}-{locale}", thorough=name == "letter")
    desk = signed_in(open_page, other, LOCALES[locale])
    desk.goto(f"/staff/letters/{issued}")
    look_at(desk, f"letter-issued-{locale}")
    citizen = citizen_page(open_page, locale)
    citizen.goto(town.world.link(signed))
    look_at(citizen, f"own-apology-{locale}")
    board = signed_in(open_page, town.world.supervisor, LOCALES[locale])
    for name, path in (
        ("register", "/supervisor/letters"),
        ("register-cases", "/supervisor/letters/cases?figure=late"),
        ("register-nothing", "/supervisor/letters/cases?figure=repeated"),
    ):
        board.goto(path)
        look_at(board, f"{name}-{locale}")
    office = signed_in(open_page, town.world.administrator, LOCALES[locale])
    office.goto("/admin/letter-templates")
    look_at(office, f"letter-texts-{locale}")
    office.locator("a.what").first.click()
    look_at(office, f"letter-text-{locale}")
    office.goto("/admin/letter-templates/new")
    look_at(office, f"letter-text-new-{locale}")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_counters(open_page: OpenPage, world: World, locale: str) -> None:
    desk = signed_in(open_page, world.administrator, LOCALES[locale])
    for name, path in (
        ("counters", "/admin/counters"),
        ("counter-new", "/admin/counters/new"),
        ("counter-one", f"/admin/counters/{world.counter.id}"),
        ("counter-sheet", f"/admin/counters/{world.counter.id}/sheet"),
        ("counter-ratings", "/supervisor/counters"),
    ):
        desk.goto(path)
        look_at(desk, f"{name}-{locale}", thorough=name == "counter-ratings")


@pytest.mark.parametrize("locale", LOCALES)
def test_who_follows_a_report(open_page: OpenPage, town: Town, world: World, locale: str) -> None:
    page = citizen_page(open_page, locale)
    page.goto(f"/reports/{world.taken.code}")
    page.locator("#follow button.primary").click()
    page.locator("#follow summary").click()
    page.locator("#email").fill(f"minh-{locale}@people.example")
    page.locator("#consent").check()
    look_at(page, f"follow-news-{locale}")
    page.locator("#follow details button").click()
    expect(page.locator("#follow .notice")).to_be_visible()
    look_at(page, f"follow-asked-{locale}")
    with town.app.app_context(), reading() as session:
        newest = select(Follower.token).order_by(Follower.id.desc())
        token = session.scalars(newest).first()
    page.goto(f"/following/{token}/confirm")
    look_at(page, f"follow-confirm-{locale}")
    page.locator("form.card button").click()
    page.goto(f"/following/{token}/confirm")
    look_at(page, f"follow-confirmed-{locale}")


@pytest.mark.parametrize("locale", LOCALES)
def test_passwords_and_work_that_others_see_to(
    open_page: OpenPage, world: World, locale: str
) -> None:
    newcomer = signed_in(open_page, world.newcomer, LOCALES[locale])
    look_at(newcomer, f"password-given-{locale}")
    desk = signed_in(open_page, world.administrator, LOCALES[locale])
    for name, path in (
        ("account-of-newcomer", f"/admin/accounts/{world.newcomer.id}"),
        ("replay", "/admin/status/dead/send_notice"),
    ):
        desk.goto(path)
        look_at(desk, f"{name}-{locale}")
