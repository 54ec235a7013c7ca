"""The window one year earlier has the figures the engine would give it, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feedback.domain.comparisons import year_earlier
from feedback.domain.measures import CITY, Figure
from feedback.domain.periods import period_named
from feedback.domain.windows import WindowFigures
from feedback.operations.compare_with_year import compare_with_year
from feedback.operations.ready_rows import ready_figures, standing_by_scope
from feedback.operations.reference import working_calendar
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.transaction import reading
from feedback.storage.queries import statistics
from tests.factories import MONDAY, create_report, the_city
from tests.operations.test_statistics import create_busy_weeks

pytestmark = pytest.mark.usefixtures("app_context")
DAY = timedelta(days=1)
A_YEAR_ON = MONDAY + 380 * DAY


def refresh(now: datetime) -> None:
    refresh_statistics(city=the_city(), now=now)


def test_every_figure_of_the_year_before_is_the_engines() -> None:
    create_report(now=MONDAY - 80 * DAY)
    create_busy_weeks()
    told: list[WindowFigures] = []
    for now, names in (
        (A_YEAR_ON, ("7", "30", "2027-03", "2027-Q1")),
        (A_YEAR_ON + 20 * DAY, ("90", "2027-03", "2027-Q1")),
    ):
        refresh(now)
        for name in names:
            for scope, by in (
                (CITY, None), (CITY, "unit"), ("unit:1", "category"), ("category:2", "unit"),
            ):  # fmt: skip
                told += figures_like_the_engines(name, scope, by, now)
    assert any(figures.count(Figure.CLOSED) for figures in told)
    assert any(figures.backlog.count for figures in told)
    assert any(speed.open for figures in told for speed in figures.speeds.values())


def figures_like_the_engines(
    name: str, scope: str, by: str | None, now: datetime
) -> list[WindowFigures]:
    """The figures found, after they were held against those of the engine."""
    period = period_named(name, now.date())
    with reading() as session:
        found = compare_with_year(
            session, period=period, scope=scope, by=by, times=True, city=the_city()
        )
        assert found.figures
        calendar = working_calendar(session, the_city())
        at = standing_by_scope(statistics.running_reports(session), calendar, now)
        asked = {one: [replace(period, before=year_earlier(period))] for one in found.figures}
        engine = dict(ready_figures(session, calendar, asked, at, now))
    for one, figures in found.figures.items():
        told = engine[one].get(name)
        expected = WindowFigures.from_json(told["before"]) if told else None
        assert figures == expected or (expected is None and figures.empty), (name, one)
    return list(found.figures.values())


def test_a_year_that_was_not_counted_whole_is_no_comparison() -> None:
    create_busy_weeks()
    refresh(A_YEAR_ON)
    period = period_named("30", A_YEAR_ON.date())
    with reading() as session:
        found = compare_with_year(
            session, period=period, scope=CITY, by=None, times=False, city=the_city()
        )
    assert found.figures is None
    assert found.of(CITY) is None
