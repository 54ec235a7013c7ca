"""Before a due moment is missed its letter of apology lies on the head's desk."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from feedback.domain.calendar import Calendar
from feedback.domain.letters import LetterState, drafted_for_dues_before, why_discarded
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import transaction
from feedback.storage.models import Letter, LetterTemplate, Round
from feedback.storage.queries import letters

ROUNDS_A_READ = 500
# What a draft proposes as the new day, counted from the moment that is missed.
PROPOSED_WORKING_DAYS = 3


def draft_letters(*, city: City, now: datetime, claim: Claim | None = None) -> int:
    """Draft what is missing and discard what is needed no more; returns how many were drafted.

    A letter is drafted from the working day before the due moment on, and for every one that has
    passed; a draft follows its round to the unit that leads. Without a version of the text in
    force none is drafted. Doing it again changes nothing.
    Raises WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        calendar = working_calendar(session, city)
        _bring_up_to_date(session, now)
        template = letters.template_on(session, calendar.local_day(now))
        drafted = _draft_all(session, calendar, template, now) if template else 0
        complete(session, claim, now)
    return drafted


def _bring_up_to_date(session: Session, now: datetime) -> None:
    for letter in letters.unsigned_and_overtaken(session):
        current = letter.round
        why = why_discarded(letter.due, current.due, current.closed_at, letter.report.state)
        if why is not None:
            letter.state = LetterState.DISCARDED
            letter.discarded_at, letter.discarded_because = now, why
            letter.version += 1
        elif letter.unit_id != current.unit_id:
            letter.unit_id = current.unit_id
            letter.version += 1
    session.flush()


def _draft_all(
    session: Session, calendar: Calendar, template: LetterTemplate, now: datetime
) -> int:
    before = drafted_for_dues_before(calendar, now)
    drafted, after_id = 0, 0
    while found := letters.rounds_without(session, before, now, after_id, ROUNDS_A_READ):
        _draft(session, calendar, template, found, now)
        drafted, after_id = drafted + len(found), found[-1].id
    return drafted


def _draft(
    session: Session,
    calendar: Calendar,
    template: LetterTemplate,
    found: Sequence[Round],
    now: datetime,
) -> None:
    known = letters.discarded_for(session, [late.id for late in found])
    signed = letters.signed_counts(session, {late.report_id for late in found})
    for late in found:
        letter = known.get((late.id, late.due))
        if letter is None:
            letter = Letter(round_id=late.id, report_id=late.report_id, due=late.due, version=0)
            session.add(letter)
        letter.unit_id = late.unit_id
        letter.template_id = template.id
        letter.number = signed.get(late.report_id, 0) + 1
        letter.state = LetterState.DRAFTED
        letter.version += 1
        letter.new_date = letter.new_date or proposed_day(calendar, late.due, now)
        letter.drafted_at = now
        letter.discarded_at = letter.discarded_because = None
    session.flush()


def proposed_day(calendar: Calendar, due: datetime, now: datetime) -> date:
    """The new day a draft proposes: some working days after the due moment, or after today."""
    latest = max(calendar.local_day(due), calendar.local_day(now))
    return calendar.nth_working_day_after(latest, PROPOSED_WORKING_DAYS)
