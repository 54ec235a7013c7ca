"""Counters: set up, rated with one press, doubted where a device repeats itself; their kiosks."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback.domain.actors import Actor
from feedback.domain.counter_ratings import Rush
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.states import (
    CounterChannel,
    CounterFlag,
    CounterReason,
    PhotoPurpose,
    RatingLevel,
    Role,
)
from feedback.operations.rate_counter import rate_counter, say_more
from feedback.operations.register_kiosk import (
    INVITATION_LASTS,
    end_kiosk,
    invite_kiosk,
    register_kiosk,
)
from feedback.operations.remove_left_uploads import remove_left_uploads
from feedback.operations.save_counter import CounterDraft, change_counter, create_counter
from feedback.operations.transaction import reading
from feedback.storage.models import Counter, CounterRating, Photo, ReferenceChange
from tests.factories import (
    MONDAY,
    actor_of,
    create_account,
    create_upload,
    the_city,
)
from tests.factories import create_counter as make_counter
from tests.operations.lives import Town, at_once, footprint

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def counter(town: Town) -> Counter:
    """A counter of the town's unit."""
    return make_counter(town.unit)


@pytest.fixture
def administrator(town: Town) -> Actor:
    return actor_of(create_account(Role.ADMINISTRATOR))


def press(counter: Counter, device: str = "a", **how: Any) -> str:
    """One press of a face."""
    usual = {"level": RatingLevel.SATISFIED, "now": MONDAY, "city": the_city()}
    given: dict[str, Any] = {**usual, **how}
    return rate_counter(counter.id, device=device, **given)


def ratings() -> list[CounterRating]:
    """All ratings, in the order they were given."""
    with reading() as session:
        found = list(session.scalars(select(CounterRating).order_by(CounterRating.id)))
        session.expunge_all()
        return found


def flags() -> list[CounterFlag | None]:
    """Why each rating is doubted."""
    return [rating.flag for rating in ratings()]


def registered(counter: Counter, administrator: Actor, now: datetime = MONDAY) -> int:
    """The id of a registered kiosk of the counter."""
    kiosk_id, secret = invite_kiosk(
        counter.id, "Máy 1", actor=administrator, city=the_city(), now=now
    )
    register_kiosk(secret, city=the_city(), now=now)
    return kiosk_id


# Presses


def test_repeated_presses_of_one_device_are_flagged_and_kept(counter: Counter, town: Town) -> None:
    other = make_counter(town.unit, "Quầy 4")
    press(counter)
    press(counter, now=MONDAY + SECOND)
    press(counter, now=MONDAY + 5 * MINUTE)
    press(counter, "b", now=MONDAY + 5 * MINUTE)
    press(other, now=MONDAY + 5 * MINUTE)
    press(counter, now=MONDAY + 16 * MINUTE)
    assert flags() == [None, CounterFlag.BURST, CounterFlag.REPEAT, None, None, None]


def test_a_device_pressed_twice_at_once_is_flagged_once(counter: Counter) -> None:
    at_once(lambda: press(counter), lambda: press(counter))
    assert sorted(flags(), key=str) == [None, CounterFlag.BURST]


def test_one_person_after_another_presses_a_kiosk_unflagged(
    counter: Counter, administrator: Actor, town: Town
) -> None:
    kiosk_id = registered(counter, administrator)
    for seconds in (0, 5, 6, 30):
        press(counter, "kiosk", kiosk_id=kiosk_id, now=MONDAY + seconds * SECOND)
    assert flags() == [None, None, CounterFlag.BURST, None]
    assert {(r.channel, r.kiosk_id) for r in ratings()} == {(CounterChannel.KIOSK, kiosk_id)}

    elsewhere = make_counter(town.unit, "Quầy 4")
    press(elsewhere, "kiosk", kiosk_id=kiosk_id)
    end_kiosk(kiosk_id, actor=administrator, city=the_city(), now=MONDAY)
    press(counter, "kiosk", kiosk_id=kiosk_id, channel=CounterChannel.QR, now=MONDAY + MINUTE)
    assert [(r.channel, r.kiosk_id, r.flag) for r in ratings()[-2:]] == [
        (CounterChannel.WEB, None, None),
        (CounterChannel.QR, None, CounterFlag.REPEAT),
    ]


def test_only_an_open_counter_is_rated_and_with_a_face(counter: Counter, town: Town) -> None:
    closed = make_counter(town.unit, active=False)
    before = footprint()
    with pytest.raises(Invalid) as refusal:
        press(counter, level=None)
    assert refusal.value.fields == {"level": "required"}
    with pytest.raises(NotFound):
        press(closed)
    with pytest.raises(NotFound):
        rate_counter(404, level=RatingLevel.SATISFIED, device="a", city=the_city(), now=MONDAY)
    assert footprint() == before


# Saying more


def more(token: str, **how: Any) -> None:
    """Add to a press, a minute later."""
    given: dict[str, Any] = {
        "level": RatingLevel.DISSATISFIED,
        "reason": CounterReason.WAITING,
        "comment": "Chờ hai giờ",
        "now": MONDAY + MINUTE,
        **how,
    }
    say_more(token, city=the_city(), **given)


def test_a_reason_a_comment_and_photos_are_added_and_a_slip_mended(counter: Counter) -> None:
    token = press(counter)
    upload = create_upload(PhotoPurpose.COUNTER)
    more(token, photo_ids=[upload])
    rating = ratings()[0]
    assert (rating.level, rating.reason) == (RatingLevel.DISSATISFIED, CounterReason.WAITING)
    assert (rating.comment, rating.rated_at, rating.flag) == ("Chờ hai giờ", MONDAY, None)
    with reading() as session:
        photo = session.scalars(select(Photo).where(Photo.upload_id == upload)).one()
        assert photo.counter_rating_id == rating.id
    remove_left_uploads(city=the_city(), now=MONDAY + timedelta(days=3))
    with reading() as session:
        assert session.scalars(select(Photo.upload_id)).all() == [upload]
    with pytest.raises(Invalid) as refusal:
        more(token, photo_ids=[upload])
    assert refusal.value.fields == {"photos": "photo_missing"}


def test_after_half_an_hour_a_press_stays_what_it_was(counter: Counter) -> None:
    token = press(counter)
    for how, code in (({"comment": "x" * 1_001}, "too_long"), ({"level": None}, "required")):
        with pytest.raises(Invalid) as refusal:
            more(token, **how)
        assert list(refusal.value.fields.values()) == [code]
    with pytest.raises(Conflict):
        more(token, now=MONDAY + 31 * MINUTE)
    with pytest.raises(NotFound):
        more("wrong")
    assert ratings()[0].comment == ""


# Kiosks


def test_a_registration_link_works_once_and_for_a_day(
    counter: Counter, administrator: Actor
) -> None:
    _kiosk_id, secret = invite_kiosk(
        counter.id, "Máy 1", actor=administrator, city=the_city(), now=MONDAY
    )
    late = MONDAY + INVITATION_LASTS + SECOND
    with pytest.raises(NotFound):
        register_kiosk(secret, city=the_city(), now=late)
    device = register_kiosk(secret, city=the_city(), now=MONDAY + INVITATION_LASTS)
    assert device.counter_code == counter.code
    for used in (secret, "wrong", ""):
        with pytest.raises(NotFound):
            register_kiosk(used, city=the_city(), now=MONDAY)


def test_a_link_of_a_device_let_go_leads_nowhere(counter: Counter, administrator: Actor) -> None:
    kiosk_id, secret = invite_kiosk(
        counter.id, "Máy 1", actor=administrator, city=the_city(), now=MONDAY
    )
    assert end_kiosk(kiosk_id, actor=administrator, city=the_city(), now=MONDAY) == counter.id
    with pytest.raises(NotFound):
        register_kiosk(secret, city=the_city(), now=MONDAY)


# Setting up


def test_a_counter_is_set_up_and_changed_with_its_history(town: Town, administrator: Actor) -> None:
    given: dict[str, Any] = {"actor": administrator, "city": the_city(), "now": MONDAY}
    counter_id = create_counter(CounterDraft(" Quầy 1 ", "Window 1", town.unit.id), **given)
    draft = CounterDraft("Quầy 1", "Window 1", town.unit.id, active=False)
    change_counter(counter_id, draft, seen=1, note="Sửa nhà", **given)
    with pytest.raises(Conflict):
        change_counter(counter_id, draft, seen=1, **given)
    with reading() as session:
        counter = session.get_one(Counter, counter_id)
        assert (counter.name_vi, counter.active) == ("Quầy 1", False)
        changes = session.scalars(select(ReferenceChange).order_by(ReferenceChange.id)).all()
        assert [(c.action.value, c.note) for c in changes] == [
            ("created", ""),
            ("changed", "Sửa nhà"),
        ]
        assert (changes[1].before, changes[1].after) == ({"open": True}, {"open": False})
    with pytest.raises(Conflict):
        invite_kiosk(counter_id, "Máy 1", **given)


def test_only_the_administrator_sets_up_and_everything_wrong_is_told(
    town: Town, counter: Counter, administrator: Actor
) -> None:
    at: dict[str, Any] = {"city": the_city(), "now": MONDAY}
    draft = CounterDraft("Quầy 1", "Window 1", town.unit.id)
    before = footprint()
    for actor in (town.as_dispatcher, town.as_head, town.as_handler):
        for attempt in (
            lambda actor=actor: create_counter(draft, actor=actor, **at),
            lambda actor=actor: change_counter(counter.id, draft, seen=None, actor=actor, **at),
            lambda actor=actor: invite_kiosk(counter.id, "Máy", actor=actor, **at),
            lambda actor=actor: end_kiosk(1, actor=actor, **at),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    with pytest.raises(Invalid) as refusal:
        create_counter(CounterDraft("", "x" * 161, 404), actor=administrator, **at)
    assert refusal.value.fields == {
        "name_vi": "required",
        "name_en": "too_long",
        "unit_id": "unknown_unit",
    }
    with pytest.raises(NotFound):
        change_counter(404, draft, seen=None, actor=administrator, **at)
    assert footprint() == before


def test_a_rush_at_one_counter_is_flagged_with_the_presses_that_began_it(counter: Counter) -> None:
    city = replace(the_city(), rush=Rush(presses=3, within=MINUTE))
    for number in range(6):
        press(counter, f"device {number}", now=MONDAY + 10 * number * SECOND, city=city)
        expected = [CounterFlag.RUSH] * (number + 1) if number >= 3 else [None] * (number + 1)
        assert flags() == expected
    press(counter, "later", now=MONDAY + 10 * MINUTE, city=city)
    assert flags()[-1] is None
