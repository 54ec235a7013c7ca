"""What the steps of an import share: reading its file, and the ways in which it can end."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.calendar import NoWorkingTime
from feedback.domain.errors import Invalid
from feedback.domain.events import Event
from feedback.domain.imported import ImportMapping, Refusal
from feedback.domain.report_imports import ImportStage, tallied
from feedback.operations.city import City
from feedback.operations.import_reports import Imported
from feedback.operations.imported_files import Rows, rows_of
from feedback.operations.outbox import Claim, complete, promise
from feedback.operations.send_import import understood
from feedback.operations.transaction import reading, transaction
from feedback.storage.files.keys import refused_rows_key
from feedback.storage.models import ReportImport
from feedback.storage.queries import imports

MOST_REFUSED_KEPT = 100_000
HEADING = ("line", "id", "column", "reason", "value")


class CannotGoOn(Exception):
    """An import that no further try can help; `reason` is a code and `detail` what it is about."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class AtWork:
    """An import as its job finds it."""

    import_id: int
    file_key: str
    mapping: ImportMapping
    rows_done: int


def at_work(import_id: int, stage: ImportStage) -> AtWork | None:
    """The import, if it is at this stage. Raises CannotGoOn for a mapping that is none any more."""
    with reading() as session:
        found = imports.one(session, import_id)
        if found is None or found.stage is not stage:
            return None
        key, words, rows_done = found.file_key, found.mapping, found.rows_done
    with _lasting_refusals():
        return AtWork(import_id, key, understood(words), rows_done)


@contextmanager
def rows_of_import(work: AtWork, city: City) -> Iterator[Rows]:
    """The rows of its file. Raises CannotGoOn where they cannot be read or taken over at all."""
    try:
        stream = city.files.open(work.file_key)
    except FileNotFoundError as error:
        raise CannotGoOn("file_missing") from error
    packed = work.file_key.endswith(".gz")
    with stream, _lasting_refusals(), rows_of(stream, packed=packed) as rows:
        yield rows


@contextmanager
def _lasting_refusals() -> Iterator[None]:
    try:
        yield
    except NoWorkingTime as error:
        raise CannotGoOn("no_working_time") from error
    except Invalid as refused:
        (name, reason), *_ = refused.fields.items()
        codes = {"columns": "columns_missing", "service_level": "level_unknown"}
        told = refused.params.get("missing") or refused.params.get("why") or ""
        raise CannotGoOn(codes.get(name, reason), str(told)) from refused


def fail_import(
    import_id: int, why: CannotGoOn, *, city: City, now: datetime, claim: Claim | None
) -> None:
    """End an import that cannot go on, and say why. What it has stored stays."""
    with transaction(city) as session:
        complete(session, claim, now)
        found = imports.for_change(session, import_id)
        if found is None or not found.stage.at_work:
            return
        found.problem, found.problem_detail = why.reason, why.detail
        end_import(session, found, ImportStage.FAILED, now)


def end_import(session: Session, found: ReportImport, stage: ImportStage, now: datetime) -> None:
    """End an import in the caller's transaction: its file goes, its figures follow."""
    if found.started_at is not None and found.stored:
        promise(session, Event.FIGURES_CHANGED, now)
    if found.file_key:
        promise(session, Event.FILES_LEFT, now, keys=[found.file_key])
    found.stage, found.ended_at, found.file_key = stage, now, ""


def keep_refused(refused: Sequence[Refusal], city: City) -> str:
    """Keep the refused rows as a file, the first of very many; its key, or nothing for none."""
    if not refused:
        return ""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(HEADING)
    writer.writerows(
        (one.line, one.key, one.column, one.reason, one.value)
        for one in refused[:MOST_REFUSED_KEPT]
    )
    content = lines.getvalue().encode()
    key = refused_rows_key(content)
    city.files.put(key, content)
    return key


def note_refused(
    session: Session, found: ReportImport, done: Imported, key: str, now: datetime
) -> None:
    """Write down what was refused, in the caller's transaction."""
    if found.refused_key not in {"", key}:
        promise(session, Event.FILES_LEFT, now, keys=[found.refused_key])
    found.refused, found.refused_key = len(done.refused), key
    found.problems = [
        *tallied(done.refused, left_out=False),
        *tallied(done.left_out, left_out=True),
    ]
