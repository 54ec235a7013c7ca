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

    `new_categories` and `new_units` are words of the file. What was refused counts from the first
    row on, also where only a part was taken; not `finished` says that rows are left.
    """

    stored: int = 0
    known: int = 0
    finished: bool = True
    refused: list[Refusal] = field(default_factory=list)
    left_out: list[Refusal] = field(default_factory=list)
    new_categories: list[str] = field(default_factory=list)
    new_units: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are stored at once or not at all, and what becomes of them."""

    rows: int
    stored: int
    known: int


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of a file that are taken now: those after the first ones, and not too many.

    `note` is called inside the transaction of each batch, before it is written; what it raises
    undoes the batch.
    """

    after: int = 0
    at_most: int | None = None
    note: Callable[[Session, Batch], None] = lambda _session, _batch: None


WHOLE = Part()


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
    done = import_part(rows, mapping, WHOLE, city=city, now=now, dry_run=dry_run, progress=progress)
    if done.stored and not dry_run:
        with transaction(city) as session:
            promise(session, Event.FIGURES_CHANGED, now)
    return done


def import_part(
    rows: Iterable[Row],
    mapping: ImportMapping,
    part: Part,
    *,
    city: City,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _count: None,
) -> Imported:
    """Take over a part of a file as `import_reports` does; the figures are the caller's.

    The rows before the part are understood once more, since a later row may repeat one of them,
    and nothing else is done about them.
    """
    done = Imported()
    with reading() as session:
        if not imports.levels(session, mapping.service_level):
            raise Invalid({"service_level": "unknown"})
        names = Names(session, mapping)
    understood = _understood(rows, mapping, now, names, done)
    for _ in islice(understood, part.after):
        pass
    taken = 0
    while batch := list(islice(understood, AT_ONCE)):
        reports = [one for one in batch if one is not None]
        if dry_run:
            with reading() as session:
                fresh = _fresh(session, mapping, reports)
        else:
            with transaction(city) as session:
                fresh = _fresh(session, mapping, reports)
                part.note(session, Batch(len(batch), len(fresh), len(reports) - len(fresh)))
                names.create_missing(session, fresh)
                levels = imports.levels(session, mapping.service_level)
                reference = Reference(session, city)
                Store(session, reference, mapping, names, levels, now).write(fresh)
        done.stored += len(fresh)
        done.known += len(reports) - len(fresh)
        progress(len(batch))
        taken += len(batch)
        if part.at_most is not None and taken >= part.at_most:
            done.finished = False
            break
    done.new_categories, done.new_units = sorted(names.new_categories), sorted(names.new_units)
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


def missing_columns(row: Row, mapping: ImportMapping) -> list[str]:
    """The columns that a mapping names and a file lacks."""
    return sorted(one for one in mapping.columns.values() if one and one not in row)


def _check_columns(row: Row, mapping: ImportMapping) -> None:
    missing = missing_columns(row, mapping)
    if missing:
        raise Invalid({"columns": "missing"}, missing=", ".join(missing))


def _fresh(
    session: Session, mapping: ImportMapping, reports: list[ImportedReport]
) -> list[ImportedReport]:
    known = imports.known_keys(session, mapping.source, [one.key for one in reports])
    return [one for one in reports if one.key not in known]
