"""The schedule: its moments, in the city's time, and what it promises."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedback.domain.events import SUBSCRIPTIONS, Event
from feedback.jobs.schedule import SCHEDULE, Daily, Every
from feedback.operations.fire_schedule import fire_schedule
from tests.factories import MONDAY, the_city
from tests.operations.outbox_rows import work

HUE = ZoneInfo("Asia/Ho_Chi_Minh")


def test_every_minute_is_a_whole_minute() -> None:
    now = datetime(2026, 3, 2, 1, 30, 59, 999, tzinfo=UTC)
    assert Every(timedelta(minutes=1)).latest(now, HUE) == now.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ((2026, 3, 2, 16, 59, 59), (2026, 3, 1, 17)),
        ((2026, 3, 2, 17, 0, 0), (2026, 3, 2, 17)),
        ((2026, 3, 3, 16, 0, 0), (2026, 3, 2, 17)),
    ],
)
def test_a_day_ends_at_the_citys_own_midnight(
    now: tuple[int, ...], midnight: tuple[int, ...]
) -> None:
    daily = Daily(time(0, 0))
    assert daily.latest(datetime(*now, tzinfo=UTC), HUE) == datetime(*midnight, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_day_begins_on_time_where_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = datetime(2026, 3, 29, 21, 59, tzinfo=UTC)  # 23:59 in summer time
    assert Daily(time(0, 0)).latest(spring, berlin) == datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_lines_have_names_of_their_own_and_somebody_who_listens() -> None:
    assert len({line.name for line in SCHEDULE}) == len(SCHEDULE)
    assert all(SUBSCRIPTIONS[line.event] for line in SCHEDULE)


@pytest.mark.usefixtures("app_context")
def test_moments_missed_while_nothing_ran_come_to_one_event() -> None:
    def fire(moment: datetime) -> bool:
        payload = {"days": 40}
        return fire_schedule("rebuild", Event.REBUILD_WANTED, payload, moment, city=the_city())

    assert not fire(MONDAY)
    assert fire(MONDAY + timedelta(days=9))
    assert not fire(MONDAY + timedelta(days=9))
    assert not fire(MONDAY + timedelta(days=8))  # a relay whose clock is behind
    assert [row.payload for row in work()] == [{"days": 40}]
