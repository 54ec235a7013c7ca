"""What happened to reports becomes notices to whoever is to be told."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.notices import TOLD, is_told
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.recipients import people_of
from feedback.operations.transaction import transaction
from feedback.operations.write_notices import Wanted, write_notices
from feedback.storage.models import Report
from feedback.storage.queries import histories


def prepare_notices(
    changes: Iterable[tuple[int, int]], *, city: City, now: datetime, claim: Claim | None = None
) -> None:
    """Write the notices of changes, each a report's id with the version it brought the report to.

    Doing it again writes nothing. Raises WorkAlreadyDone when the claim is not held any more;
    nothing is stored then.
    """
    with transaction(city) as session:
        for report_id, version in dict.fromkeys(changes):
            write_notices(session, _wanted(session, report_id, version), city, now)
        complete(session, claim, now)


def _wanted(session: Session, report_id: int, version: int) -> Iterator[Wanted]:
    report = session.get(Report, report_id)
    if report is None:
        return
    entries = histories.of_version(session, report_id, version)
    together = [entry.kind for entry in entries]
    for entry in entries:
        for told in TOLD.get(entry.kind, ()):
            if not is_told(told, entry.kind, entry.data, together):
                continue
            for person in people_of(session, told.audience, report, entry):
                yield Wanted(told.notice, person, f"entry-{entry.id}", entry_id=entry.id)
