"""A checked import is started or given up by an administrator, and taken over part by part.

Each batch of rows is counted in the transaction that stores it. So a worker may die at any moment:
the next one goes on behind the last batch, and no report is stored or counted twice.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotFound
from feedback.domain.events import Event
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.report_imports import UNFINISHED, ImportStage
from feedback.operations.city import City
from feedback.operations.import_reports import Batch, Imported, Part, import_part
from feedback.operations.import_stages import (
    AtWork,
    CannotGoOn,
    at_work,
    end_import,
    fail_import,
    keep_refused,
    note_refused,
    rows_of_import,
)
from feedback.operations.outbox import Claim, WorkAlreadyDone, complete, promise
from feedback.operations.reference_changes import record_change
from feedback.operations.transaction import transaction
from feedback.storage.models import ReportImport
from feedback.storage.queries import imports

ROWS_A_PART = 20_000


class _Stopped(Exception):
    """Somebody gave the import up meanwhile."""


def start_import(import_id: int, *, actor: Actor, city: City, now: datetime) -> None:
    """Have a checked import taken over.

    Raises NotAllowed, NotFound, and Conflict when it is not checked, was decided on already, or has
    nothing that is not known here.
    """
    with transaction(city) as session:
        found = _decided(session, import_id, actor)
        if found.stage is not ImportStage.CHECKED:
            raise Conflict("import_decided")
        if not found.stored:
            raise Conflict("nothing_to_import")
        record_change(
            session,
            ReferenceKind.REPORTS,
            found.id,
            found.file_name,
            before={},
            after={
                "system": found.source,
                "rows_new": found.stored,
                "rows_refused": found.refused,
            },
            by=actor,
            now=now,
            action=ChangeAction.IMPORTED,
        )
        found.stage, found.started_at, found.started_by_id = (
            *(ImportStage.RUNNING, now),
            actor.account_id,
        )
        found.rows_done = found.stored = found.known = 0
        promise(session, Event.IMPORT_GOES_ON, now, import_id=found.id)


def discard_import(import_id: int, *, actor: Actor, city: City, now: datetime) -> None:
    """Give an import up that is not over. What it has stored stays, nothing more is stored.

    Raises NotAllowed, NotFound, and Conflict when it is over.
    """
    with transaction(city) as session:
        found = _decided(session, import_id, actor)
        if found.stage not in UNFINISHED:
            raise Conflict("import_decided")
        end_import(session, found, ImportStage.DISCARDED, now)


def run_import(
    import_id: int,
    *,
    city: City,
    now: datetime,
    claim: Claim | None = None,
    at_most: int = ROWS_A_PART,
) -> None:
    """Take over the next rows of an import that was started, and promise the part after them.

    An import that is not running is left as it is. Raises WorkAlreadyDone when another job works
    at it, or the claim is not held any more.
    """
    try:
        work = at_work(import_id, ImportStage.RUNNING)
        if work is not None:
            _run(work, at_most, city, now, claim)
            return
    except CannotGoOn as why:
        fail_import(import_id, why, city=city, now=now, claim=claim)
        return
    except _Stopped:
        pass
    with transaction(city) as session:
        complete(session, claim, now)


def _run(work: AtWork, at_most: int, city: City, now: datetime, claim: Claim | None) -> None:
    counted = _Counted(work)
    part = Part(after=work.rows_done, at_most=at_most, note=counted.note)
    with rows_of_import(work, city) as rows:
        done = import_part(rows, work.mapping, part, city=city, now=now)
    key = keep_refused(done.refused, city) if done.finished else ""
    with transaction(city) as session:
        complete(session, claim, now)
        found = imports.for_change(session, work.import_id)
        if found is None or found.stage is not ImportStage.RUNNING:
            return
        if done.finished:
            _finish(session, found, done, key, now)
        else:
            promise(session, Event.IMPORT_GOES_ON, now, import_id=found.id)


def _finish(session: Session, found: ReportImport, done: Imported, key: str, now: datetime) -> None:
    found.row_count = found.rows_done
    note_refused(session, found, done, key, now)
    end_import(session, found, ImportStage.DONE, now)


class _Counted:
    """Counts each batch where the page reads it, in the batch's own transaction."""

    def __init__(self, work: AtWork) -> None:
        self._import_id, self._done = work.import_id, work.rows_done

    def note(self, session: Session, batch: Batch) -> None:
        found = imports.for_change(session, self._import_id)
        if found is None or found.stage is not ImportStage.RUNNING:
            raise _Stopped
        if found.rows_done != self._done:
            raise WorkAlreadyDone
        found.rows_done += batch.rows
        found.stored += batch.stored
        found.known += batch.known
        self._done = found.rows_done


def _decided(session: Session, import_id: int, actor: Actor) -> ReportImport:
    require_administrator(actor)
    found = imports.for_change(session, import_id)
    if found is None:
        raise NotFound("import_not_found")
    return found
