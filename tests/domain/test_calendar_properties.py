"""Working time against an obvious implementation that walks minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback.domain.calendar import Block, Calendar, DayException, DayKind
from tests.domain.calendars import BERLIN, HUE

MINUTE = timedelta(minutes=1)
ZONES = [HUE, BERLIN, ZoneInfo("America/Havana"), ZoneInfo("Australia/Lord_Howe")]
# New year, and both changes of the clock of Berlin, Havana (midnight), Lord Howe (half an hour)
DAYS = [
    date(2024, 12, 30),
    date(2025, 3, 8),
    date(2025, 3, 29),
    date(2025, 10, 25),
    date(2025, 11, 1),
]
DAYS += [date(2025, 4, 5), date(2025, 10, 4), date(2025, 6, 5)]


@st.composite
def hours(draw: st.DrawFn) -> tuple[Block, ...]:
    """None to three blocks of a day, in order."""
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(Block(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A week of random hours with random exceptional days round the days looked at."""
    weekly = tuple(draw(hours()) for _ in range(7))
    near = st.builds(
        lambda day, n: day + timedelta(days=n), st.sampled_from(DAYS), st.integers(0, 4)
    )
    changed = draw(st.dictionaries(near, hours(), max_size=4))
    exceptions = {
        day: DayException(day, DayKind.CLOSURE, blocks, "a day", "a notice")
        for day, blocks in changed.items()
    }
    return Calendar(weekly, exceptions, draw(st.sampled_from(ZONES)), 1)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A moment with seconds in the four days from one of the days looked at."""
    start = datetime.combine(draw(st.sampled_from(DAYS)), datetime.min.time(), UTC)
    return start + timedelta(seconds=draw(st.integers(0, 4 * 86_400)))


def is_worked(calendar: Calendar, moment: datetime) -> bool:
    """The definition: the wall clock stands inside a block of the local day."""
    local = moment.astimezone(calendar.zone)
    minute = local.hour * 60 + local.minute
    blocks = calendar.blocks_on(local.date())
    return any(block.start_minute <= minute < block.end_minute for block in blocks)


def obvious_minutes_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Walk from the start to the end and count the worked minutes."""
    walker, count = start.replace(second=0), 0
    while walker < end.replace(second=0):
        count += is_worked(calendar, walker)
        walker += MINUTE
    return count


@settings(max_examples=40, deadline=None)
@given(calendars(), moments(), st.integers(0, 4 * 86_400))
def test_counted_minutes_are_those_one_finds_by_walking(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    end = start + timedelta(seconds=seconds)
    counted = calendar.working_minutes_between(start, end)
    assert counted == obvious_minutes_between(calendar, start, end)


@settings(max_examples=40, deadline=None)
@given(calendars(), moments(), moments(), moments())
def test_minutes_of_two_spans_that_meet_add_up(
    calendar: Calendar, a: datetime, b: datetime, c: datetime
) -> None:
    a, b, c = sorted((a, b, c))
    parts = calendar.working_minutes_between(a, b) + calendar.working_minutes_between(b, c)
    assert parts == calendar.working_minutes_between(a, c)


@settings(max_examples=40, deadline=None)
@given(calendars(), moments(), st.integers(1, 3000))
def test_added_minutes_are_found_again_and_the_minute_before_is_too_early(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    assume(any(calendar.weekly))
    end = calendar.add_working_minutes(start, minutes)
    assert calendar.working_minutes_between(start, end) == minutes
    assert calendar.working_minutes_between(start, end - MINUTE) == minutes - 1


@settings(max_examples=40, deadline=None)
@given(calendars(), moments(), st.integers(0, 1500), st.integers(0, 1500))
def test_adding_twice_is_adding_the_sum(
    calendar: Calendar, start: datetime, first: int, second: int
) -> None:
    assume(any(calendar.weekly))
    in_two_steps = calendar.add_working_minutes(calendar.add_working_minutes(start, first), second)
    assert in_two_steps == calendar.add_working_minutes(start, first + second)


@settings(max_examples=40, deadline=None)
@given(calendars(), st.sampled_from(DAYS), st.integers(1, 10))
def test_the_nth_working_day_has_n_working_days_up_to_it(
    calendar: Calendar, day: date, n: int
) -> None:
    assume(any(calendar.weekly))
    found = calendar.nth_working_day_after(day, n)
    days = [day + timedelta(days=k) for k in range(1, (found - day).days + 1)]
    assert sum(calendar.is_working_day(one) for one in days) == n
    assert calendar.is_working_day(found)


@settings(max_examples=40, deadline=None)
@given(calendars(), st.sampled_from(DAYS), st.integers(0, 4))
def test_the_end_of_a_working_day_follows_its_last_worked_minute(
    calendar: Calendar, day: date, later: int
) -> None:
    day += timedelta(days=later)
    midnight = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=14)
    walked = [midnight + n * MINUTE for n in range(54 * 60)]
    worked = [m for m in walked if calendar.local_day(m) == day and is_worked(calendar, m)]
    assert calendar.is_working_day(day) == bool(worked)
    if worked:
        assert calendar.end_of_working_day(day) == worked[-1] + MINUTE
