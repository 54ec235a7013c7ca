"""What a file of another system's reports would do is found out, and nothing of it stored."""

from collections.abc import Callable
from datetime import datetime

from feedback.domain.report_imports import ImportStage, named
from feedback.operations.city import City
from feedback.operations.import_reports import WHOLE, import_part
from feedback.operations.import_stages import (
    AtWork,
    CannotGoOn,
    at_work,
    fail_import,
    keep_refused,
    note_refused,
    rows_of_import,
)
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.queries import imports

ROWS_BETWEEN_NOTES = 5_000


def check_import(import_id: int, *, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Read a file that was sent from end to end, and tell what taking it over would do.

    An import that is not waiting for this is left as it is; one whose file cannot be used fails.
    Broken off it is done again. Raises WorkAlreadyDone when the claim is not held any more.
    """
    try:
        work = at_work(import_id, ImportStage.CHECKING)
        if work is None:
            with transaction(city) as session:
                complete(session, claim, now)
            return
        _check(work, city, now, claim)
    except CannotGoOn as why:
        fail_import(import_id, why, city=city, now=now, claim=claim)


def _check(work: AtWork, city: City, now: datetime, claim: Claim | None) -> None:
    with rows_of_import(work, city) as rows:
        count = sum(1 for _ in rows)
    if not count:
        raise CannotGoOn("no_rows")
    note = _noting(work.import_id, count, city)
    with rows_of_import(work, city) as rows:
        done = import_part(
            rows, work.mapping, WHOLE, city=city, now=now, dry_run=True, progress=note
        )
    key = keep_refused(done.refused, city)
    with transaction(city) as session:
        complete(session, claim, now)
        found = imports.for_change(session, work.import_id)
        if found is None or found.stage is not ImportStage.CHECKING:
            return
        found.stage = ImportStage.CHECKED
        found.row_count = found.rows_done = count
        found.stored, found.known = done.stored, done.known
        found.created = {"categories": named(done.new_categories), "units": named(done.new_units)}
        note_refused(session, found, done, key, now)


def _noting(import_id: int, count: int, city: City) -> Callable[[int], None]:
    """What is called after each batch: now and then it tells the page how far the check is."""
    done = noted = 0

    def note(rows: int) -> None:
        nonlocal done, noted
        done += rows
        if done - noted < ROWS_BETWEEN_NOTES and noted:
            return
        noted = done
        with transaction(city) as session:
            found = imports.for_change(session, import_id)
            if found is not None and found.stage is ImportStage.CHECKING:
                found.row_count, found.rows_done = count, done

    return note
