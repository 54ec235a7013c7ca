"""A signed letter becomes a PDF and is issued with it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from feedback.domain.letters import LetterState
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import reading, transaction
from feedback.printing import Template, print_document
from feedback.storage.files.keys import document_key
from feedback.storage.queries import letters

SHOWN_SIGNS = 16
Printer = Callable[[Template, Mapping[str, Any], datetime], bytes]


def print_letter(
    letter_id: int,
    *,
    city: City,
    now: datetime,
    claim: Claim | None = None,
    printer: Printer = print_document,
) -> None:
    """Print a signed letter from the words that were signed, and keep the file.

    Doing it again gives the same file. Raises PrintingFailed, to be tried again, and
    WorkAlreadyDone when the claim is not held any more.
    """
    with reading() as session:
        letter = letters.with_all(session, letter_id)
        signed = letter is not None and letter.state is LetterState.SIGNED
        text, at = (letter.text or {}, letter.signed_at or now) if letter and signed else ({}, now)
        mark = (
            f"{text['code']} · SHA-256 {letter.fingerprint[:SHOWN_SIGNS]}"
            if letter and text
            else ""
        )
    key = ""
    if text:
        pdf = printer(Template.LETTER, {**text, "mark": mark}, at)
        key = document_key(pdf)
        city.files.put(key, pdf)
    with transaction(city) as session:
        complete(session, claim, now)
        letter = letters.for_change(session, letter_id)
        if not key or letter is None or letter.state is not LetterState.SIGNED:
            return
        letter.state = LetterState.ISSUED
        letter.file_key, letter.issued_at = key, now
