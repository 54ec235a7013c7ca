"""The supervisor's pages: every number leads to exactly its cases, at a cost that does not grow."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from feedback.domain.states import Clock, Outcome, RatingLevel, Role
from feedback.extensions import db
from feedback.operations.rate_report import rate_report
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.storage.models import Unit
from feedback.web.supervisor.topics import Topic
from tests.factories import (
    create_account,
    create_answered_case,
    create_area,
    create_case,
    create_category,
    create_unit,
    create_working_week,
    the_city,
)
from tests.support.staff import new_client, sign_in

DAY = timedelta(days=1)
LINK = re.compile(r'<a href="(/supervisor/cases\?[^"]+)">([\d.,]+)</a>')
COUNT = re.compile(r'data-count="(\d+)"')


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def supervisor(app: Flask, now: datetime) -> FlaskClient:
    """Signed in, over a city in which a little of everything has happened."""
    with app.app_context():
        create_working_week()
        account = create_account(Role.SUPERVISOR)
        create_area()
        units = [create_unit("Đơn vị A"), create_unit("Đơn vị B")]
        slow = create_category("Đường")
        fast = create_category(
            "Điện", clock=Clock.ROUND_THE_CLOCK, resolve_days=None, resolve_minutes=240
        )
        for n in range(16):
            came = now - (20 - n) * DAY
            category = slow if n % 4 else fast
            case = create_answered_case(
                units[n % 2], category=category, now=came, answered_at=came + n * DAY / 4,
                outcome=list(Outcome)[n % 3], place=(16.45, 107.55 + n / 1000),
            )  # fmt: skip
            if n % 3:
                level = list(RatingLevel)[n % 2]
                rate_report(
                    case.report_id, level=level, city=the_city(), now=came + n * DAY / 4 + DAY / 9
                )
        for n in range(3):
            create_case(units[0], category=fast, now=now - n * DAY)
        refresh_statistics(city=the_city(), now=now)
    return sign_in(app, account)


@pytest.mark.parametrize("window", ["7", "90", "this month"])
def test_every_number_of_every_page_leads_to_exactly_its_cases(
    supervisor: FlaskClient, window: str, now: datetime
) -> None:
    if window == "this month":
        window = f"{now.astimezone(ZoneInfo('Asia/Ho_Chi_Minh')):%Y-%m}"
    links = set()
    for address in pages_of(supervisor, window):
        page = supervisor.get(address)
        assert page.status_code == 200, address
        links |= {(unescape(link), number) for link, number in LINK.findall(page.text)}
    assert len(links) > 80
    for address, number in sorted(links):
        listed = supervisor.get(address)
        assert listed.status_code == 200, address
        assert COUNT.search(listed.text)[1] == number, address
        assert listed.text.count("<tr>") - 1 == min(int(number), 50), address


def pages_of(supervisor: FlaskClient, window: str) -> list[str]:
    """The overview, and each topic with each of its measures, by each kind of part."""
    found = [f"/supervisor?window={window}", f"/supervisor?window={window}&scope=unit:1"]
    for topic in Topic:
        first = f"/supervisor/topics/{topic}?window={window}"
        offered = re.findall(r"measure=(\w+)", supervisor.get(first).text)
        for measure in dict.fromkeys(offered) or [""]:
            asked = f"{first}&measure={measure}" if measure else first
            found += [f"{asked}&by={kind}" for kind in ("unit", "category", "area")]
        found += [f"{first}&scope=unit:2", f"{first}&scope=category:1", f"{first}&scope=area:1"]
    return found


def test_a_long_list_goes_on_behind_its_last_case(app: Flask, now: datetime) -> None:
    with app.app_context():
        create_working_week()
        unit, category = create_unit(), create_category()
        account = create_account(Role.SUPERVISOR)
        for n in range(53):
            create_case(unit, category=category, now=now - timedelta(minutes=n))
    client = sign_in(app, account)
    first = client.get("/supervisor/cases?figure=received&scope=city&window=7").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    second = client.get(unescape(following[1])).text
    codes = [set(re.findall(r'<a class="code"[^>]*>([^<]+)<', page)) for page in (first, second)]
    assert [len(page) for page in codes] == [50, 3]
    assert not codes[0] & codes[1]


def test_few_ratings_are_hidden_or_grey_and_never_ranked(supervisor: FlaskClient) -> None:
    page = supervisor.get("/supervisor?window=30").text
    assert 'class="dot few"' in page
    assert 'class="interval"' in page
    week = supervisor.get("/supervisor?window=7").text
    assert "fewer than 5" in week


def test_what_few_people_said_is_told_neither_by_a_change_nor_by_a_list(
    app: Flask, supervisor: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        unit = create_unit("Đơn vị ít")
        for days, times in ((40, 6), (3, 2)):
            for _ in range(times):
                came = now - days * DAY
                case = create_answered_case(unit, now=came, answered_at=came + DAY / 24)
                level = RatingLevel.SATISFIED if days < 30 else RatingLevel.DISSATISFIED
                rate_report(case.report_id, level=level, city=the_city(), now=came + DAY / 12)
        refresh_statistics(city=the_city(), now=now + timedelta(minutes=1))
    page = supervisor.get(f"/supervisor?window=30&scope=unit:{unit.id}").text
    assert "Fewer than 5 ratings are not shown." in page
    assert "Satisfied: " not in page  # as the head of what changed
    for scope, found in (("city", 200), (f"unit:{unit.id}", 404)):
        for address in ("/supervisor/cases", "/supervisor/cases.csv"):
            listed = f"{address}?figure=rated_satisfied&window=30&scope={scope}"
            assert supervisor.get(listed).status_code == found
    counted = supervisor.get(f"/supervisor/cases?figure=rated&window=30&scope=unit:{unit.id}")
    assert COUNT.search(counted.text)[1] == "2"  # type: ignore[index]


def test_a_page_held_against_the_year_before_says_so_and_every_link_keeps_it(
    supervisor: FlaskClient, app: Flask, now: datetime
) -> None:
    with app.app_context():
        unit, category = create_unit("Đơn vị cũ"), create_category("Cây xanh")
        for days in (500, 372, 371, 370):
            came = now - days * DAY
            create_answered_case(unit, category=category, now=came, answered_at=came + DAY)
        refresh_statistics(city=the_city(), now=now + timedelta(minutes=1))
    for address in ("/supervisor", "/supervisor/topics/outcomes"):
        page = supervisor.get(f"{address}?window=30&against=year").text
        assert "Compared with the same window one year earlier" in page
        assert "Đơn vị cũ" in page  # it did nothing this year, and changed the whole by that
        links = [
            unescape(one) for one in re.findall(r'href="(/supervisor[^"]*window=[^"]+)"', page)
        ]
        assert len(links) > 20
        assert [one for one in links if "against=year" not in one] == []
    assert "before: 3" in supervisor.get("/supervisor?window=30&against=year").text
    listed = supervisor.get(next(one for one in links if "/cases?" in one)).text
    assert "against=year" in re.search(r'class="plain" href="([^"]+)"', listed)[1]
    assert "was not counted whole" in supervisor.get("/supervisor?window=365&against=year").text


def test_a_city_without_reports_says_so(app: Flask) -> None:
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
    assert "No figures here" in sign_in(app, account).get("/supervisor").text


@pytest.mark.parametrize(
    "address",
    [
        "/supervisor?window=31",
        "/supervisor?window=x",
        "/supervisor?window=2099-01",
        "/supervisor?scope=moon:1",
        "/supervisor?against=tomorrow",
        "/supervisor/topics/times?against=",
        "/supervisor/topics/weather",
        "/supervisor/topics/timeliness?measure=weather",
        "/supervisor/topics/timeliness?measure=satisfied",
        "/supervisor/topics/timeliness?by=moon",
        "/supervisor/topics/backlog?scope=unit:1&by=unit",
        "/supervisor/cases?figure=received&scope=city&window=2099-01",
        "/supervisor/cases",
        "/supervisor/cases?figure=received&scope=moon",
        "/supervisor/cases?figure=received&scope=unit:99999999999999999999",
        "/supervisor/cases?figure=nothing&scope=city",
        "/supervisor/cases?figure=received&scope=city&as_of=yesterday",
        "/supervisor/cases?figure=received&scope=city&as_of=2026-01-01T00:00:00",
    ],
)
def test_addresses_that_mean_nothing_are_not_found(app: Flask, address: str) -> None:
    with app.app_context():
        account = create_account(Role.SUPERVISOR)
    assert sign_in(app, account).get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.HANDLER, Role.HEAD, Role.DISPATCHER])
def test_others_do_not_get_in(app: Flask, role: Role) -> None:
    with app.app_context():
        unit: Unit | None = create_unit() if role is not Role.DISPATCHER else None
        client = sign_in(app, create_account(role, unit))
    assert client.get("/supervisor").status_code == 403
    assert client.get("/supervisor/cases?figure=open&scope=city").status_code == 403
    assert new_client(app).get("/supervisor").status_code == 302


def test_the_page_asks_as_much_of_the_store_however_many_reports_there_are(
    app: Flask, supervisor: FlaskClient, now: datetime
) -> None:
    supervisor.get("/supervisor")
    with counted(app) as before:
        supervisor.get("/supervisor")
    with app.app_context():
        unit, category = create_unit("Đơn vị C"), create_category("Cây xanh")
        for n in range(10):
            create_answered_case(unit, category=category, now=now - n * DAY)
        refresh_statistics(city=the_city(), now=now + timedelta(minutes=1))
    with counted(app) as after:
        supervisor.get("/supervisor")
    assert len(after) == len(before) <= 11


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent while the block runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
