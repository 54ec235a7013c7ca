"""The pages of counters: three faces for everybody, the desk of the administrator, the tables."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback.domain.states import CounterChannel, CounterFlag, RatingLevel, Role
from feedback.operations.rate_counter import rate_counter
from feedback.operations.transaction import reading
from feedback.storage.models import Account, Counter, CounterRating, Kiosk, Unit
from feedback.web.context import now
from tests.factories import (
    create_account,
    create_counter,
    create_counter_ratings,
    create_unit,
    the_city,
)
from tests.support.photos import photo_bytes
from tests.support.staff import new_client, post, sign_in
from tests.web.forms import file

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
S, D = RatingLevel.SATISFIED, RatingLevel.DISSATISFIED
KIOSK_LINK = re.compile(r"/c/kiosk/[\w-]+")
SEEN = re.compile(r'name="seen" value="(\d+)"')


@pytest.fixture
def unit(app: Flask) -> Unit:
    with app.app_context():
        return create_unit("Trung tâm Phục vụ hành chính công")


@pytest.fixture
def counter(app: Flask, unit: Unit) -> Counter:
    with app.app_context():
        return create_counter(unit)


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    """The administrator's browser."""
    return sign_in(app, account(app, Role.ADMINISTRATOR))


def account(app: Flask, role: Role, unit: Unit | None = None) -> Account:
    with app.app_context():
        return create_account(role, unit)


def ratings(app: Flask) -> list[CounterRating]:
    """All ratings, in the order they were given."""
    with app.app_context(), reading() as session:
        found = list(session.scalars(select(CounterRating).order_by(CounterRating.id)))
        session.expunge_all()
        return found


def rate(app: Flask, counter: Counter, *levels: RatingLevel, device: str = "") -> None:
    """Ratings given just now, each by a device of its own unless one is named."""
    with app.app_context():
        for number, level in enumerate(levels):
            rate_counter(
                counter.id, level=level, device=device or f"{number}", city=the_city(), now=now()
            )


# Rating


def test_one_tap_rates_and_more_may_be_said(app: Flask, counter: Counter) -> None:
    client = new_client(app)
    page = client.get(f"/c/{counter.code.lower().replace('-', '')}?qr", follow_redirects=True).text
    for words in ("How were you served?", counter.name_en, 'name="qr" value="1"'):
        assert words in page
    assert client.get_cookie("this_device") is None
    pressed = post(client, f"/c/{counter.code}", {"level": "dissatisfied", "qr": "1"})
    assert pressed.status_code == HTTPStatus.SEE_OTHER
    assert "Thank you, your rating is kept." in client.get(pressed.location).text

    more = {"level": "dissatisfied", "reason": "waiting", "comment": "Chờ hai giờ"}
    sent = post(
        client,
        pressed.location,
        more | {"photos": [file(photo_bytes("peru"))]},
        content_type="multipart/form-data",
    )
    assert sent.location == f"{pressed.location}?saved=1"
    assert "Thank you. It is kept." in client.get(sent.location).text
    (rating,) = ratings(app)
    assert (rating.level, rating.channel, rating.comment) == (D, CounterChannel.QR, "Chờ hai giờ")


def test_what_is_wrong_comes_back_as_it_was_typed(app: Flask, counter: Counter) -> None:
    client = new_client(app)
    assert post(client, f"/c/{counter.code}").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    pressed = post(client, f"/c/{counter.code}", {"level": "satisfied"})
    refused = post(client, pressed.location, {"level": "satisfied", "comment": "x" * 1_001})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "x" * 1_001 in refused.text
    assert ratings(app)[0].comment == ""


def test_an_old_page_shows_the_faces_again_instead_of_a_dead_end(
    app: Flask, counter: Counter
) -> None:
    answer = new_client(app).post(f"/c/{counter.code}", data={"level": "satisfied"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Please tap once more." in answer.text
    assert 'value="satisfied"' in answer.text
    assert ratings(app) == []


def test_a_closed_and_a_missing_counter_answer_alike(app: Flask, unit: Unit) -> None:
    with app.app_context():
        closed = create_counter(unit, active=False).code
    for code in (closed, "222-222", "nonsense"):
        client = new_client(app)
        assert client.get(f"/c/{code}").status_code == HTTPStatus.NOT_FOUND
        assert post(client, f"/c/{code}", {"level": "satisfied"}).status_code == 404
        assert client.get(f"/c/{code}/thanks/wrong").status_code == HTTPStatus.NOT_FOUND


# The administrator's desk


def test_a_counter_is_set_up_changed_and_closed(app: Flask, desk: FlaskClient, unit: Unit) -> None:
    assert "No counters yet" in desk.get("/admin/counters").text
    fields = {"name_vi": "Quầy 1", "name_en": "Window 1", "unit_id": str(unit.id)}
    wrong = post(desk, "/admin/counters/new", {**fields, "unit_id": ""})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="Quầy 1"' in wrong.text
    made = post(desk, "/admin/counters/new", fields)
    page = desk.get(made.location).text
    assert "The counter is set up." in page
    assert "Window 1" in desk.get("/admin/counters").text
    assert 'aria-current="page">Counters' in page

    change = {**fields, "name_en": "Window A", "seen": SEEN.findall(page)[0]}
    assert post(desk, made.location, change).status_code == HTTPStatus.SEE_OTHER
    page = desk.get(made.location).text
    assert "closed" in page
    assert "<del>Window 1</del> → <ins>Window A</ins>" in page
    assert post(desk, made.location, change).status_code == HTTPStatus.CONFLICT
    assert desk.get("/admin/counters/404").status_code == HTTPStatus.NOT_FOUND


def test_a_device_becomes_a_kiosk_by_its_link_and_is_let_go(
    app: Flask, desk: FlaskClient, counter: Counter
) -> None:
    address = f"/admin/counters/{counter.id}"
    assert post(desk, f"{address}/kiosks").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    announced = post(desk, f"{address}/kiosks", {"kiosk_name": "Máy 1"})
    link = KIOSK_LINK.findall(desk.get(announced.location).text)[0]
    assert KIOSK_LINK.findall(desk.get(address).text) == []

    device = new_client(app)
    assert "It works once." in device.get(link).text
    assert device.get_cookie("kiosk") is None
    assert post(device, link).location == f"/c/{counter.code}"
    assert new_client(app).get(link).status_code == HTTPStatus.NOT_FOUND
    assert post(new_client(app), link).status_code == HTTPStatus.NOT_FOUND
    assert "at-kiosk" in device.get(f"/c/{counter.code}").text
    assert "registered since" in desk.get(address).text

    pressed = post(device, f"/c/{counter.code}", {"level": "satisfied"})
    thanks = device.get(pressed.location).text
    assert f'content="60;url=/c/{counter.code}"' in thanks
    assert f'data-return="/c/{counter.code}"' in thanks
    with app.app_context(), reading() as session:
        kiosk_id = session.scalars(select(Kiosk.id)).one()
    assert post(desk, f"/admin/counters/kiosks/{kiosk_id}/end").status_code == 303
    assert "at-kiosk" not in device.get(f"/c/{counter.code}").text
    post(device, f"/c/{counter.code}", {"level": "satisfied"})
    post(device, f"/c/{counter.code}", {"level": "satisfied"})
    assert [(r.channel.value, r.flag) for r in ratings(app)] == [
        ("kiosk", None),
        ("web", None),
        ("web", CounterFlag.BURST),
    ]


def test_a_forged_kiosk_is_none(app: Flask, counter: Counter) -> None:
    client = new_client(app)
    for cookie in ("[1,2]", "x.y", ""):
        client.set_cookie("kiosk", cookie)
        assert "at-kiosk" not in client.get(f"/c/{counter.code}").text


def test_the_sheet_says_it_in_both_languages(desk: FlaskClient, counter: Counter) -> None:
    sheet = desk.get(f"/admin/counters/{counter.id}/sheet").text
    for words in (
        "Bạn được phục vụ thế nào?",
        "How were you served?",
        counter.name_vi,
        counter.name_en,
        f"/c/{counter.code}</p>",
        "<svg",
        "counter-sheet.css",
    ):
        assert words in sheet


# The tables


def test_a_head_sees_the_own_counters_and_the_supervisor_all(
    app: Flask, counter: Counter, unit: Unit
) -> None:
    with app.app_context():
        other = create_unit("Điện lực")
        theirs = create_counter(other, "Quầy thu tiền")
    rate(app, counter, *[S] * 8, *[D] * 2)
    rate(app, counter, D, D, device="again")
    rate(app, theirs, S, S, S, S)
    head = sign_in(app, account(app, Role.HEAD, unit))
    page = head.get("/staff/counters").text
    assert 'href="/staff/counters"' in page
    for words in ("Not to be generalised.", counter.name_en, "8 / 11", "8 / 12"):
        assert words in page
    assert theirs.name_en not in page

    supervisor = sign_in(app, account(app, Role.SUPERVISOR))
    page = supervisor.get("/supervisor/counters").text
    assert counter.name_en in page
    assert theirs.name_en in page
    assert "fewer than 5" in page
    handler = sign_in(app, account(app, Role.HANDLER, unit))
    assert handler.get("/staff/counters").status_code == HTTPStatus.FORBIDDEN


def test_counters_are_told_over_the_window_in_the_address(app: Flask, counter: Counter) -> None:
    moment = now()
    with app.app_context():
        create_counter_ratings(counter, *[S] * 5, now=moment - timedelta(days=1))
        create_counter_ratings(counter, *[D] * 5, now=moment - timedelta(days=20))
    client = sign_in(app, account(app, Role.SUPERVISOR))
    assert "5 / 10" in client.get("/supervisor/counters").text
    assert "5 / 5" in client.get("/supervisor/counters?window=7").text
    assert "window=90" in client.get(f"/supervisor/counters?window={moment.year}").text
    assert client.get("/supervisor/counters?window=8").status_code == HTTPStatus.NOT_FOUND


def test_what_people_add_is_read_without_who_and_not_from_too_few(
    app: Flask, counter: Counter, unit: Unit
) -> None:
    client = new_client(app)
    pressed = post(client, f"/c/{counter.code}", {"level": "dissatisfied"})
    more = {"level": "dissatisfied", "reason": "waiting", "comment": "Chờ hai giờ"}
    post(client, pressed.location, more)
    head = sign_in(app, account(app, Role.HEAD, unit))
    assert "Chờ hai giờ" not in head.get("/staff/counters").text
    rate(app, counter, S, S, S, S)
    page = head.get("/staff/counters").text
    assert "Chờ hai giờ" in page
    assert "Waiting time" in page
    assert ratings(app)[0].device not in page
