"""Which days a change makes out of date, marked in the transaction of the change itself."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.events import Event
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.storage.database import memory_of
from feedback.storage.models import Report, Round, StatisticsDirty
from feedback.storage.queries import reports
from feedback.storage.tables import table_of

_MARKED = "marked_days"
_MARK = insert(table_of(StatisticsDirty))


def days_of(report: Report, city: City, now: datetime) -> set[date]:
    """The local days on which a report counts towards some figure as it stands, and today.

    Today stands for what is only just happening, like a rating.
    """
    moments = [now, report.received_at, *(one.dispatched_at for one in report.assignments)]
    for current in report.rounds:
        moments += [current.started_at, current.original_due, current.due]
        moments += [current.closed_at] if current.closed_at else []
        moments += _due_while_waiting(current, now)
    promised = {one.promised_on for one in report.rounds if one.promised_on is not None}
    return local_days(moments, city) | promised


def days_of_ratings(session: Session, report: Report, city: City) -> set[date]:
    """The local days on which a report has been rated; what was never closed never was."""
    if all(current.closed_at is None for current in report.rounds):
        return set()
    return local_days(reports.rating_moments(session, report.id), city)


def mark_days(session: Session, days: Iterable[date], now: datetime) -> None:
    """Have the rows of these days recomputed: one mark each, and the promise of the work.

    A transaction marks a day once and promises once, however many of its steps touch it.
    """
    marked: set[date] = memory_of(session).setdefault(_MARKED, set())
    new = set(days) - marked
    if not new:
        return
    note_days(session, new)
    if not marked:
        promise(session, Event.FIGURES_CHANGED, now)
    marked |= new


def note_days(session: Session, days: Iterable[date]) -> None:
    """Mark days without promising the work: whoever writes more will promise it at the end."""
    session.execute(_MARK, [{"day": day} for day in sorted(days)])


def _due_while_waiting(current: Round, now: datetime) -> list[datetime]:
    """Every day a round may have counted as due on while its lead waits past the due moment.

    Its due moment moves on with the time waited, and no entry tells of it.
    """
    if current.waiting_since is None or current.due >= now:
        return []
    return [current.due + timedelta(days=n) for n in range((now - current.due).days + 2)]


def local_days(moments: Iterable[datetime], city: City) -> set[date]:
    """The local days of some moments."""
    return {moment.astimezone(city.zone).date() for moment in moments}
