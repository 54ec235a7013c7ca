"""Deadlines by table, among them the dates of real cases of Huế."""

from datetime import UTC, datetime, timedelta

import pytest

from feedback.domain.calendar import NoWorkingTime
from feedback.domain.deadlines import (
    ServiceLevelTerms,
    TimeLeft,
    clock_minutes_between,
    due_after_waiting,
    original_due,
    time_left,
    waited_minutes,
    waiting_ends_at,
)
from feedback.domain.errors import Invalid
from feedback.domain.states import Clock
from tests.domain.calendars import (
    HUE,
    NINE_TO_FIVE,
    create_calendar,
    create_vietnamese_calendar,
)

CALENDAR = create_vietnamese_calendar()


def at(text: str) -> datetime:
    """The UTC moment at which Huế's clock shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=HUE).astimezone(UTC)


def create_terms(
    *,
    clock: Clock = Clock.WORKING,
    resolve_days: int | None = None,
    resolve_minutes: int | None = None,
    waiting_limit_minutes: int = 960,
) -> ServiceLevelTerms:
    """A service level; seven working days unless told otherwise."""
    if resolve_minutes is None and resolve_days is None:
        resolve_days = 7
    return ServiceLevelTerms(
        clock=clock,
        accept_minutes=240,
        resolve_days=resolve_days,
        resolve_minutes=resolve_minutes,
        waiting_limit_minutes=waiting_limit_minutes,
        approval_needed=True,
        evidence_needed=True,
    )


SEVEN_DAYS = create_terms()
FOUR_HOURS = create_terms(clock=Clock.ROUND_THE_CLOCK, resolve_minutes=240)

# Facts of public pages: case, sent, due, working days from the day sent to the day due, and the
# days from sending to the dispatch that a term of seven working days implies.
REAL_CASES = [
    (10186, "2019-09-02 15:44", "2019-09-12", 8, 1),  # sent on a holiday
    (32684, "2021-01-05 16:17", "2021-01-14", 7, 0),
    (32874, "2021-01-10 01:11", "2021-01-20", 8, 1),
    (33274, "2021-01-17 08:25", "2021-01-27", 8, 1),
    (34974, "2021-02-21 19:37", "2021-03-03", 8, 1),
    (41584, "2021-05-28 07:42", "2021-06-23", 18, 17),  # looks like an extension
    (41778, "2021-05-31 14:11", "2021-06-11", 9, 2),
    (42491, "2021-06-11 18:22", "2021-06-24", 9, 4),
    (49230, "2021-09-12 22:08", "2021-09-22", 8, 1),
    (54632, "2021-11-07 16:20", "2021-11-18", 9, 2),
    (69906, "2022-05-09 10:55", "2022-05-18", 7, 0),
    (92663, "2022-11-22 13:23", "2022-12-02", 8, 1),
    (99124, "2023-01-21 19:30", "2023-02-06", 7, 0),  # Tết, day 0 is a day off
    (99124, "2023-01-21 19:30", "2023-02-06", 7, -2),  # the last working day before it: the same
    (124143, "2023-11-28 07:40", "2023-12-07", 7, 0),
    (154083, "2024-08-09 11:15", "2024-08-20", 7, 0),
    (155411, "2024-08-19 17:32", "2024-08-29", 8, 1),
    (155485, "2024-08-20 11:01", "2024-08-29", 7, 0),
    (165657, "2024-10-27 15:57", "2024-11-06", 8, 1),
    (190923, "2025-06-17 09:29", "2025-06-26", 7, 0),
    (192368, "2025-07-01 16:28", "2025-07-10", 7, 0),
    (194290, "2025-07-18 17:46", "2025-07-29", 7, 0),
    (197854, "2025-08-23 18:28", "2025-09-05", 8, 2),  # over 2 September
    (198568, "2025-08-31 12:13", "2025-09-12", 8, 3),  # over 2 September
    (202546, "2025-10-06 05:53", "2025-10-15", 7, 0),
    (205948, "2025-10-31 22:01", "2025-11-12", 8, 3),
    (207603, "2025-11-16 10:31", "2025-11-26", 8, 1),
    (208079, "2025-11-21 10:53", "2025-12-02", 7, 0),
    (216935, "2026-03-02 19:17", "2026-03-11", 7, 0),
]


@pytest.mark.parametrize(("case", "sent", "due", "working_days", "lag"), REAL_CASES)
def test_real_cases_of_hue_are_due_seven_working_days_after_their_dispatch(
    case: int, sent: str, due: str, working_days: int, lag: int
) -> None:
    sent_at, due_day = at(sent), at(due).astimezone(HUE).date()
    assert CALENDAR.working_days_between(CALENDAR.local_day(sent_at), due_day) == working_days
    promised = original_due(SEVEN_DAYS, CALENDAR, sent_at + timedelta(days=lag))
    assert promised == at(f"{due} 17:00")


@pytest.mark.parametrize(
    ("started", "days", "due"),
    [
        ("2025-06-02 09:00", 1, "2025-06-03 17:00"),
        ("2025-06-02 23:59", 1, "2025-06-03 17:00"),  # any hour of day 0 counts the same
        ("2025-06-03 00:00", 1, "2025-06-04 17:00"),
        ("2025-06-07 10:00", 1, "2025-06-09 17:00"),  # day 0 is a Saturday
        ("2025-06-08 10:00", 1, "2025-06-09 17:00"),
        ("2023-01-19 10:00", 7, "2023-02-06 17:00"),  # Tết 2023
        ("2025-08-27 10:00", 7, "2025-09-09 17:00"),  # 2 September
        ("2024-04-26 10:00", 2, "2024-05-03 17:00"),  # five days off …
        ("2024-04-26 10:00", 3, "2024-05-04 17:00"),  # … and the Saturday worked for one
        ("2026-01-09 10:00", 1, "2026-01-10 17:00"),
    ],
)
def test_days_are_due_at_the_end_of_the_last_working_day(started: str, days: int, due: str) -> None:
    assert original_due(create_terms(resolve_days=days), CALENDAR, at(started)) == at(due)


def test_eight_working_hours_from_friday_at_four_end_on_monday_at_four() -> None:
    calendar = create_calendar(hours=NINE_TO_FIVE)
    terms = create_terms(resolve_minutes=8 * 60)
    assert original_due(terms, calendar, at("2025-06-06 16:00")) == at("2025-06-09 16:00")


def test_the_round_the_clock_clock_knows_no_night_and_no_holiday() -> None:
    assert original_due(FOUR_HOURS, CALENDAR, at("2025-09-01 22:00:30")) == at("2025-09-02 02:00")
    assert clock_minutes_between(
        Clock.ROUND_THE_CLOCK, CALENDAR, at("2025-09-01 22:00:30"), at("2025-09-02 02:00:29")
    ) == 240  # fmt: skip


def test_the_round_the_clock_clock_never_runs_backwards() -> None:
    later, earlier = at("2025-09-02 10:00"), at("2025-09-02 09:00")
    assert clock_minutes_between(Clock.ROUND_THE_CLOCK, CALENDAR, later, earlier) == 0


@pytest.mark.parametrize(
    ("since", "until", "already", "waited"),
    [
        ("2025-06-02 16:00", "2025-06-03 08:30", 0, 120),
        ("2025-06-06 17:00", "2025-06-09 07:30", 0, 0),  # a weekend is no waiting
        ("2025-06-02 07:30", "2025-06-05 07:30", 0, 960),  # up to the limit
        ("2025-06-02 07:30", "2025-06-05 07:30", 900, 60),
        ("2025-06-02 07:30", "2025-06-05 07:30", 960, 0),
        ("2025-06-02 07:30", "2025-06-05 07:30", 2000, 0),  # a limit that was lowered since
        ("2025-06-02 08:30", "2025-06-02 08:00", 0, 0),
    ],
)
def test_waiting_counts_on_the_levels_clock_up_to_its_limit(
    since: str, until: str, already: int, waited: int
) -> None:
    assert waited_minutes(SEVEN_DAYS, CALENDAR, at(since), at(until), already) == waited


@pytest.mark.parametrize(
    ("since", "already", "ends"),
    [
        ("2025-06-02 07:30", 0, "2025-06-03 17:00"),
        ("2025-06-05 16:00", 0, "2025-06-09 16:00"),
        ("2025-06-05 16:00", 900, "2025-06-05 17:00"),
        ("2025-06-07 10:00", 960, "2025-06-07 10:00"),  # nothing left: it ends as it begins
    ],
)
def test_waiting_ends_by_itself_when_the_limit_is_used_up(
    since: str, already: int, ends: str
) -> None:
    ends_at = waiting_ends_at(SEVEN_DAYS, CALENDAR, at(since), already)
    assert ends_at == at(ends)
    waited = waited_minutes(SEVEN_DAYS, CALENDAR, at(since), ends_at, already)
    assert waited == 960 - already


def test_waiting_puts_the_due_moment_off_on_the_levels_clock() -> None:
    due = at("2025-06-06 17:00")
    assert due_after_waiting(SEVEN_DAYS, CALENDAR, due, 0) == due
    assert due_after_waiting(SEVEN_DAYS, CALENDAR, due, 90) == at("2025-06-09 09:00")
    assert due_after_waiting(FOUR_HOURS, CALENDAR, due, 90) == at("2025-06-06 18:30")


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("2025-06-02 10:00", "2025-06-02 17:00", TimeLeft(False, Clock.WORKING, 0, 330)),
        ("2025-06-02 17:00", "2025-06-02 17:00", TimeLeft(False, Clock.WORKING, 0, 0)),
        ("2025-06-02 17:00:01", "2025-06-02 17:00", TimeLeft(True, Clock.WORKING, 0, 0)),
        ("2025-06-06 16:00", "2025-06-10 17:00", TimeLeft(False, Clock.WORKING, 2, 1020)),
        ("2025-06-08 12:00", "2025-06-06 17:00", TimeLeft(True, Clock.WORKING, 0, 0)),
        ("2025-06-10 07:30", "2025-06-06 17:00", TimeLeft(True, Clock.WORKING, 2, 480)),
    ],
)
def test_time_left_on_the_working_clock(now: str, due: str, expected: TimeLeft) -> None:
    assert time_left(Clock.WORKING, CALENDAR, at(now), at(due)) == expected


def test_time_left_round_the_clock_is_told_in_minutes_alone() -> None:
    left = time_left(
        Clock.ROUND_THE_CLOCK, CALENDAR, at("2025-06-06 17:00"), at("2025-06-09 17:00")
    )
    assert left == TimeLeft(False, Clock.ROUND_THE_CLOCK, 0, 3 * 1440)


@pytest.mark.parametrize(
    ("clock", "days", "minutes"),
    [
        (Clock.WORKING, None, None),
        (Clock.WORKING, 7, 60),
        (Clock.WORKING, 0, None),
        (Clock.WORKING, None, 0),
        (Clock.ROUND_THE_CLOCK, 7, None),
    ],
)
def test_terms_that_contradict_themselves_are_refused(
    clock: Clock, days: int | None, minutes: int | None
) -> None:
    with pytest.raises(Invalid):
        ServiceLevelTerms(clock, 240, days, minutes, 0, approval_needed=True, evidence_needed=True)


def test_a_calendar_without_work_gives_no_deadline() -> None:
    with pytest.raises(NoWorkingTime):
        original_due(SEVEN_DAYS, create_calendar(hours=()), at("2025-06-02 08:00"))
