"""The calendar is corrected, and the deadlines of open rounds move with it.

Closed rounds keep the calendar they were closed by. A round that begins while a correction commits
may begin by the calendar before; the job of the correction, and each night's, finds it by its
version of the calendar and moves it too.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.calendar import Block, Calendar, DayException
from feedback.domain.deadlines import corrected_dues
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.events import Event
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.states import Clock
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.outbox import Claim, complete, promise
from feedback.operations.reference import Reference, read_calendar
from feedback.operations.reference_changes import expect_seen, record_change
from feedback.operations.stale_figures import days_of_waiting, mark_days
from feedback.operations.transaction import reading, transaction
from feedback.storage.database import take_turn
from feedback.storage.models import CalendarBlock, CalendarDay
from feedback.storage.queries import calendars, rounds, versions
from feedback.storage.queries.rounds import OpenRound

WEEK = "week"
TASK = "calendar"
BY_CALENDAR = "calendar"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Weekly = tuple[tuple[Block, ...], ...]
Dues = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be different: the weekly hours (Monday first), and days; None removes a day."""

    weekly: Weekly | None = None
    days: Mapping[date, DayException | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """An open round whose deadline a correction moves: from its old due moments to its new ones."""

    report_id: int
    code: str
    before: Dues
    after: Dues


def preview_correction(correction: Correction, *, city: City) -> list[Move]:
    """The open rounds that a correction would move; nothing is changed.

    Raises Invalid where it contradicts itself, NoWorkingTime where it leaves nothing to count by.
    """
    with reading() as session:
        reference = Reference(session, city)
        after = corrected(reference.calendar, correction)
        return list(_moves(reference, after, rounds.open_rounds(session)))


def correct_calendar(
    correction: Correction,
    *,
    seen: Mapping[str, int],
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> int:
    """Correct the calendar and move the open rounds with it; returns how many moved.

    `seen` tells the latest change somebody has seen of the week or of a day (as ISO date). Raises
    NotAllowed, Conflict for an old view, Invalid or NoWorkingTime as `preview_correction`.
    """
    require_administrator(actor)
    with transaction(city) as session:
        take_turn(session, TASK)
        for key, version in seen.items():
            expect_seen(session, ReferenceKind.CALENDAR, key, version)
        before = Reference(session, city).calendar
        corrected(before, correction)  # refused before anything is written
        if correction.weekly is not None:
            _write_week(session, before, correction.weekly, by=actor, now=now, note=note)
        for day, exception in sorted(correction.days.items()):
            _write_day(session, day, exception, by=actor, now=now, note=note)
        session.flush()
        version = versions.current(session).get(versions.CALENDAR, 0)
        if version == before.version:
            return 0
        after = read_calendar(session, version, city.zone)
        promise(session, Event.CALENDAR_CORRECTED, now)
        found = rounds.open_rounds(session)
        return _move(session, city, (before, after), found, by=actor, now=now, note=note)


def move_open_rounds(*, city: City, now: datetime, claim: Claim | None = None) -> int:
    """Move the open rounds that began by an older calendar; returns how many moved.

    Raises WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        take_turn(session, TASK)
        calendar = Reference(session, city).calendar
        found = rounds.open_rounds(session, but_version=calendar.version)
        moved = 0
        if found:
            moved = _move(session, city, (calendar, calendar), found, by=SYSTEM, now=now, note="")
        complete(session, claim, now)
        return moved


def corrected(calendar: Calendar, correction: Correction) -> Calendar:
    """The calendar as a correction would leave it. Raises Invalid for a week without work."""
    weekly = calendar.weekly if correction.weekly is None else correction.weekly
    if not any(weekly):
        raise Invalid({"monday": "week_without_work"})
    days = {**calendar.exceptions, **correction.days}
    kept = {day: exception for day, exception in days.items() if exception is not None}
    return Calendar(weekly, kept, calendar.zone, calendar.version)


def hours_words(blocks: Collection[Block]) -> str:
    """Working hours as people write them: "07:30–11:30, 13:30–17:00"."""
    return ", ".join(f"{_clock(b.start_minute)}–{_clock(b.end_minute)}" for b in blocks)


# How open rounds move


def _moves(reference: Reference, after: Calendar, found: Collection[OpenRound]) -> Iterator[Move]:
    for one in found:
        terms = reference.directory.level(one.service_level_id).terms
        if terms.clock is not Clock.WORKING:
            continue
        was = (one.original_due, one.due)
        calendar = (reference.calendar, after)
        becomes = corrected_dues(terms, calendar, one.started_at, was)
        if becomes != was:
            yield Move(one.report_id, one.code, was, becomes)


def _move(
    session: Session,
    city: City,
    calendar: tuple[Calendar, Calendar],
    found: Collection[OpenRound],
    *,
    by: Actor,
    now: datetime,
    note: str,
) -> int:
    before, after = calendar
    waiting = [one.report_id for one in found if one.waiting]
    _mark_waiting(session, city, waiting, now)
    old, new = (Reference(session, city, uncommitted=each) for each in (before, after))
    moves = {move.report_id: move for move in _moves(old, after, found)}
    for report in rounds.reports_for_change(session, sorted(moves)):
        life = Life(new, report, by, now)
        current, move = life.open_round, moves[report.id]
        if current is None or (current.original_due, current.due) != move.before:
            continue  # closed or put off while we came; its own change has read the calendar
        original, due = move.after
        life.move_due(current, due, why=BY_CALENDAR, original_due=original, by=by, note=note)
        current.calendar_version = after.version
        life.settle()
    rounds.put_under_version(session, after.version)
    return len(moves)


def _mark_waiting(session: Session, city: City, report_ids: list[int], now: datetime) -> None:
    """A lead that waits moves its due moment by the calendar, though nothing is written of it."""
    days = {
        day
        for report in rounds.reports_for_change(session, report_ids)
        for day in days_of_waiting(report, city, now)
    }
    if days:
        mark_days(session, days, now)


# How the calendar is written


def _write_week(
    session: Session, before: Calendar, weekly: Weekly, *, by: Actor, now: datetime, note: str
) -> None:
    if weekly == before.weekly:
        return
    for row in calendars.blocks(session):
        session.delete(row)
    session.add_all(
        CalendarBlock(weekday=weekday, start_minute=b.start_minute, end_minute=b.end_minute)
        for weekday, blocks in enumerate(weekly)
        for b in blocks
    )
    session.flush()
    record_change(
        session,
        ReferenceKind.CALENDAR,
        WEEK,
        "",
        before=_week_facts(before.weekly),
        after=_week_facts(weekly),
        by=by,
        now=now,
        note=note,
    )


def _write_day(
    session: Session,
    day: date,
    exception: DayException | None,
    *,
    by: Actor,
    now: datetime,
    note: str,
) -> None:
    row = session.get(CalendarDay, day, populate_existing=True)
    before = _day_facts(row)
    if exception is None:
        if row is None:
            raise Conflict("day_not_known")
        session.delete(row)
        action = ChangeAction.REMOVED
    else:
        action = ChangeAction.CHANGED if row else ChangeAction.CREATED
        row = row or CalendarDay(day=day)
        row.kind, row.name, row.source = exception.kind.value, exception.name, exception.source
        row.blocks = [[b.start_minute, b.end_minute] for b in exception.blocks]
        session.add(row)
    session.flush()
    record_change(
        session,
        ReferenceKind.CALENDAR,
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        before=before,
        after=_day_facts(row) if exception else {},
        by=by,
        now=now,
        action=action,
        note=note,
    )


def _week_facts(weekly: Weekly) -> dict[str, Any]:
    return dict(zip(WEEKDAYS, map(hours_words, weekly), strict=True))


def _day_facts(row: CalendarDay | None) -> dict[str, Any]:
    if row is None:
        return {}
    hours = hours_words([Block(start, end) for start, end in row.blocks])
    return {"day_kind": row.kind, "name": row.name, "hours": hours, "source": row.source}


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
