"""On a working morning staff hear of what is due tomorrow, overdue, or overdue for long."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from feedback.domain.calendar import Calendar
from feedback.domain.notices import NoticeKind
from feedback.domain.states import AssignmentState
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.recipients import Person, staff, unit_people
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import transaction
from feedback.operations.write_notices import Wanted, write_notices
from feedback.storage.models import Assignment
from feedback.storage.queries import notices

# What was told longer ago than this is told once more.
MEMORY = timedelta(days=60)
CASES = "cases"

People = dict[Person, list[Assignment]]


def remind_staff(
    *, escalate_after_days: int, city: City, now: datetime, claim: Claim | None = None
) -> None:
    """Write one reminder of each kind for each person who has something to be reminded of.

    On days off nothing is written: what falls due then was told on the working day before. A case
    is told as overdue once for each due moment, and to the heads once more when it has been overdue
    for `escalate_after_days` working days. Doing it again writes nothing. Raises WorkAlreadyDone
    when the claim is not held any more.
    """
    with transaction(city) as session:
        calendar = working_calendar(session, city)
        today = calendar.local_day(now)
        if city.channels and calendar.is_working_day(today):
            wanted = _wanted(session, calendar, today, now, escalate_after_days)
            write_notices(session, wanted, city, now)
        complete(session, claim, now)


def _wanted(
    session: Session, calendar: Calendar, today: date, now: datetime, days: int
) -> Iterator[Wanted]:
    tomorrow = calendar.nth_working_day_after(today, 1)
    until = datetime.combine(tomorrow + timedelta(days=1), datetime.min.time(), calendar.zone)
    cases = notices.open_cases_due_before(session, until)
    late = [case for case in cases if case.due < now]

    def is_due_tomorrow(case: Assignment) -> bool:
        return today < calendar.local_day(case.due) <= tomorrow

    def is_long_overdue(case: Assignment) -> bool:
        return calendar.working_days_between(calendar.local_day(case.due), today) >= days

    found = {
        NoticeKind.DUE_TOMORROW: _by_person(session, filter(is_due_tomorrow, cases), _whose),
        NoticeKind.OVERDUE: _by_person(session, late, _whose_and_heads),
        NoticeKind.ESCALATED: _by_person(session, filter(is_long_overdue, late), _heads),
    }
    for kind, people in found.items():
        for person, untold in _untold(session, kind, people, now).items():
            data = {CASES: [_named(case) for case in untold]}
            yield Wanted(kind, person, f"day-{today}", data=data)


def _by_person(
    session: Session,
    cases: Iterable[Assignment],
    whose: Callable[[Session, Assignment], Iterable[Person]],
) -> People:
    """The cases of each person, the longest due first."""
    people: People = defaultdict(list)
    for case in cases:
        for person in whose(session, case):
            people[person].append(case)
    return people


def _untold(session: Session, kind: NoticeKind, people: People, now: datetime) -> People:
    """The same without what each person was told before."""
    told = notices.reminded_of(session, kind, now - MEMORY)
    untold: People = {}
    for person, cases in people.items():
        known = told.get((person.recipient, person.id), [])
        left = [case for case in cases if _named(case) not in known]
        if left:
            untold[person] = left
    return untold


def _named(case: Assignment) -> list[int | str]:
    """A case with its due moment: with another one it is told of anew."""
    return [case.id, case.due.isoformat()]


def _whose(session: Session, case: Assignment) -> Sequence[Person]:
    """Whoever has to act: the head on an answer, else the handler, else whoever stands for the
    unit."""
    if case.state is AssignmentState.ANSWERED:
        return _heads(session, case)
    handler = case.handler
    if handler is not None and handler.active and handler.unit_id == case.unit_id:
        return staff([handler], None)
    return unit_people(session, case.unit_id, None)


def _whose_and_heads(session: Session, case: Assignment) -> Sequence[Person]:
    return list(dict.fromkeys([*_whose(session, case), *_heads(session, case)]))


def _heads(session: Session, case: Assignment) -> Sequence[Person]:
    return staff(notices.heads_of(session, case.unit_id), None)
