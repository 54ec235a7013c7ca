"""Reports of another system are taken over, with the history their file tells.

The one place beside `Life` that writes histories: what is imported has happened already, and is
written down as it was, many reports at once. A report is known by its source and key, so that the
same file again, or a file that broke off, stores nothing twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from feedback.domain.errors import Invalid
from feedback.domain.events import Event
from feedback.domain.imported import ImportedReport, ImportMapping, Refusal, read_row
from feedback.operations.city import City
from feedback.operations.imported_names import Names
from feedback.operations.imported_rows import Store
from feedback.operations.outbox import promise
from feedback.operations.reference import Reference
from feedback.operations.transaction import reading, transaction
from feedback.storage.queries import imports

AT_ONCE = 1_000
Row = Mapping[str, str | None]


@dataclass(slots=True)
class Imported:
    """What became of a file's rows; `left_out` are values of rows that were taken all the same.

    `new_categories` and `new_units` are words of the file.
    """

    stored: int = 0
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)
    left_out: list[Refusal] = field(default_factory=list)
    new_categories: list[str] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)


def import_reports(
    rows: Iterable[Row],
    mapping: ImportMapping,
    *,
    city: City,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _count: None,
) -> Imported:
    """Take over every row that can be; a thousand at a time are stored or not at all.

    With `dry_run` nothing is stored, and the answer tells what would be. `progress` is called with
    the number of rows done since. Raises Invalid naming `service_level` or `columns` when the file
    cannot be read by this mapping at all.
    """
    done = Imported()
    with reading() as session:
        if not imports.levels(session, mapping.service_level):
            raise Invalid({"service_level": "unknown"})
        names = Names(session, mapping)
    understood = _understood(rows, mapping, now, names, done)
    while batch := list(islice(understood, AT_ONCE)):
        reports = [one for one in batch if one is not None]
        if dry_run:
            with reading() as session:
                fresh = _fresh(session, mapping, reports)
        else:
            with transaction(city) as session:
                fresh = _fresh(session, mapping, reports)
                names.create_missing(session, fresh)
                levels = imports.levels(session, mapping.service_level)
                reference = Reference(session, city)
                Store(session, reference, mapping, names, levels, now).write(fresh)
        done.stored += len(fresh)
        done.known += len(reports) - len(fresh)
        progress(len(batch))
    done.new_categories, done.new_units = sorted(names.new_categories), sorted(names.new_units)
    if done.stored and not dry_run:
        with transaction(city) as session:
            promise(session, Event.FIGURES_CHANGED, now)
    return done


def _understood(
    rows: Iterable[Row], mapping: ImportMapping, now: datetime, names: Names, done: Imported
) -> Iterator[ImportedReport | None]:
    """Each row as a report, or None when it was refused; the refusal is written down."""
    seen: set[str] = set()
    for line, row in enumerate(rows, 2):
        if line == 2:
            _check_columns(row, mapping)
        found = read_row(line, row, mapping, now)
        if isinstance(found, ImportedReport):
            found = names.checked(found)
        if isinstance(found, ImportedReport) and found.key in seen:
            column = mapping.columns["id"]
            found = Refusal(line, found.key, column, "repeated", found.key)
        if isinstance(found, Refusal):
            done.refused.append(found)
            yield None
            continue
        seen.add(found.key)
        if found.left_out is not None:
            done.left_out.append(found.left_out)
        yield found


def _check_columns(row: Row, mapping: ImportMapping) -> None:
    missing = [column for column in mapping.columns.values() if column and column not in row]
    if missing:
        raise Invalid({"columns": "missing"}, missing=", ".join(sorted(missing)))


def _fresh(
    session: Session, mapping: ImportMapping, reports: list[ImportedReport]
) -> list[ImportedReport]:
    known = imports.known_keys(session, mapping.source, [one.key for one in reports])
    return [one for one in reports if one.key not in known]
