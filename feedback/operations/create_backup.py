"""A backup of the whole installation is written while it goes on working."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import IO, Any, BinaryIO

from feedback.domain.errors import Conflict
from feedback.extensions import db
from feedback.operations.city import City
from feedback.operations.transaction import reading
from feedback.storage.backups.archive import ArchiveWriter
from feedback.storage.backups.choosing import snapshot
from feedback.storage.backups.contents import Counts
from feedback.storage.backups.files import is_named, named_files
from feedback.storage.backups.sealing import Keys, sealing
from feedback.storage.models import Photo
from feedback.storage.queries import photos

FORMAT = 1
ABOUT, MANIFEST, FILES, LATER = "about.json", "manifest.json", "files/", "later/"
KEYS_IN_MEMORY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class About:
    """What a backup is, told at its beginning. `created_at` is the moment of the data."""

    product_version: str
    schema_revision: str
    database: str
    created_at: str
    format: int = FORMAT


@dataclass(slots=True)
class Manifest:
    """What a backup holds, told at its end.

    `missing` files were named by the database and not in the store; `gone` ones were removed for
    good between the two. `later` is what became of photos that were processed between the two.
    """

    counts: Counts = field(default_factory=Counts)
    files: int = 0
    file_bytes: int = 0
    missing: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    later: list[dict[str, Any]] = field(default_factory=list)


def create_backup(
    target: BinaryIO, *, product_version: str, keys: Keys, city: City, now: datetime
) -> Manifest:
    """Write the database as it stands now, then the files it names, to a stream.

    The database first: a file without a row does no harm, a row without its file does. What a
    photo job does between the two is looked up and goes along. Raises Conflict for a database
    without tables, CannotOpen for bad keys.
    """
    manifest = Manifest()
    with (
        tempfile.SpooledTemporaryFile(KEYS_IN_MEMORY) as names,
        sealing(target, keys) as inside,
    ):
        archive = ArchiveWriter(inside)
        with snapshot(db.engine) as data:
            if not data.revision:
                raise Conflict("no_schema")
            about = About(product_version, data.revision, db.engine.dialect.name, now.isoformat())
            archive.add(ABOUT, _json(asdict(about)))
            for name, content in data.parts():
                archive.add(name, content)
            manifest.counts = data.counts
            for key in named_files(data.connection):
                names.write(f"{key}\n".encode())
        _add_files(archive, _lines(names), manifest, city)
        archive.add(MANIFEST, _json(asdict(manifest)))
        archive.end()
    return manifest


def _add_files(archive: ArchiveWriter, keys: Iterator[str], manifest: Manifest, city: City) -> None:
    for key in keys:
        if not _add_file(archive, key, manifest, city):
            _look_after(archive, key, manifest, city)


def _add_file(
    archive: ArchiveWriter, key: str, manifest: Manifest, city: City, folder: str = FILES
) -> bool:
    """Write one file; False when it is not there."""
    try:
        with city.files.open(key) as file:
            content = file.read()
    except FileNotFoundError:
        return False
    archive.add(folder + key, content)
    manifest.files += 1
    manifest.file_bytes += len(content)
    return True


def _look_after(archive: ArchiveWriter, key: str, manifest: Manifest, city: City) -> None:
    """Find out what became of a file that the snapshot names and the store no longer has."""
    with reading() as session:
        processed = list(photos.made_from(session, key))
        session.expunge_all()
        still_named = is_named(session.connection(), key)
    if still_named:
        manifest.missing.append(key)
    elif not processed:
        manifest.gone.append(key)
    for photo in processed:
        manifest.later.append(_what_became(photo))
        # Under a name of its own: the snapshot may name the same picture of somebody else as well.
        for made in (photo.large_key, photo.small_key):
            if made and not _add_file(archive, made, manifest, city, folder=LATER):
                manifest.missing.append(made)


def _what_became(photo: Photo) -> dict[str, Any]:
    return {
        "upload_id": photo.upload_id,
        "state": photo.state.value,
        "problem": photo.problem.value if photo.problem else None,
        "large_key": photo.large_key,
        "small_key": photo.small_key,
        "width": photo.width,
        "height": photo.height,
        "processed_at": photo.processed_at.isoformat() if photo.processed_at else None,
    }


def _lines(names: IO[bytes]) -> Iterator[str]:
    names.seek(0)
    return (line.decode().rstrip("\n") for line in names)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
