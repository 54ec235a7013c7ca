"""Figures merged from days equal a plain recomputation over history, for random lives."""

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.domain.backlog import Backlog, backlog_by_day, backlogs_before
from feedback.domain.day_figures import DayFigures, StoredDay
from feedback.domain.day_sums import DaySums
from feedback.domain.durations import TIME_KEYS
from feedback.domain.histories import Entry
from feedback.domain.measures import (
    STANDING,
    TIMINGS,
    Figure,
    contributions,
    flows,
    open_times,
    scopes,
    standing,
)
from feedback.domain.periods import Window
from feedback.domain.survival import MEDIAN, P90, percentile
from feedback.domain.timelines import facts
from feedback.domain.windows import OpenTimes, WindowFigures, window_figures
from tests.domain.calendars import create_vietnamese_calendar
from tests.support.lives import FIRST, cities, cities_at_a_moment
from tests.support.plain_measures import PlainMeasures, plain_backlog

CALENDAR = create_vietnamese_calendar()
# A city has one to six reports: these are over 500 histories, `make test-long` over 10,000.
RANDOM_CITIES = int(os.environ.get("RANDOM_CITIES", "250"))
SCOPES = ("city", "unit:1", "unit:2", "category:1", "area:2", "unit:1/category:2")
moments = st.integers(0, 80 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes))


class DayRows:
    """Day rows and what runs on as the product keeps them, from histories in memory."""

    def __init__(self, histories: Sequence[Sequence[Entry]], as_of: datetime) -> None:
        self.today = CALENDAR.local_day(as_of)
        self.days: dict[str, dict[date, DayFigures]] = defaultdict(lambda: defaultdict(DayFigures))
        self.running: dict[str, OpenTimes] = defaultdict(OpenTimes)
        self.standing: dict[str, Counter[Figure]] = defaultdict(Counter)
        self.by_received: dict[str, Counter[date]] = defaultdict(Counter)
        for entries in histories:
            report = facts(entries, as_of)
            if report is None:
                continue
            received_on = CALENDAR.local_day(report.received_at)
            for one in contributions(report, as_of, CALENDAR):
                for scope in scopes(one.unit_id, report.category_id, report.area_id):
                    self.days[scope][CALENDAR.local_day(one.moment)].add(one)
            for flow in flows(report):
                for scope in scopes(flow.unit_id, flow.category_id, report.area_id):
                    day = self.days[scope][CALENDAR.local_day(flow.moment)]
                    day.add_flow(flow.change, received_on)
            for one in standing(report, as_of, CALENDAR):
                for scope in scopes(one.unit_id, report.category_id, report.area_id):
                    self.standing[scope][one.figure] += 1
                    if one.figure is Figure.OPEN:
                        self.by_received[scope][received_on] += 1
            for running in open_times(report, as_of, CALENDAR):
                for scope in scopes(running.unit_id, report.category_id, report.area_id):
                    day = CALENDAR.local_day(running.moment)
                    self.running[scope].add(day, running.key, running.minutes)

    def stored(self, scope: str) -> dict[date, StoredDay]:
        return {
            day: StoredDay.from_json(figures.counts_to_json(), figures.times_to_json())
            for day, figures in self.days[scope].items()
        }

    def flows(self, scope: str) -> dict[date, dict[date, int]]:
        return {day: dict(figures.flows) for day, figures in self.stored(scope).items()}

    def backlog_now(self, scope: str) -> Backlog:
        return Backlog(self.today, self.by_received[scope])

    def window(self, scope: str, window: Window) -> WindowFigures:
        backlogs = backlogs_before(self.backlog_now(scope), self.flows(scope), [window.last])
        return window_figures(
            DaySums(self.stored(scope)), self.running[scope], window, backlogs[window.last]
        )


@settings(max_examples=RANDOM_CITIES, deadline=None)
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
            expected = plain.count(figure, scope, window.first, window.last)
            assert counted == expected, (scope, figure)
        for key in TIME_KEYS:
            ended, running, lost = plain.times(key.name, scope, window.first, window.last)
            speed = figures.speeds.get(key)
            if speed is None:
                assert not ended + running + lost
                continue
            assert (speed.finished, speed.open, speed.lost) == tuple(
                map(len, (ended, running, lost))
            )
            assert speed.started == figures.count(TIMINGS[key].cohort)
            for share, found in ((MEDIAN, speed.median), (P90, speed.p90)):
                assert found == percentile(Counter(ended), Counter(running + lost), share)


@settings(max_examples=60, deadline=None)
@given(cities_at_a_moment(CALENDAR))
def test_the_backlog_of_every_day_is_what_was_open_at_its_end(
    city: tuple[list[list[Entry]], datetime],
) -> None:
    histories, as_of = city
    past = [[entry for entry in entries if entry.at <= as_of] for entries in histories]
    rows = DayRows(histories, as_of)
    first = rows.today - timedelta(days=50)
    for scope in SCOPES:
        found = list(backlog_by_day(rows.backlog_now(scope), rows.flows(scope), first))
        assert [one.day for one in found] == Window(first, rows.today).days[::-1]
        for one in found[1:]:
            assert one.by_received == plain_backlog(past, one.day, scope, CALENDAR)
            assert one.count == sum(one.bands)
            assert (one.median_age is None) == (one.count == 0)


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
    total: Counter[Figure] = Counter()
    for day in reversed(window.days):
        total.update(rows.days["city"][day].counts)
    assert dict(total) == rows.window("city", window).counts
