"""Somebody else's report: followed, counted once a device, with news by e-mail if wanted."""

import io
import json
import secrets
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from feedback.domain.actors import CITIZEN, Actor
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.states import ActorKind, Outcome, ReportState, Role, VisibilityPolicy
from feedback.domain.transitions import Need
from feedback.operations.export_person import export_person
from feedback.operations.follow_report import (
    ask_for_news,
    confirm_news,
    follow_report,
    stop_following,
    stop_news,
)
from feedback.operations.followers import address_of
from feedback.operations.persons import OpenReports, erase_person
from feedback.operations.rotate_keys import rotate_keys
from feedback.operations.transaction import reading
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.models import Follower
from feedback.storage.queries import followers
from feedback.storage.sealing import Seal
from tests.factories import (
    MONDAY,
    Case,
    create_case,
    create_category,
    create_closed_report,
    create_report,
    the_city,
)
from tests.operations.lives import Town, at_once, footprint, steps

PHONE, TABLET = "a" * 64, "b" * 64


def follow(report_id: int, device: str = PHONE) -> None:
    """Say "I see this too" on a device."""
    follow_report(report_id, device=device, language="vi", city=the_city(), now=MONDAY)


def ask(report_id: int, email: str, device: str = PHONE, **how: Any) -> None:
    """Ask for news on a device."""
    given = {"consent_version": "1", "language": "vi", **how}
    ask_for_news(report_id, device=device, email=email, city=the_city(), now=MONDAY, **given)


def count(report_id: int) -> int:
    """How many others see it too."""
    with reading() as session:
        return followers.counts(session, [report_id]).get(report_id, 0)


def confirm() -> None:
    """The owners of all addresses confirm them."""
    with reading() as session:
        tokens = session.scalars(select(Follower.token).where(Follower.sealed.is_not(None))).all()
    for token in tokens:
        confirm_news(token, city=the_city(), now=MONDAY)


def addresses(report_id: int) -> list[str]:
    """Where news of a report go."""
    with reading() as session:
        session.expire_all()
        found = followers.with_address(session, report_id)
        return [address_of(follower, city=the_city()) for follower in found]


def repeat(case: Case, root: Case, town: Town) -> None:
    """The dispatcher finds that one report repeats another."""
    with steps(case.report_id, town.as_dispatcher, MONDAY) as life:
        life.report.root_id = root.report_id
        life.move_report(
            ReportState.DUPLICATE, HistoryKind.MARKED_DUPLICATE, given={Need.ROOT}, public=True
        )


@pytest.fixture
def case(town: Town) -> Case:
    """A published report."""
    return create_case(town.unit, category=town.category)


def test_a_device_counts_once_however_often_it_is_pressed(case: Case) -> None:
    assert count(case.report_id) == 0
    for device in (PHONE, TABLET, PHONE):
        follow(case.report_id, device)
    assert count(case.report_id) == 2
    stop_following(case.report_id, device=PHONE, city=the_city())
    stop_following(case.report_id, device=PHONE, city=the_city())
    assert count(case.report_id) == 1


def test_a_device_pressed_twice_at_once_counts_once(case: Case) -> None:
    results = at_once(lambda: follow(case.report_id), lambda: follow(case.report_id))
    assert results == [None, None]
    assert count(case.report_id) == 1


def test_what_follows_a_duplicate_counts_for_its_root_each_device_once(
    case: Case, town: Town
) -> None:
    second = create_case(town.unit, category=town.category)
    follow(second.report_id, PHONE)
    follow(second.report_id, TABLET)
    follow(case.report_id, PHONE)
    ask(second.report_id, "lan@example.com", TABLET)
    confirm()
    repeat(second, case, town)

    assert count(case.report_id) == 3  # two devices, and whoever sent the second report
    assert addresses(case.report_id) == ["lan@example.com"]
    follow(second.report_id, "c" * 64)
    with reading() as session:
        newest = session.scalars(select(Follower).order_by(Follower.id.desc())).first()
        assert newest is not None
        assert newest.report_id == case.report_id
    stop_following(case.report_id, device=PHONE, city=the_city())
    assert count(case.report_id) == 3  # the two other devices, and the second report


def test_news_go_to_a_sealed_address_until_the_link_of_a_letter_ends_them(case: Case) -> None:
    follow(case.report_id)
    ask(case.report_id, " Lan@Example.com ")
    confirm()
    assert addresses(case.report_id) == ["Lan@example.com"]
    ask(case.report_id, "lan.nguyen@example.com")
    assert addresses(case.report_id) == []  # the new one is to be confirmed by itself
    confirm()
    ask(case.report_id, "LAN.nguyen@example.com")  # the same, which stays confirmed
    assert count(case.report_id) == 1
    assert addresses(case.report_id) == ["lan.nguyen@example.com"]
    with reading() as session:
        follower = session.scalars(select(Follower)).one()
        assert "lan" not in f"{follower.sealed}{follower.email_index}"
        assert (follower.consent_version, follower.consented_at) == ("1", MONDAY)
        token = follower.token

    stop_news(token, city=the_city())
    assert count(case.report_id) == 0
    with pytest.raises(NotFound):
        stop_news(token, city=the_city())


def test_asking_for_news_follows_and_tells_all_that_is_wrong(case: Case) -> None:
    before = footprint()
    for email, code in (("", "required"), ("lan@", "not_an_email")):
        with pytest.raises(Invalid) as refusal:
            ask(case.report_id, email, consent_version="")
        assert refusal.value.fields == {"email": code, "consent": "required"}
    assert footprint() == before
    ask(case.report_id, "lan@example.com")
    assert count(case.report_id) == 1


def test_only_what_the_public_sees_is_followed(town: Town) -> None:
    hidden = create_category("Riêng", visibility_policy=VisibilityPolicy.NEVER)
    unseen = [
        create_report().report_id,
        create_case(town.unit, category=hidden).report_id,
        404,
    ]
    for report_id in unseen:
        with pytest.raises(NotFound):
            follow(report_id)


def test_what_is_over_is_followed_no_more_but_a_promise_is(town: Town) -> None:
    fixed = create_closed_report(town.unit, category=town.category)
    with pytest.raises(Conflict) as conflict:
        follow(fixed.report_id)
    assert conflict.value.code == "report_is_over"
    planned = create_closed_report(town.unit, category=town.category, outcome=Outcome.PLANNED)
    follow(planned.report_id)
    assert count(planned.report_id) == 1


def test_the_duplicate_of_what_was_withdrawn_is_followed_itself(case: Case, town: Town) -> None:
    second = create_case(town.unit, category=town.category)
    repeat(second, case, town)
    withdraw_report(case.report_id, actor=CITIZEN, city=the_city(), now=MONDAY)
    follow(second.report_id)
    assert (count(case.report_id), count(second.report_id)) == (0, 1)


def test_whoever_asks_is_given_and_spared_what_they_follow(case: Case) -> None:
    ask(case.report_id, "lan@example.com")
    ask(case.report_id, "minh@example.com", TABLET)
    confirm()
    by: dict[str, Any] = {
        "reason": "Đơn ngày 12/3",
        "actor": Actor(ActorKind.STAFF, None, Role.ADMINISTRATOR),
        "city": the_city(),
        "now": MONDAY,
    }
    archive = io.BytesIO()
    export_person("LAN@example.com", archive, **by)
    told = json.loads(zipfile.ZipFile(archive).read("data.json"))["followings"]
    assert [(one["report"], one["email"]) for one in told] == [(case.code, "lan@example.com")]
    erase_person("LAN@example.com", open_reports=OpenReports.LATER, **by)
    assert addresses(case.report_id) == ["minh@example.com"]
    assert count(case.report_id) == 2  # whoever it was is still counted
    with reading() as session:
        session.expire_all()
        gone = session.scalars(select(Follower).order_by(Follower.id)).first()
    assert gone is not None
    assert (gone.sealed, gone.email_index, gone.consented_at, gone.consent_version) == (
        *(None, None, None),
        "",
    )
    assert gone.device not in {PHONE, TABLET}


def test_a_new_key_seals_the_addresses_anew(case: Case) -> None:
    ask(case.report_id, "lan@example.com")
    old = the_city().seal
    new = Seal([secrets.token_urlsafe(32), *current_app.extensions["settings"].sealing_keys])
    city = replace(the_city(), seal=new)
    for _step in rotate_keys(city=city, now=MONDAY):
        pass
    with reading() as session:
        follower = session.scalars(select(Follower)).one()
        assert follower.sealed is not None
        assert new.is_newest(follower.sealed)
        assert not old.is_newest(follower.sealed)
        assert address_of(follower, city=city) == "lan@example.com"
