"""Which reports are due, and what a document says beside the figures themselves."""

from datetime import date

import pytest

from feedback.domain.backlog import Backlog
from feedback.domain.measures import Figure
from feedback.domain.period_reports import (
    Named,
    count_in,
    differences,
    document_of,
    periods_to_report,
    scope_in,
)
from feedback.domain.periods import period_named
from feedback.domain.windows import WindowFigures

NOVEMBER = period_named("2026-11", date(2026, 12, 1))


def figures(**counts: int) -> WindowFigures:
    told = {Figure(name): count for name, count in counts.items()}
    return WindowFigures(told, {}, Backlog(date(2026, 11, 30), {date(2026, 11, 2): 3}))


def named(scope: str, key: int, now: WindowFigures, before: WindowFigures | None = None) -> Named:
    return Named(scope, key, f"Đơn vị {key}", "", "", now, before)


@pytest.mark.parametrize(
    ("first", "today", "names"),
    [
        ((2026, 3, 5), (2026, 11, 1), ["2026-10", "2026-Q3"]),
        ((2025, 3, 5), (2026, 1, 1), ["2025-12", "2025-Q4", "2025"]),
        ((2026, 3, 5), (2026, 4, 1), ["2026-03", "2026-Q1"]),
        ((2026, 3, 5), (2026, 3, 31), []),
        ((2026, 4, 1), (2026, 4, 30), []),
    ],
)
def test_the_latest_periods_that_are_over_are_due_once_there_was_something(
    first: tuple[int, int, int], today: tuple[int, int, int], names: list[str]
) -> None:
    assert [one.name for one in periods_to_report(date(*first), date(*today))] == names


def test_a_document_holds_every_scope_with_what_it_is_judged_by() -> None:
    large = figures(due_original=60, due_original_on_time=57, rated=4, rated_satisfied=3)
    small = figures(due_original=40, due_original_on_time=8)
    before = figures(due_original=50, due_original_on_time=25)
    whole = figures(due_original=100, due_original_on_time=65, rated=4, rated_satisfied=3)
    units = [named("unit:2", 2, small, before), named("unit:1", 1, large, before)]

    told = document_of(NOVEMBER, named("city", 0, whole), {"unit": units}, [], 450)

    assert [one["id"] for one in told["parts"]["unit"]] == [1, 2]
    first, second = (one["judged"]["on_time_original"] for one in told["parts"]["unit"])
    assert (first["standing"], second["standing"]) == ("above", "below")
    assert first["own"] + first["mix"] + second["own"] + second["mix"] == pytest.approx(0.15)
    assert told["whole"]["values"]["satisfied"] == {"denominator": 4, "hidden": True}
    assert count_in(told["whole"], Figure.RATED_SATISFIED) is None
    assert count_in(told["whole"], Figure.DUE_ORIGINAL) == 100
    assert count_in(told["whole"], Figure.CLOSED) == 0
    assert scope_in(told, "unit:2") is told["parts"]["unit"][1]
    assert scope_in(told, "unit:9") is None


def test_what_would_be_told_otherwise_today_is_named() -> None:
    told = document_of(NOVEMBER, named("city", 0, figures(received=9, closed=4)), {}, [], 450)
    assert differences(told["whole"], figures(received=9, closed=4)) == {}
    assert differences(told["whole"], figures(received=8, closed=4)) == {"received": {"count": 8}}
