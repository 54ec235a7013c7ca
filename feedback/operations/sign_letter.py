"""The head of a unit signs a letter of apology, and nobody changes a word of it afterwards."""

from datetime import datetime

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.events import Event
from feedback.domain.histories import HistoryKind
from feedback.domain.letters import LetterState, fingerprint, why_discarded
from feedback.domain.text import private_traces
from feedback.domain.transitions import Need
from feedback.operations.city import City
from feedback.operations.edit_letter import LetterDraft, fill_in, own_letter
from feedback.operations.letter_text import letter_text
from feedback.operations.lifecycle import Life
from feedback.operations.outbox import promise
from feedback.operations.transaction import transaction
from feedback.storage.models import Account
from feedback.storage.queries import letters


def sign_letter(
    letter_id: int,
    draft: LetterDraft,
    *,
    text_checked: bool,
    version: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Sign a letter with this reason and new day; it is printed and told by jobs.

    The signature is the account and the moment, on a text kept with its fingerprint. The reporter
    is told; the step stands in the history, which the public reads where it may see the report.
    Raises as `edit_letter`; Invalid also for a reason or day that is missing, and naming
    `checked_text` when private data is found and nobody says that it was looked at.
    """
    with transaction(city) as session:
        letter = own_letter(session, letter_id, actor, version)
        # The report is locked before the letter's number is counted.
        life = Life.open(session, city, letter.report_id, actor, now)
        current = letter.round
        if why_discarded(letter.due, current.due, current.closed_at, life.report.state):
            raise Conflict("letter_settled")
        fill_in(session, letter, draft, actor=actor, city=city, now=now)
        missing = {
            name: "required"
            for name, value in (("reason", letter.reason), ("new_date", letter.new_date))
            if not value
        }
        if missing:
            raise Invalid(missing)
        if private_traces(letter.reason) and not text_checked:
            raise Invalid({Need.CHECKED_TEXT.value: "required"})
        signer = session.get_one(Account, actor.account_id)
        signed = letters.signed_counts(session, [letter.report_id])
        letter.number = signed.get(letter.report_id, 0) + 1
        letter.text = letter_text(letter, zone=city.zone, signer=signer.name, signed_at=now)
        letter.fingerprint = fingerprint(letter.text)
        letter.state = LetterState.SIGNED
        letter.signed_at, letter.signed_by_id = now, actor.account_id
        life.record(
            HistoryKind.LETTER_SIGNED,
            unit_id=letter.unit_id,
            note=letter.reason,
            public=True,
            data={
                "letter_id": letter.id,
                "number": letter.number,
                "due": letter.due.isoformat(),
                "new_date": letter.new_date.isoformat() if letter.new_date else None,
            },
        )
        promise(session, Event.LETTER_SIGNED, now, letter_id=letter.id)
        life.settle()
