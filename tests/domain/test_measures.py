"""Figures merged from days equal a plain recomputation over history, for random lives."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.domain.histories import Entry
from feedback.domain.measures import (
    STANDING,
    DayFigures,
    Figure,
    contributions,
    open_minutes,
    scopes,
    standing,
)
from feedback.domain.states import Clock
from feedback.domain.timelines import facts
from feedback.domain.windows import OpenRounds, Window, WindowFigures, speed, window_figures
from tests.domain.calendars import create_vietnamese_calendar
from tests.support.lives import FIRST, cities, cities_at_a_moment
from tests.support.plain_measures import PlainMeasures

CALENDAR = create_vietnamese_calendar()
SCOPES = ("city", "unit:1", "unit:2", "category:1", "area:2", "unit:1/category:2")
moments = st.integers(0, 80 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes))


class DayRows:
    """Day rows and open rounds as the product keeps them, from histories in memory."""

    def __init__(self, histories: Sequence[Sequence[Entry]], as_of: datetime) -> None:
        self.days: dict[str, dict[date, DayFigures]] = defaultdict(lambda: defaultdict(DayFigures))
        self.rounds: dict[str, OpenRounds] = defaultdict(OpenRounds)
        self.standing: dict[str, Counter[Figure]] = defaultdict(Counter)
        for entries in histories:
            report = facts(entries, as_of)
            if report is None:
                continue
            for one in contributions(report, as_of, CALENDAR):
                for scope in scopes(one.unit_id, report.category_id, report.area_id):
                    self.days[scope][CALENDAR.local_day(one.moment)].add(one)
            own = scopes(report.unit_id, report.category_id, report.area_id)
            for one in standing(report, as_of, CALENDAR):
                for scope in own:
                    self.standing[scope][one.figure] += 1
            if under_way := open_minutes(report, as_of, CALENDAR):
                current, minutes = under_way
                for scope in own:
                    day = CALENDAR.local_day(current.started_at)
                    self.rounds[scope].add(day, current.clock, minutes)

    def window(self, scope: str, window: Window) -> WindowFigures:
        stored = {
            day: DayFigures.from_json(figures.to_json())
            for day, figures in self.days[scope].items()
        }
        return window_figures(stored, self.rounds[scope], window)


@settings(max_examples=250, deadline=None)
@given(cities_at_a_moment(CALENDAR), st.sampled_from([1, 2, 7, 30, 90]))
def test_every_figure_of_every_window_equals_the_plain_recomputation(
    city: tuple[list[list[Entry]], datetime], days: int
) -> None:
    histories, as_of = city
    rows, plain = DayRows(histories, as_of), PlainMeasures(histories, as_of, CALENDAR)
    window = Window.ending(CALENDAR.local_day(as_of), days)
    for scope in SCOPES:
        figures = rows.window(scope, window)
        for figure in Figure:
            counted = rows.standing[scope][figure] if figure in STANDING else figures.count(figure)
            expected = plain.cases(figure, scope, window.first, window.last)
            assert counted == len(expected), (scope, figure)
        for clock in Clock:
            finished = plain.finished_minutes(clock, scope, window.first, window.last)
            still_open = plain.open_minutes(clock, scope, window.first, window.last)
            assert figures.speeds[clock] == speed(Counter(finished), Counter(still_open))


@settings(max_examples=50, deadline=None)
@given(cities(CALENDAR), moments, moments)
def test_what_happens_later_changes_nothing_of_an_earlier_moment(
    histories: list[list[Entry]], one: datetime, other: datetime
) -> None:
    as_of, later = sorted((one, other))
    for entries in histories:
        known_later = [entry for entry in entries if entry.at <= later]
        assert facts(entries, as_of) == facts(known_later, as_of)


@settings(max_examples=50, deadline=None)
@given(cities(CALENDAR), moments)
def test_a_window_is_the_sum_of_its_days_in_any_order(
    histories: list[list[Entry]], as_of: datetime
) -> None:
    rows = DayRows(histories, as_of)
    window = Window.ending(CALENDAR.local_day(as_of), 30)
    total = DayFigures()
    for day in reversed(window.days):
        if day in rows.days["city"]:
            total.merge(rows.days["city"][day])
    assert dict(total.counts) == rows.window("city", window).counts
