"""Followers' addresses are forgotten when nobody needs them any more; how many they were stays."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from feedback.domain.actors import CITIZEN
from feedback.domain.histories import HistoryKind
from feedback.domain.states import ReportState
from feedback.domain.transitions import Need
from feedback.operations.apply_retention import apply_retention
from feedback.operations.follow_report import ask_for_news, confirm_news
from feedback.operations.followers import CONFIRM_WITHIN
from feedback.operations.transaction import reading
from feedback.operations.withdraw_report import withdraw_report
from feedback.storage.models import Follower
from feedback.storage.queries import followers
from tests.factories import MONDAY, Case, create_case, the_city
from tests.operations.lives import Town, load, steps

DAY = timedelta(days=1)
KEPT = 90


def follow(case: Case, *, device: str = "a" * 64, confirmed: bool = True) -> None:
    """Somebody wants news of a report."""
    how = {"consent_version": "1", "language": "vi", "city": the_city(), "now": MONDAY}
    ask_for_news(case.report_id, device=device, email=f"{device[0]}@example.com", **how)
    with reading() as session:
        token = session.scalars(select(Follower.token).order_by(Follower.id.desc())).first()
    if confirmed:
        confirm_news(token or "", city=the_city(), now=MONDAY)


def with_addresses() -> list[str]:
    """The devices whose addresses are known."""
    with reading() as session:
        session.expire_all()
        found = select(Follower.device).where(Follower.sealed.is_not(None)).order_by(Follower.id)
        return list(session.scalars(found))


def count(case: Case) -> int:
    with reading() as session:
        return followers.counts(session, [case.report_id]).get(case.report_id, 0)


def retain(at: datetime) -> None:
    """The nightly job, where reports without days of their own are kept for three months."""
    apply_retention(city=replace(the_city(), retention_days=KEPT), now=at)


def test_an_address_nobody_confirmed_is_forgotten_after_some_days(town: Town) -> None:
    case = create_case(town.unit, category=town.category)
    follow(case, device="a" * 64)
    follow(case, device="b" * 64, confirmed=False)
    retain(MONDAY + CONFIRM_WITHIN)
    assert with_addresses() == ["a" * 64, "b" * 64]
    retain(MONDAY + CONFIRM_WITHIN + DAY)
    assert with_addresses() == ["a" * 64]
    assert count(case) == 2
    with reading() as session:
        gone = session.scalars(select(Follower).where(Follower.sealed.is_(None))).one()
        assert (gone.email_index, gone.consented_at, gone.consent_version) == (None, None, "")
        assert gone.device == "b" * 64  # who sees it too may still take that back


def test_what_was_kept_long_enough_has_no_followers_addresses_left(town: Town) -> None:
    case = create_case(town.unit, category=town.category)
    follow(case)
    withdraw_report(case.report_id, actor=CITIZEN, city=the_city(), now=MONDAY + DAY)
    retain(MONDAY + KEPT * DAY)
    assert with_addresses() == ["a" * 64]
    retain(MONDAY + (KEPT + 2) * DAY)
    assert load(case.report_id).anonymised_at is not None
    assert with_addresses() == []
    assert count(case) == 1
    with reading() as session:
        assert session.scalars(select(Follower.device)).one() != "a" * 64


def test_who_follows_a_duplicate_hears_of_its_root_however_long_that_takes(town: Town) -> None:
    root = create_case(town.unit, category=town.category)
    second = create_case(town.unit, category=town.category)
    follow(second)
    with steps(second.report_id, town.as_dispatcher, MONDAY) as life:
        life.report.root_id = root.report_id
        life.move_report(
            ReportState.DUPLICATE, HistoryKind.MARKED_DUPLICATE, given={Need.ROOT}, public=True
        )
    retain(MONDAY + (KEPT + 2) * DAY)
    assert load(second.report_id).anonymised_at is not None
    assert with_addresses() == ["a" * 64]
    withdraw_report(root.report_id, actor=CITIZEN, city=the_city(), now=MONDAY + (KEPT + 3) * DAY)
    retain(MONDAY + (KEPT + 4) * DAY)
    assert with_addresses() == []


@pytest.mark.usefixtures("town")
def test_nothing_to_forget_is_no_mistake() -> None:
    retain(MONDAY)
    assert with_addresses() == []
