"""What a change makes of the figures' rows, noted in the transaction of the change itself."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.events import Event
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.storage.database import memory_of
from feedback.storage.models import Report, StatisticsChange, StatisticsDirty
from feedback.storage.tables import table_of

_PROMISED = "promised_figures"
_CHANGE = insert(table_of(StatisticsChange))
_MARK = insert(table_of(StatisticsDirty))


def mark_report(session: Session, report: Report, now: datetime) -> None:
    """Have what a report adds to the figures exchanged: its new version is not told yet.

    Called once for each version. A transaction promises the work once, however many it writes.
    """
    session.execute(_CHANGE, {"report_id": report.id, "version": report.version})
    _promise_once(session, now)


def mark_days(session: Session, days: Iterable[date], now: datetime) -> None:
    """Have every row of these days recomputed from the beginning, and promise the work."""
    note_days(session, days)
    _promise_once(session, now)


def note_days(session: Session, days: Iterable[date]) -> None:
    """Mark days without promising the work: whoever writes more will promise it at the end."""
    marks = [{"day": day} for day in sorted(set(days))]
    if marks:
        session.execute(_MARK, marks)


def days_of_waiting(report: Report, city: City, now: datetime) -> set[date]:
    """Every local day a waiting round may have counted as due on.

    Its due moment moves on with the time waited, by the calendar, and no entry tells of it.
    """
    moments: list[datetime] = []
    for current in report.rounds:
        moments += [current.original_due, current.due]
        if current.waiting_since is not None and current.due < now:
            passed = (now - current.due).days
            moments += [current.due + timedelta(days=n) for n in range(passed + 2)]
    return local_days(moments, city)


def local_days(moments: Iterable[datetime], city: City) -> set[date]:
    """The local days of some moments."""
    return {moment.astimezone(city.zone).date() for moment in moments}


def _promise_once(session: Session, now: datetime) -> None:
    memory = memory_of(session)
    if not memory.get(_PROMISED):
        promise(session, Event.FIGURES_CHANGED, now)
        memory[_PROMISED] = True
