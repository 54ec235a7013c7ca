"""Monthly tables of ratings are published once, and stay as they were published."""

from datetime import UTC, datetime, timedelta

import pytest

from feedback.domain.states import RatingLevel
from feedback.operations.publish_ratings import publish_ratings
from feedback.operations.rate_report import rate_report
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.transaction import reading
from feedback.storage.models import PublishedRatings, Unit
from tests.factories import (
    MONDAY,
    Case,
    create_answered_case,
    create_unit,
    create_working_week,
    the_city,
)

pytestmark = pytest.mark.usefixtures("app_context")
DAY = timedelta(days=1)
APRIL_8 = datetime(2026, 4, 8, 2, tzinfo=UTC)


def create_rated(unit: Unit, level: RatingLevel, times: int) -> list[Case]:
    cases = [create_answered_case(unit, now=MONDAY) for _ in range(times)]
    for case in cases:
        rate(case, level, MONDAY + DAY)
    return cases


def rate(case: Case, level: RatingLevel, now: datetime) -> None:
    rate_report(case.report_id, level=level, city=the_city(), now=now)


def publish(now: datetime) -> dict[str, PublishedRatings]:
    refresh_statistics(city=the_city(), now=now)
    publish_ratings(city=the_city(), now=now)
    with reading() as session:
        found = {row.month: row for row in session.query(PublishedRatings)}
        session.expunge_all()
    return found


def test_a_month_is_published_a_week_after_its_end_with_small_units_hidden() -> None:
    create_working_week()
    large, other, small = create_unit("A"), create_unit("B"), create_unit("C")
    create_rated(large, RatingLevel.SATISFIED, 9)
    create_rated(other, RatingLevel.SATISFIED, 6)
    create_rated(small, RatingLevel.SATISFIED, 2)
    assert publish(APRIL_8 - DAY) == {}
    row = publish(APRIL_8 + DAY)["2026-03"]
    assert row.tables["city"] == [17, 0, 0]
    assert row.tables["unit"] == {
        f"unit:{large.id}": [9, 0, 0], f"unit:{other.id}": None, f"unit:{small.id}": None,
    }  # fmt: skip


def test_somebody_who_rates_anew_changes_nothing_that_was_published() -> None:
    create_working_week()
    (case, *_others) = create_rated(create_unit("A"), RatingLevel.SATISFIED, 6)
    before = publish(APRIL_8 + DAY)["2026-03"]
    rate(case, RatingLevel.DISSATISFIED, APRIL_8 + DAY)
    after = publish(APRIL_8 + 2 * DAY)["2026-03"]
    assert (after.tables, after.published_at) == (before.tables, before.published_at)
