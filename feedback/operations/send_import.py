"""An administrator sends a file of another system's reports; a job finds out what it would do."""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, Refusals
from feedback.domain.events import Event
from feedback.domain.imported import ImportMapping, read_mapping
from feedback.domain.permissions import require_administrator
from feedback.domain.report_imports import ImportStage
from feedback.domain.text import normalise, one_line
from feedback.operations.city import City
from feedback.operations.import_reports import missing_columns
from feedback.operations.imported_files import PACKED, rows_of
from feedback.operations.outbox import promise
from feedback.operations.transaction import reading, transaction
from feedback.storage.database import take_turn
from feedback.storage.files.keys import import_key
from feedback.storage.models import ReportImport
from feedback.storage.queries import imports

TURN = "report_imports"
LONGEST_MAPPING = 100_000
LONGEST_NAME = 200
_PLACE = re.compile(r"at line (\d+), column (\d+)")


def send_import(
    stream: BinaryIO | None,
    size: int,
    file_name: str,
    *,
    mapping: str,
    most: int,
    actor: Actor,
    city: City,
    now: datetime,
) -> int:
    """Keep a CSV file of at most `most` bytes, packed by gzip or not, to be checked; its id.

    Raises NotAllowed; Conflict while another is unfinished; Invalid naming `file` (`no_file`,
    `import_file_too_large`, `not_a_csv`, `no_rows`) or `mapping` (`required`, `too_long`,
    `not_toml` with `place`, `mapping_wrong` with `wrong`, its keys with their reasons, or
    `columns_missing` with `missing`).
    """
    require_administrator(actor)
    words = normalise(mapping)
    refusals = Refusals()
    with refusals.gathered():
        meaning = understood(words)
    with refusals.gathered():
        first, packed = _first_row(stream, size, most)
    refusals.raise_all()
    assert stream is not None  # noqa: S101 (`_first_row` has refused it)
    _check_together(first, meaning)
    with reading() as session:
        _refuse_a_second(session)
    key = import_key(packed=packed)
    city.files.put(key, stream)
    with transaction(city) as session:
        take_turn(session, TURN)
        _refuse_a_second(session)
        sent = ReportImport(
            stage=ImportStage.CHECKING,
            file_name=one_line(file_name)[:LONGEST_NAME],
            file_key=key,
            mapping=words,
            source=meaning.source,
            sent_at=now,
            sent_by_id=actor.account_id,
        )
        session.add(sent)
        session.flush()
        promise(session, Event.IMPORT_SENT, now, import_id=sent.id)
        return sent.id


def understood(words: str) -> ImportMapping:
    """The mapping that somebody wrote. Raises Invalid naming `mapping`, as `send_import`."""
    if not words:
        raise Invalid({"mapping": "required"})
    if len(words) > LONGEST_MAPPING:
        raise Invalid({"mapping": "too_long"})
    try:
        return read_mapping(tomllib.loads(words))
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        raise Invalid({"mapping": "not_toml"}, place=place.groups() if place else None) from error
    except Invalid as refused:
        raise Invalid({"mapping": "mapping_wrong"}, wrong=refused.fields) from refused


def _first_row(stream: BinaryIO | None, size: int, most: int) -> tuple[Mapping[str, Any], bool]:
    """The first row of a file, which is left at its start, and whether it is packed."""
    if stream is None or not size:
        raise Invalid({"file": "no_file"})
    if size > most:
        raise Invalid({"file": "import_file_too_large"}, megabytes=most // (1024 * 1024))
    packed = stream.read(len(PACKED)) == PACKED
    stream.seek(0)
    with rows_of(stream, packed=packed) as rows:
        first = next(rows, None)
    stream.seek(0)
    if first is None:
        raise Invalid({"file": "no_rows"})
    return first, packed


def _check_together(first: Mapping[str, Any], meaning: ImportMapping) -> None:
    missing = missing_columns(first, meaning)
    if missing:
        raise Invalid({"mapping": "columns_missing"}, missing=missing)
    with reading() as session:
        if not imports.levels(session, meaning.service_level):
            raise Invalid({"mapping": "mapping_wrong"}, wrong={"service_level": "unknown"})


def _refuse_a_second(session: Session) -> None:
    if imports.unfinished(session) is not None:
        raise Conflict("import_unfinished")
