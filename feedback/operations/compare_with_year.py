"""Figures of the same window one year earlier, for pages that compare with it.

A month, quarter or year that is over has its ready row. Of the last days, and of a month, quarter
or year that runs on, the figures are the sums of their day rows, as a ready row has them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from feedback.domain.backlog import Backlog, backlogs_before
from feedback.domain.comparisons import year_earlier
from feedback.domain.day_figures import StoredDay, flows_from_json
from feedback.domain.day_sums import DaySums
from feedback.domain.measures import open_times, scopes
from feedback.domain.periods import Period, PeriodKind, Window, periods_with
from feedback.domain.timelines import facts
from feedback.domain.windows import OpenTimes, WindowFigures, window_figures
from feedback.operations.city import City
from feedback.operations.day_rows import spans_of
from feedback.operations.reference import working_calendar
from feedback.storage.queries import earlier_days, statistics


@dataclass(frozen=True, slots=True)
class Earlier:
    """A window one year earlier, with the figures of its scopes; None unless counted whole."""

    window: Window
    figures: Mapping[str, WindowFigures] | None

    def of(self, scope: str) -> WindowFigures | None:
        """The figures of one scope, of which there may be none; None as above."""
        if self.figures is None:
            return None
        return self.figures.get(scope, WindowFigures({}, {}, Backlog(self.window.last)))


def compare_with_year(
    session: Session, *, period: Period, scope: str, by: str | None, times: bool, city: City
) -> Earlier:
    """The figures of a scope one year earlier, or those of its parts of the kind `by`.

    Without `times` the speeds may be left out, since they cost most.
    """
    window = year_earlier(period)
    first = statistics.first_received(session)
    if first is None or first.astimezone(city.zone).date() > window.first:
        return Earlier(window, None)
    if period.over:
        name = _name_of(period.kind, window.first)
        found = earlier_days.ready_rows(session, scope, by, name)
        told = {row.scope: WindowFigures.from_json(row.figures["figures"]) for row in found}
        return Earlier(window, told)
    return Earlier(window, _summed(session, window, (scope, by), times, city))


def _name_of(kind: PeriodKind, first: date) -> str:
    """The name of the month, quarter or year that begins on a day and is over."""
    return next(one.name for one in periods_with(first, date.max) if one.kind is kind)


def _summed(
    session: Session, window: Window, chosen: tuple[str, str | None], times: bool, city: City
) -> dict[str, WindowFigures]:
    month = next(one for one in periods_with(window.last, date.max) if one.kind is PeriodKind.MONTH)
    days: dict[str, dict[date, StoredDay]] = {}
    for scope, day, counts, told in earlier_days.day_rows(session, *chosen, window, times=times):
        days.setdefault(scope, {})[day] = StoredDay.from_json({"counts": counts}, told)
    # What was open when the window ended, from the end of its month and what came between.
    flows: dict[str, dict[date, Mapping[date, int]]] = {}
    for scope, day, moved in earlier_days.day_flows(
        session, *chosen, window.last, month.window.last
    ):
        flows.setdefault(scope, {})[day] = flows_from_json(moved)
    stocks = {
        row.scope: WindowFigures.from_json(row.figures["figures"]).backlog
        for row in earlier_days.ready_rows(session, *chosen, month.name)
    }
    running = _running(session, window, city) if times else {}
    found = {}
    for scope in {*days, *flows, *stocks}:
        last = stocks.get(scope, Backlog(month.window.last))
        backlog = backlogs_before(last, flows.get(scope, {}), {window.last})[window.last]
        still = running.get(scope, OpenTimes())
        total = DaySums(days.get(scope, {})).of(window)
        found[scope] = window_figures(total, still, window, backlog)
    return found


def _running(session: Session, window: Window, city: City) -> dict[str, OpenTimes]:
    """What of the times of a window runs on at the moment the figures stand at, by scope."""
    as_of = statistics.data_time(session)
    if as_of is None:
        return {}
    calendar = working_calendar(session, city)
    ((_start, end),) = spans_of(window.days, calendar.zone)
    found: dict[str, OpenTimes] = {}
    for entries in statistics.histories(session, earlier_days.ran_on(session, end, as_of)):
        report = facts(entries, as_of)
        if report is None:
            continue
        for one in open_times(report, as_of, calendar):
            for scope in scopes(one.unit_id, report.category_id, report.area_id):
                day = calendar.local_day(one.moment)
                found.setdefault(scope, OpenTimes()).add(day, one.key, one.minutes)
    return found
