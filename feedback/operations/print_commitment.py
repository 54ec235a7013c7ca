"""What a unit undertakes for a period becomes a sheet of paper, to be signed by hand and kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from feedback.domain.targets import state_of
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import reading, transaction
from feedback.printing import Template, print_document
from feedback.storage.files.keys import document_key
from feedback.storage.models import CommitmentSheet, Target, Unit
from feedback.storage.queries import targets

LANGUAGES = ("vi", "en")
Printer = Callable[[Template, Mapping[str, Any], datetime], bytes]
Writer = Callable[[Sequence[Target], str, City], Mapping[str, Any]]
"""The words of a sheet in a language, for the template of `feedback.printing`."""


def print_commitment(
    unit_id: int,
    period: str,
    write: Writer,
    *,
    city: City,
    now: datetime,
    claim: Claim | None = None,
    printer: Printer = print_document,
) -> None:
    """Print a unit's targets for a period as they stand now, in each language, and keep the sheet.

    As long as no target changes, doing it again changes nothing; sheets of earlier states stay.
    Raises PrintingFailed, to be tried again, and WorkAlreadyDone when the claim is not held any
    more.
    """
    with reading() as session:
        found = targets.of_sheet(session, unit_id, period)
        state = state_of((one.id, one.version) for one in found)
        is_new = bool(found) and targets.sheet(session, unit_id, period, state) is None
        texts = [write(found, language, city) for language in LANGUAGES] if is_new else []
        # The moment of the latest change: the same state gives the same bytes.
        moments = [at for one in found for at in (one.proposed_at, one.signed_at) if at]
    keys = []
    for text in texts:
        pdf = printer(Template.COMMITMENT, text, max(moments))
        keys.append(document_key(pdf))
        city.files.put(keys[-1], pdf)
    with transaction(city) as session:
        complete(session, claim, now)
        # The unit is locked, so that of two who print the same the second finds the first's.
        session.get_one(Unit, unit_id, with_for_update=True)
        if keys and targets.sheet(session, unit_id, period, state) is None:
            vi_key, en_key = keys
            session.add(
                CommitmentSheet(
                    unit_id=unit_id,
                    period=period,
                    state=state,
                    vi_key=vi_key,
                    en_key=en_key,
                    made_at=now,
                )
            )
