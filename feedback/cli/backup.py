"""`flask --app wsgi backup`: the whole installation in one file, checked, and brought back."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import click
from flask import current_app
from flask.cli import AppGroup

from config import VERSION
from feedback.domain.errors import Conflict
from feedback.operations.create_backup import Manifest, create_backup
from feedback.operations.restore_backup import restore_backup
from feedback.operations.verify_backup import Verified, verify_backup
from feedback.storage.backups.postgresql import TablesInUse
from feedback.storage.backups.sealing import CannotOpen, Keys

commands = AppGroup("backup", help="The whole installation in one file, and back.")

NAME = re.compile(r"feedback-\d{8}T\d{6}Z\.backup")
PASSPHRASE, PASSPHRASE_FILE = "BACKUP_PASSPHRASE", "BACKUP_PASSPHRASE_FILE"
SHOWN = 20
SENTENCES = {
    "no_schema": "The database has no tables yet: there is nothing to keep",
    "in_use": "The database is in use. --replace puts the backup in its place; what it holds now"
    " is lost",
    "still_running": "The city still runs: stop every process of it first",
    "other_database": "The backup is one of {made_of}, and this installation keeps its data in"
    " {this}",
    "newer_schema": "The backup was made by a newer version (schema {backup}); this one knows"
    " schemas up to {known}: install that version first",
    "damaged": "The backup is damaged, nothing was restored",
    "not_a_recipient": "A recipient must be an age public key, as in age1…",
    "not_an_identity": "The identity file holds no age secret key (AGE-SECRET-KEY-…)",
    "identity_needed": "The backup is sealed for an age key: name its file with --identity-file",
    "wrong_key": "No key of the identity file opens this backup",
    "passphrase_needed": f"The backup is sealed with a passphrase: set {PASSPHRASE_FILE}"
    f" or {PASSPHRASE}",
    "wrong_passphrase": "The passphrase does not open this backup",
    "two_seals": "Seal for recipients or with a passphrase, not both",
}
identity_file = click.option(
    "--identity-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="BACKUP_IDENTITY_FILE",
    help="The age secret keys that open it (BACKUP_IDENTITY_FILE).",
)


@commands.command("create")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Remove all but the newest so many.")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    envvar="BACKUP_RECIPIENTS",
    help="Seal it for an age public key (BACKUP_RECIPIENTS); may be given several times.",
)
def create(target: Path, keep: int | None, recipients: tuple[str, ...]) -> None:
    """Write a backup to TARGET: a folder, which then gets a file named by the moment, or a file.

    Nothing needs to be stopped. BACKUP_PASSPHRASE_FILE or BACKUP_PASSPHRASE seals it too.
    """
    now = datetime.now(UTC)
    keys = Keys(recipients=recipients, passphrase=_passphrase())
    if keys.recipients and keys.passphrase:
        raise click.ClickException(SENTENCES["two_seals"])
    path = target / f"feedback-{now:%Y%m%dT%H%M%SZ}.backup" if target.is_dir() else target
    if keep and path == target:
        raise click.UsageError("--keep is for a folder of backups")
    with _refusals(), _written_whole(path) as file:
        manifest = create_backup(
            cast(BinaryIO, file),
            product_version=VERSION,
            keys=keys,
            city=current_app.extensions["city"],
            now=now,
        )
    click.echo(f"{path}: {_told(manifest)}, {file.size / 1e6:.1f} MB")
    for old in _backups(target)[keep:] if keep else ():
        old.unlink()
        _checksum_file(old).unlink(missing_ok=True)
        click.echo(f"{old}: removed")


@commands.command("verify")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@identity_file
def verify(source: Path, identity_file: Path | None) -> None:
    """Check every checksum of a backup, without restoring it; of a folder, of the newest in it.

    Without the key of a sealed one, only the checksum of the whole file can be checked.
    """
    path = _newest(source)
    keys = _opening_keys(identity_file)
    with path.open("rb") as file:
        try:
            with _refusals():
                verified = verify_backup(file, keys=keys)
        except CannotOpenBackup as refusal:
            if refusal.code not in {"identity_needed", "passphrase_needed"}:
                raise
            _verify_outside(path, refusal)
            return
    if not verified.is_whole:
        raise click.ClickException(_problems(f"{path} is damaged", verified.findings.problems))
    click.echo(f"{path} is whole.\n{_summary(verified)}")


@commands.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of what the database holds.")
@identity_file
def restore(source: Path, replace: bool, identity_file: Path | None) -> None:
    """Bring the installation back from a backup: checked first, then all of it or nothing.

    Stop every process of the city before. Without --replace the database must be empty.
    """
    with source.open("rb") as file, _refusals():
        verified = restore_backup(
            file,
            keys=_opening_keys(identity_file),
            migrations=current_app.extensions["migrate"].directory,
            replace=replace,
            city=current_app.extensions["city"],
            now=datetime.now(UTC),
        )
    click.echo(f"Restored from {source}.\n{_summary(verified)}")


class CannotOpenBackup(click.ClickException):
    """The seal does not open; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


@contextmanager
def _refusals() -> Iterator[None]:
    """Every refusal of the operations as one clear line."""
    try:
        yield
    except CannotOpen as refusal:
        raise CannotOpenBackup(refusal.code) from refusal
    except TablesInUse as refusal:
        raise click.ClickException(SENTENCES["still_running"]) from refusal
    except Conflict as refusal:
        sentence = SENTENCES[refusal.code].format(**refusal.params)
        raise click.ClickException(
            _problems(sentence, refusal.params.get("problems", ()))
        ) from refusal
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _passphrase() -> str:
    """From the environment or a file, never from the command line, which everybody can read."""
    file = os.environ.get(PASSPHRASE_FILE)
    if not file:
        return os.environ.get(PASSPHRASE, "")
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise click.ClickException(f"{PASSPHRASE_FILE}: {error.strerror}") from error


def _opening_keys(identity_file: Path | None) -> Keys:
    lines = identity_file.read_text(encoding="utf-8").splitlines() if identity_file else []
    secrets = [line for line in lines if line.strip() and not line.startswith("#")]
    return Keys(identities=secrets, passphrase=_passphrase())


class _Hashing:
    """A file being written, with its size and its checksum."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sum = hashlib.sha256()
        self.size = 0

    @property
    def checksum(self) -> str:
        """Of all that was written."""
        return self._sum.hexdigest()

    def write(self, content: bytes) -> int:
        """As a file's."""
        self._sum.update(content)
        self.size += len(content)
        return self._file.write(content)

    def flush(self) -> None:
        """As a file's."""
        self._file.flush()


@contextmanager
def _written_whole(path: Path) -> Iterator[_Hashing]:
    """A file that appears under its name when all of it is on the disk, with its checksum beside
    it; readable by its owner only."""
    handle, name = tempfile.mkstemp(prefix=".backup-", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            hashing = _Hashing(file)
            yield hashing
            file.flush()
            os.fsync(file.fileno())
        _checksum_file(path).write_text(f"{hashing.checksum}  {path.name}\n", encoding="ascii")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _checksum_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _backups(folder: Path) -> list[Path]:
    """The backups of a folder, the newest first."""
    found = (path for path in folder.iterdir() if NAME.fullmatch(path.name))
    return sorted(found, reverse=True)


def _newest(source: Path) -> Path:
    if not source.is_dir():
        return source
    found = _backups(source)
    if not found:
        raise click.ClickException(f"{source} holds no backup")
    return found[0]


def _verify_outside(path: Path, refusal: CannotOpenBackup) -> None:
    """Hold a sealed file against the checksum beside it."""
    try:
        expected = _checksum_file(path).read_text(encoding="ascii").partition(" ")[0]
    except OSError:
        raise refusal from None
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise click.ClickException(f"{path} is damaged: its checksum is another")
    click.echo(
        f"{path} is as it was written. It is sealed, and without its key what is inside cannot be"
        " checked."
    )


def _told(manifest: Manifest) -> str:
    rows = manifest.counts.rows
    line = (
        f"{rows.get('reports', 0)} reports, {sum(rows.values())} rows in {len(rows)} tables, "
        f"{manifest.files} files of {manifest.file_bytes / 1e6:.1f} MB"
    )
    if manifest.missing:
        line += _problems(
            f". {len(manifest.missing)} files were missing from the store already", manifest.missing
        )
    return line


def _summary(verified: Verified) -> str:
    about, manifest = verified.about, verified.manifest
    if about is None or manifest is None:
        raise ValueError("only a whole backup says what it is")
    return (
        f"Data of {about.created_at}, {about.database}, schema {about.schema_revision},"
        f" version {about.product_version}: {_told(manifest)}"
    )


def _problems(sentence: str, problems: object) -> str:
    lines = [str(problem) for problem in problems] if isinstance(problems, list) else []
    shown = [f"  {line}" for line in lines[:SHOWN]]
    more = [f"  … and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join([f"{sentence}:" if lines else sentence, *shown, *more])
