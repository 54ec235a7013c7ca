"""Windows by name: the last days, months, quarters and years, and what each is compared with."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain.periods import (
    PeriodKind,
    Window,
    period_named,
    periods_since,
    periods_touched,
    periods_with,
)

TODAY = date(2026, 11, 28)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("name", "window", "before"),
    [
        ("7", ("2026-11-22", "2026-11-28"), ("2026-11-15", "2026-11-21")),
        ("2026-10", ("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        ("2026-11", ("2026-11-01", "2026-11-28"), ("2026-10-01", "2026-10-28")),
        ("2026-01", ("2026-01-01", "2026-01-31"), ("2025-12-01", "2025-12-31")),
        ("2026-Q3", ("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")),
        ("2026-Q4", ("2026-10-01", "2026-11-28"), ("2026-07-01", "2026-08-28")),
        ("2025", ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
        ("2026", ("2026-01-01", "2026-11-28"), ("2025-01-01", "2025-11-28")),
    ],
)
def test_what_is_not_over_is_compared_with_as_many_days_before(
    name: str, window: tuple[str, str], before: tuple[str, str]
) -> None:
    period = period_named(name, TODAY)
    assert period.window == Window(*map(date.fromisoformat, window))
    assert period.before == Window(*map(date.fromisoformat, before))
    assert period.over == (period.window.last < TODAY)


def test_a_long_month_passing_is_compared_with_the_whole_of_a_short_one() -> None:
    assert period_named("2026-03", date(2026, 3, 30)).before == Window(
        date(2026, 2, 1), date(2026, 2, 28)
    )


@pytest.mark.parametrize("name", ["", "8", "2026-13", "2026-Q5", "2026-12", "2027", "x", "1999"])
def test_no_window_has_another_name_or_lies_ahead(name: str) -> None:
    with pytest.raises(ValueError, match=r"no window|not begun"):
        period_named(name, TODAY)


@given(days, days)
def test_a_day_lies_in_one_month_one_quarter_and_one_year(one: date, other: date) -> None:
    day, today = sorted((one, other))
    found = list(periods_with(day, today))
    assert {period.kind for period in found} == set(PeriodKind) - {PeriodKind.ROLLING}
    for period in found:
        assert day in period.window
        assert period_named(period.name, today) == period


@given(days, st.integers(0, 900))
def test_months_quarters_and_years_follow_each_other_without_a_gap(
    first: date, length: int
) -> None:
    today = first + timedelta(days=length)
    found = periods_since(first, today)
    for kind in set(PeriodKind) - {PeriodKind.ROLLING}:
        some = [period.window for period in found if period.kind is kind]
        assert first in some[0]
        assert some[-1].last == today or today in some[-1]
        for earlier, later in pairwise(some):
            assert later.first - earlier.last == timedelta(days=1)


@given(days, days)
def test_every_window_that_shows_a_day_is_touched_by_it(one: date, other: date) -> None:
    day, today = sorted((one, other))
    touched = {period.name for period in periods_touched(day, today)}
    for period in periods_since(day - timedelta(days=400), today):
        if day in period.window or day in period.before:
            assert period.name in touched
