"""The queue of a unit and of the city."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.domain.states import Role
from feedback.storage.models import Account, Category, Unit
from tests.factories import (
    INSIDE,
    create_account,
    create_answered_case,
    create_area,
    create_case,
    create_category,
    create_unit,
    create_working_week,
)
from tests.support.queries import counted_queries
from tests.support.staff import sign_in

CODE = re.compile(r'class="code" href="/staff/reports/([^"?]+)[^"]*"')
NOW = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)  # Wednesday 10:00 in the city
DAY = timedelta(days=1)


class Hall:
    """A unit with its people and a category, and another unit."""

    def __init__(self) -> None:
        create_working_week()
        create_area("Vỹ Dạ")
        self.unit: Unit = create_unit()
        self.other: Unit = create_unit("Điện lực", short_name="Điện lực")
        self.handler: Account = create_account(Role.HANDLER, self.unit)
        self.head: Account = create_account(Role.HEAD, self.unit)
        self.dispatcher: Account = create_account(Role.DISPATCHER)
        self.category: Category = create_category(approval_needed=True)


@pytest.fixture
def hall(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setattr("feedback.web.context.now", lambda: NOW)
    with app.app_context():
        return Hall()


def codes(client: FlaskClient, query: str = "") -> list[str]:
    """The codes on a page of the queue, from the top."""
    answer = client.get(f"/staff/queue{query}")
    assert answer.status_code == 200
    return CODE.findall(answer.text)


def test_what_is_due_first_stands_on_top(app: Flask, hall: Hall) -> None:
    with app.app_context():
        moments = [NOW - 2 * DAY, NOW - 9 * DAY, NOW - 5 * DAY]
        made = [create_case(hall.unit, category=hall.category, now=at).code for at in moments]
        create_case(hall.other, now=NOW - DAY)
    client = sign_in(app, hall.handler)
    assert codes(client) == [made[1], made[2], made[0]]


def test_the_head_sees_the_open_work_by_person_and_opens_one_persons(
    app: Flask, hall: Hall
) -> None:
    with app.app_context():
        head = create_account(Role.HEAD, hall.unit)
        late = create_case(
            hall.unit, category=hall.category, now=NOW - 20 * DAY, handler=hall.handler
        )
        nobodys = create_case(hall.unit, category=hall.category, now=NOW - DAY)
    client = sign_in(app, head)
    table = client.get("/staff/queue").text
    assert f'href="/staff/queue?handler={hall.handler.id}"' in table
    assert codes(client, f"?handler={hall.handler.id}") == [late.code]
    assert codes(client, "?handler=0") == [nobodys.code]
    assert codes(client, "?handler=x") == [late.code, nobodys.code]
    assert "?handler=" not in sign_in(app, hall.handler).get("/staff/queue").text


def test_the_views_hold_what_their_names_say(app: Flask, hall: Hall) -> None:
    with app.app_context():
        overdue = create_case(hall.unit, category=hall.category, now=NOW - 13 * DAY).code
        soon = create_case(hall.unit, category=hall.category, now=NOW - 9 * DAY).code
        mine = create_case(hall.unit, category=hall.category, now=NOW - DAY, handler=hall.handler)
        answered = create_answered_case(hall.unit, category=hall.category, now=NOW - DAY).code
        create_answered_case(hall.unit, now=NOW - 5 * DAY)  # needs no approval, so it is done
    client = sign_in(app, hall.handler)
    assert codes(client) == [overdue, soon, mine.code, answered]
    assert codes(client, "?view=mine") == [mine.code]
    assert codes(client, "?view=soon") == [soon]
    assert codes(client, "?view=overdue") == [overdue]
    assert codes(client, "?view=approval") == [answered]
    counts = re.findall(r'class="count [^"]*">(\d+)<', client.get("/staff/queue").text)
    assert counts == ["4", "1", "1", "1", "1"]


def test_time_left_is_said_in_working_time(app: Flask, hall: Hall) -> None:
    with app.app_context():
        create_case(hall.unit, category=hall.category, now=NOW - 13 * DAY)
        create_case(hall.unit, category=hall.category, now=NOW - 9 * DAY)
        create_case(hall.unit, category=hall.category, now=NOW - DAY)
    page = sign_in(app, hall.handler, language="vi").get("/staff/queue").text
    words = re.findall(r"</svg>\s*([^<]*(?:Quá hạn|Còn)[^<]*?)\s*</span>", page)
    assert words == ["Quá hạn 1 ngày", "Còn 5 giờ làm việc", "Còn 6 ngày làm việc"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=den duong", ["lamp"]),
        ("?q=ĐÈN+vy+da", ["lamp"]),
        ("?q=den+phu+xuan", []),
        ("?q=rac", ["rubbish"]),
        ("?q=%25", []),
        ("?category={category}", ["lamp"]),
        ("?area={area}", ["lamp"]),
        ("?area=nonsense&after=nonsense", ["lamp", "rubbish"]),
    ],
)
def test_words_and_filters_narrow_the_list(
    app: Flask, hall: Hall, query: str, found: list[str]
) -> None:
    with app.app_context():
        lighting = create_category("Chiếu sáng")
        area = create_area("Vỹ Dạ 2", corners=(108.0, 16.0, 108.1, 16.1))
        made = {
            "lamp": create_case(
                hall.unit,
                category=lighting,
                text="Đèn đường tắt cả đoạn",
                place=(16.05, 108.05),
                now=NOW - 2 * DAY,
            ),
            "rubbish": create_case(hall.unit, category=hall.category, now=NOW - DAY),
        }
    client = sign_in(app, hall.handler)
    filled = query.format(category=lighting.id, area=area.id)
    assert codes(client, filled) == [made[name].code for name in found]


def test_a_code_is_found_with_and_without_its_hyphen(app: Flask, hall: Hall) -> None:
    with app.app_context():
        code = create_case(hall.unit, now=NOW - DAY).code
        create_case(hall.unit, now=NOW - DAY)
    client = sign_in(app, hall.handler)
    for typed in (code, code.lower(), code.replace("-", "")):
        assert codes(client, f"?q={typed}") == [code]


def test_pages_follow_each_other_without_a_gap(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.web.staff.queue.PAGE_SIZE", 2)
    with app.app_context():
        made = [
            create_case(hall.unit, category=hall.category, now=NOW - DAY).code for _ in range(5)
        ]
    client, address, seen = sign_in(app, hall.handler), "/staff/queue?q=rac", list[str]()
    while address:
        page = client.get(address).text
        seen += CODE.findall(page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == made


def test_an_empty_queue_says_what_to_do(app: Flask, hall: Hall) -> None:
    client = sign_in(app, hall.handler)
    assert "Nothing to do" in client.get("/staff/queue").text
    assert "Clear all filters" in client.get("/staff/queue?q=nothing").text
    assert "You have no cases" in client.get("/staff/queue?view=mine").text


def test_dispatchers_see_the_whole_city_and_can_choose_a_unit(app: Flask, hall: Hall) -> None:
    with app.app_context():
        here = create_case(hall.unit, now=NOW - 2 * DAY).code
        there = create_case(hall.other, now=NOW - DAY).code
    client = sign_in(app, hall.dispatcher)
    assert codes(client) == [here, there]
    assert codes(client, f"?unit={hall.other.id}") == [there]
    assert "view=mine" not in client.get("/staff/queue").text


def test_no_filter_leads_into_another_unit(app: Flask, hall: Hall) -> None:
    with app.app_context():
        create_case(hall.other, now=NOW - DAY)
    assert codes(sign_in(app, hall.head), f"?unit={hall.other.id}") == []


@pytest.mark.parametrize("who", ["handler", "dispatcher"])
def test_the_number_of_queries_does_not_grow(app: Flask, hall: Hall, who: str) -> None:
    client = sign_in(app, getattr(hall, who))
    asked = []
    for _ in range(2):
        with app.app_context():
            for _more in range(3):
                create_case(hall.unit, now=NOW - DAY, place=INSIDE, handler=hall.handler)
        with counted_queries(app) as statements:
            client.get("/staff/queue")
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 10
