"""`flask reports import`: reports of another system, from a CSV file and a mapping."""

import csv
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from feedback.domain.calendar import NoWorkingTime
from feedback.domain.errors import Invalid
from feedback.domain.imported import ImportMapping, Refusal, read_mapping
from feedback.operations.import_reports import Imported, import_reports
from feedback.operations.imported_files import Rows, rows_of
from feedback.wording.imports import refusal_words

commands = AppGroup("reports", help="Reports as a whole.")

LANGUAGE = "en"  # that of the commands
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@commands.command("import")
@click.argument("file", type=A_FILE)
@click.option("--mapping", type=A_FILE, required=True, help="TOML: what columns and words mean.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, store nothing.")
@click.option(
    "--refused",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every refused row and why into this CSV file.",
)
def import_command(file: Path, mapping: Path, dry_run: bool, refused: Path | None) -> None:
    """Take over FILE (CSV, also .gz) with its history; again stores only what is new."""
    try:
        meaning = _mapping(mapping)
        with _opened(file) as rows:
            count = sum(1 for _ in rows)
        with _opened(file) as rows, click.progressbar(length=count, label="Rows") as bar:
            done = import_reports(
                rows,
                meaning,
                city=current_app.extensions["city"],
                now=datetime.now(UTC),
                dry_run=dry_run,
                progress=bar.update,
            )
    except Invalid as refusal:
        raise click.ClickException(_why(file, mapping, refusal)) from refusal
    except NoWorkingTime as error:
        raise click.ClickException("The calendar has no working time to promise in.") from error
    with force_locale(LANGUAGE):
        if refused is not None:
            _write_refused(refused, done.refused)
        click.echo(_told(done, dry_run=dry_run))


def _mapping(file: Path) -> ImportMapping:
    try:
        return read_mapping(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} is not TOML: {error}") from error


@contextmanager
def _opened(file: Path) -> Iterator[Rows]:
    """The rows of a file, unpacked where its name ends in .gz; of any size, unlike those sent."""
    with file.open("rb") as stream:
        packed = file.suffix == ".gz"
        with rows_of(stream, packed=packed, most=sys.maxsize) as rows:
            yield rows


def _why(file: Path, mapping: Path, refusal: Invalid) -> str:
    if "file" in refusal.fields:
        return f"{file} is not a CSV file in UTF-8: {refusal.params['why']}"
    missing = refusal.params.get("missing")
    if missing:
        return f"The file lacks columns that {mapping} names: {missing}"
    lines = [f"  {name}: {reason}" for name, reason in sorted(refusal.fields.items())]
    return "\n".join([f"{mapping} cannot be used:", *lines])


def _told(done: Imported, *, dry_run: bool) -> str:
    stored = "would be stored" if dry_run else "stored"
    lines = [f"{done.stored} {stored}, {done.known} known already, {len(done.refused)} refused"]
    lines += _by_reason(done.refused)
    if done.left_out:
        lines.append(f"{len(done.left_out)} values left out of reports that were taken")
        lines += _by_reason(done.left_out)
    for kind, words in (("categories", done.new_categories), ("units", done.new_units)):
        if words:
            lines.append(f"New {kind}: {', '.join(words)}")
    return "\n".join(lines)


def _by_reason(found: list[Refusal]) -> Iterator[str]:
    """A line for each column and reason, with how often and where first."""
    for (column, reason), count in Counter((r.column, r.reason) for r in found).most_common():
        first = next(r for r in found if (r.column, r.reason) == (column, reason))
        value = f" ({first.value!r})" if first.value else ""
        yield f"  {count} × {column} {refusal_words(reason)}; the first in line {first.line}{value}"


def _write_refused(file: Path, refused: list[Refusal]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("line", "id", "column", "reason", "value"))
        writer.writerows(
            (r.line, r.key, r.column, refusal_words(r.reason), r.value) for r in refused
        )
