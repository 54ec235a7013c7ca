"""Which days the same window one year earlier has."""

from datetime import date

import pytest

from feedback.domain.comparisons import year_earlier
from feedback.domain.periods import Window, period_named

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        ("30", TODAY, date(2025, 10, 30), date(2025, 11, 28)),
        ("7", date(2028, 2, 29), date(2027, 2, 22), date(2027, 2, 28)),
        ("365", TODAY, date(2024, 11, 29), date(2025, 11, 28)),
        ("2026-11", TODAY, date(2025, 11, 1), date(2025, 11, 28)),
        ("2026-Q4", TODAY, date(2025, 10, 1), date(2025, 11, 28)),
        ("2026-10", TODAY, date(2025, 10, 1), date(2025, 10, 31)),
        ("2025-02", TODAY, date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02", TODAY, date(2023, 2, 1), date(2023, 2, 28)),
        ("2028-02", date(2028, 2, 28), date(2027, 2, 1), date(2027, 2, 28)),
        ("2025", TODAY, date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_window_one_year_earlier(name: str, today: date, first: date, last: date) -> None:
    assert year_earlier(period_named(name, today)) == Window(first, last)
