"""Working time by table."""

from datetime import UTC, date, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from feedback.domain.calendar import Block, Calendar, DayException, DayKind, NoWorkingTime
from feedback.domain.errors import Invalid
from tests.domain.calendars import (
    BERLIN,
    HUE,
    NINE_TO_FIVE,
    TWO_BLOCKS,
    create_calendar,
    create_day,
    create_vietnamese_calendar,
)


def at(text: str, zone: ZoneInfo = HUE, fold: int = 0) -> datetime:
    """The UTC moment at which a city's clock shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2025-06-02 07:30", "2025-06-02 17:00", 480),  # a whole day
        ("2025-06-02 11:00", "2025-06-02 13:30", 60),  # over lunch
        ("2025-06-02 11:30", "2025-06-02 13:00", 0),  # only lunch
        ("2025-06-02 16:59", "2025-06-03 07:31", 2),
        ("2025-06-06 16:00", "2025-06-09 08:30", 120),  # over a weekend
        ("2025-06-07 00:00", "2025-06-08 23:59", 0),  # only the weekend
        ("2025-06-02 08:00:59", "2025-06-02 08:01:00", 1),  # the whole minute counts
        ("2025-06-02 08:00:00", "2025-06-02 08:00:59", 0),
        ("2025-06-03 08:00", "2025-06-02 08:00", 0),  # backwards
        ("2024-12-31 16:00", "2025-01-02 08:00", 90),  # over a year's end and its holiday
        ("2023-01-19 16:30", "2023-01-27 08:00", 60),  # over Tết
    ],
)
def test_working_minutes_between_two_moments(start: str, end: str, minutes: int) -> None:
    assert create_vietnamese_calendar().working_minutes_between(at(start), at(end)) == minutes


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2025-06-02 08:00", 60, "2025-06-02 09:00"),
        ("2025-06-02 08:00:59", 60, "2025-06-02 09:00"),
        ("2025-06-02 11:00", 30, "2025-06-02 11:30"),  # the block's end, not the next start
        ("2025-06-02 11:00", 31, "2025-06-02 13:01"),
        ("2025-06-02 12:00", 1, "2025-06-02 13:01"),
        ("2025-06-06 17:00", 480, "2025-06-09 17:00"),
        ("2025-06-07 10:00", 0, "2025-06-07 10:00"),  # nothing added, even on a Saturday
        ("2025-12-31 16:59", 2, "2026-01-05 07:31"),  # New Year and its swapped Friday
        ("2026-01-09 16:30", 60, "2026-01-10 08:00"),  # into the Saturday worked for it
        ("2024-05-03 17:00", 240, "2024-05-04 11:30"),
        ("2025-04-25 17:00", 481, "2025-04-28 07:31"),  # over the worked Saturday
    ],
)
def test_adding_working_minutes(start: str, minutes: int, end: str) -> None:
    assert create_vietnamese_calendar().add_working_minutes(at(start), minutes) == at(end)


def test_eight_hours_from_friday_afternoon_end_on_monday_afternoon() -> None:
    calendar = create_calendar(hours=NINE_TO_FIVE)
    due = calendar.add_working_minutes(at("2025-06-06 16:00"), 8 * 60)
    assert due == at("2025-06-09 16:00")
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2025, 6, 2), 1, date(2025, 6, 3)),
        (date(2025, 6, 7), 1, date(2025, 6, 9)),  # day 0 may be a Saturday
        (date(2023, 1, 19), 7, date(2023, 2, 6)),  # Tết 2023
        (date(2025, 8, 25), 7, date(2025, 9, 5)),  # 2 September
        (date(2026, 1, 8), 3, date(2026, 1, 12)),  # a worked Saturday is a working day
    ],
)
def test_counting_working_days_after_a_day(day: date, n: int, expected: date) -> None:
    assert create_vietnamese_calendar().nth_working_day_after(day, n) == expected


def test_a_closure_may_leave_the_morning() -> None:
    day = date(2025, 6, 3)
    closure = create_day(day, DayKind.CLOSURE, TWO_BLOCKS[:1])
    calendar = create_calendar(exceptions=[closure])
    assert calendar.is_working_day(day)
    assert calendar.blocks_on(day) == TWO_BLOCKS[:1]
    assert calendar.end_of_working_day(day) == at("2025-06-03 11:30")


def test_the_end_of_a_day_off_is_refused() -> None:
    with pytest.raises(Invalid, match="invalid") as refused:
        create_vietnamese_calendar().end_of_working_day(date(2025, 9, 2))
    assert refused.value.fields == {"day": "not_a_working_day"}


def test_work_until_midnight_ends_as_the_next_day_begins() -> None:
    calendar = create_calendar(hours=(Block(0, 1440),))
    assert calendar.end_of_working_day(date(2025, 6, 3)) == at("2025-06-04 00:00")
    assert calendar.add_working_minutes(at("2025-06-02 12:00"), 1440) == at("2025-06-03 12:00")


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at("2025-03-29 12:00", BERLIN), at("2025-03-31 12:00", BERLIN), 47 * 60),
        (at("2025-10-25 12:00", BERLIN), at("2025-10-27 12:00", BERLIN), 49 * 60),
        (at("2025-03-30 01:00", BERLIN), at("2025-03-30 03:00", BERLIN), 60),
        (at("2025-10-26 02:30", BERLIN), at("2025-10-26 02:30", BERLIN, fold=1), 60),
    ],
)
def test_summer_time_changes_the_minutes_of_a_night(
    start: datetime, end: datetime, minutes: int
) -> None:
    all_day = Calendar(((Block(0, 1440),),) * 7, {}, BERLIN, 1)
    assert all_day.working_minutes_between(start, end) == minutes
    assert all_day.add_working_minutes(start, minutes) == end


def test_office_hours_stay_on_the_wall_clock_when_summer_time_begins() -> None:
    calendar = create_calendar(hours=NINE_TO_FIVE, zone=BERLIN)
    friday = at("2025-03-28 16:00", BERLIN)
    assert calendar.end_of_working_day(date(2025, 3, 28)) == datetime(2025, 3, 28, 16, tzinfo=UTC)
    assert calendar.end_of_working_day(date(2025, 3, 31)) == datetime(2025, 3, 31, 15, tzinfo=UTC)
    assert calendar.add_working_minutes(friday, 480) == at("2025-03-31 16:00", BERLIN)


def test_hours_inside_a_skipped_hour_are_no_work() -> None:
    night = Calendar(((Block(120, 180),),) * 7, {}, BERLIN, 1)
    assert not night.is_working_day(date(2025, 3, 30))
    assert night.nth_working_day_after(date(2025, 3, 29), 1) == date(2025, 3, 31)


def test_a_calendar_without_work_is_an_error_not_an_endless_search() -> None:
    never = Calendar(((),) * 7, {}, HUE, 1)
    with pytest.raises(NoWorkingTime, match="no_working_time"):
        never.add_working_minutes(at("2025-06-02 08:00"), 1)
    with pytest.raises(NoWorkingTime, match="no_working_time"):
        never.nth_working_day_after(date(2025, 6, 2), 1)
    assert never.working_minutes_between(at("2025-06-02 08:00"), at("2027-06-02 08:00")) == 0


def test_two_closed_years_are_an_error_and_one_is_not() -> None:
    worked_day = date(2028, 6, 1)
    seldom = Calendar(
        ((),) * 7,
        {worked_day: create_day(worked_day, DayKind.SWAPPED_IN, NINE_TO_FIVE)},
        HUE,
        1,
    )
    assert seldom.add_working_minutes(at("2027-01-01 00:00"), 60) == at("2028-06-01 10:00")
    with pytest.raises(NoWorkingTime):
        seldom.add_working_minutes(at("2025-06-02 08:00"), 1)


@pytest.mark.parametrize(("start", "end"), [(-1, 10), (10, 10), (10, 5), (0, 1441)])
def test_hours_outside_the_day_are_refused(start: int, end: int) -> None:
    with pytest.raises(Invalid):
        Block(start, end)


def test_overlapping_hours_are_refused() -> None:
    with pytest.raises(Invalid):
        create_calendar(hours=(Block(0, 60), Block(59, 90)))


@pytest.mark.parametrize(
    ("kind", "blocks"), [(DayKind.SWAPPED_IN, ()), (DayKind.HOLIDAY, NINE_TO_FIVE)]
)
def test_hours_that_contradict_the_kind_of_day_are_refused(
    kind: DayKind, blocks: tuple[Block, ...]
) -> None:
    with pytest.raises(Invalid):
        create_day(date(2025, 6, 2), kind, blocks)


def test_an_exception_filed_under_another_day_is_refused() -> None:
    with pytest.raises(Invalid):
        Calendar(((),) * 7, {date(2025, 6, 2): create_day(date(2025, 6, 3))}, HUE, 1)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(Invalid):
        Calendar(((),) * 6, {}, HUE, 1)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(Invalid):
        create_calendar().add_working_minutes(at("2025-06-02 08:00"), -1)
    with pytest.raises(Invalid):
        create_calendar().nth_working_day_after(date(2025, 6, 2), 0)


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        create_calendar().working_minutes_between(
            datetime(2025, 6, 2, 8),  # noqa: DTZ001 - the mistake this test makes
            at("2025-06-02 09:00"),
        )


def test_equal_calendars_are_equal_and_keep_their_own_exceptions() -> None:
    days: dict[date, DayException] = {}
    calendar = Calendar(((),) * 7, days, HUE, 1)
    days[date(2025, 6, 2)] = create_day(date(2025, 6, 2), DayKind.SWAPPED_IN, NINE_TO_FIVE)
    assert not calendar.is_working_day(date(2025, 6, 2))
    assert calendar == Calendar(((),) * 7, {}, HUE, 1)
    assert hash(calendar) == hash(Calendar(((),) * 7, {}, HUE, 1))


def test_ten_thousand_long_spans_are_counted_quickly() -> None:
    calendar = create_vietnamese_calendar()
    start, end = at("2019-03-01 09:15"), at("2026-06-01 10:45")
    begun = perf_counter()
    counted = {calendar.working_minutes_between(start, end) for _ in range(10_000)}
    assert len(counted) == 1
    assert perf_counter() - begun < 2
