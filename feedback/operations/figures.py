"""The rows the statistics pages read, kept equal to what history says.

Day rows are counted from history; ready rows are sums of day rows, with the open rounds of the live
tables. One refresh runs at a time. It reads the marks first, then everything else, counts nothing
of a change whose mark it has not read, and removes exactly the marks it read: what commits
meanwhile is left to the next refresh as a whole.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from feedback.domain.calendar import Calendar
from feedback.domain.day_figures import DayFigures
from feedback.domain.measures import CITY
from feedback.domain.periods import Window
from feedback.operations.city import City
from feedback.operations.day_rows import Turn, exchange, rewrite_days
from feedback.operations.ready_rows import rewrite_ready_rows
from feedback.operations.reference import working_calendar
from feedback.storage.database import take_turn
from feedback.storage.queries import figure_marks, statistics


def bring_up_to_date(
    session: Session,
    city: City,
    now: datetime,
    *,
    days: Collection[date] = (),
    every_scope: bool = False,
    processes: int = 1,
) -> None:
    """Exchange what changed reports add, recompute `days`, then make the ready rows that change.

    On a new day, or when asked to, the ready rows of every scope are made anew; the first time of
    all, every day. The data time is `now`, or the moment of the latest change where another clock
    is ahead; it never goes back.
    """
    take_turn(session, "statistics")
    marks = figure_marks.marks(session)
    before = statistics.data_time(session)
    latest = statistics.latest_change(session)
    as_of = max(moment for moment in (now, before, latest) if moment is not None)
    turn = Turn(working_calendar(session, city), before, as_of, marks)
    today = turn.calendar.local_day(as_of)
    asked = {*days, *(every_day(session, turn.calendar, as_of) if before is None else ())}
    whole = {day for day in marks.days | asked if day <= today}
    changed = rewrite_days(session, turn, whole, processes)
    exchanged, broken = exchange(session, turn, rewritten=whole)
    for found in (exchanged, rewrite_days(session, turn, broken)):
        for scope, some in found.items():
            changed[scope] |= some
    begun = set(Window(turn.calendar.local_day(before), today).days[1:]) if before else {today}
    if changed or begun or every_scope:
        known = statistics.known_scopes(session) if begun or every_scope else set()
        of_all = {**dict.fromkeys(begun, DayFigures()), **dict.fromkeys(asked & whole)}
        wanted = {scope: {**of_all, **changed[scope]} for scope in {CITY, *known, *changed}}
        rewrite_ready_rows(session, turn.calendar, wanted, as_of, anew=bool(begun) or every_scope)
    figure_marks.forget_marks(session, marks)


def every_day(session: Session, calendar: Calendar, now: datetime) -> set[date]:
    """Every local day that has figures or could have some."""
    first = statistics.first_received(session)
    days = set(statistics.known_days(session))
    if first is not None:
        days.update(Window(calendar.local_day(first), calendar.local_day(now)).days)
    return days
