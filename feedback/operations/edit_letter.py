"""A head says in a letter why the result comes late, and by when it will come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.letters import UNSIGNED, LetterState
from feedback.domain.permissions import parties_of
from feedback.domain.text import normalise
from feedback.domain.transitions import Party
from feedback.operations.city import City
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import transaction
from feedback.storage.models import Letter
from feedback.storage.queries import letters

MAX_REASON = 2_000
LATEST_NEW_DATE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """What a head fills in; signing needs both."""

    reason: str
    new_date: date | None


def edit_letter(
    letter_id: int,
    draft: LetterDraft,
    *,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Keep reason and new day of an unsigned letter; the due moment of the case stays as it is.

    Raises NotFound (for another unit's letter alike), NotAllowed unless the actor heads the unit,
    Conflict when it is signed or discarded or has changed since `version`, and Invalid naming
    `reason` or `new_date`.
    """
    with transaction(city) as session:
        letter = own_letter(session, letter_id, actor, version)
        fill_in(session, letter, draft, actor=actor, city=city, now=now)


def own_letter(session: Session, letter_id: int, actor: Actor, version: int | None) -> Letter:
    """An unsigned letter of the actor's unit, locked. Raises as `edit_letter`."""
    letter = letters.for_change(session, letter_id)
    if letter is None or letter.unit_id != actor.unit_id:
        raise NotFound("letter_not_found")
    if Party.HEAD not in parties_of(actor, letter.unit_id):
        raise NotAllowed("head_only")
    if letter.state not in UNSIGNED:
        raise Conflict("letter_settled")
    if version is not None and version != letter.version:
        raise Conflict("letter_changed")
    return letter


def fill_in(
    session: Session, letter: Letter, draft: LetterDraft, *, actor: Actor, city: City, now: datetime
) -> None:
    """Put what the head wrote into a letter. Raises Invalid."""
    reason = normalise(draft.reason)
    problems: dict[str, str] = {}
    if len(reason) > MAX_REASON:
        problems["reason"] = "too_long"
    calendar = working_calendar(session, city)
    today = calendar.local_day(now)
    if draft.new_date is not None:
        if draft.new_date < today:
            problems["new_date"] = "day_passed"
        elif draft.new_date > today + LATEST_NEW_DATE:
            problems["new_date"] = "too_far"
        elif not calendar.is_working_day(draft.new_date):
            problems["new_date"] = "not_a_working_day"
    if problems:
        raise Invalid(problems)
    letter.reason, letter.new_date = reason, draft.new_date
    letter.state = LetterState.EDITED
    letter.version += 1
    letter.edited_at, letter.edited_by_id = now, actor.account_id
