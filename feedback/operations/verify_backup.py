"""A backup is read from end to end and held against its own checksums; nothing is restored."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO

from feedback.operations.create_backup import ABOUT, FORMAT, MANIFEST, About, Manifest
from feedback.storage.backups.archive import DamagedArchive, Findings, read_archive
from feedback.storage.backups.contents import Counts
from feedback.storage.backups.sealing import Keys, opening

LARGEST_PART = 256 * 1024 * 1024


@dataclass(slots=True)
class Verified:
    """What a backup says of itself, and every problem found in it as a line for people."""

    about: About | None = None
    manifest: Manifest | None = None
    findings: Findings = field(default_factory=Findings)

    @property
    def is_whole(self) -> bool:
        """Whether it can be restored."""
        return bool(self.about and self.manifest and not self.findings.count)


def verify_backup(source: BinaryIO, *, keys: Keys) -> Verified:
    """Read a backup and check every part. Raises CannotOpen when the keys do not fit it."""
    verified = Verified()
    with open_backup(source, keys) as inside:
        try:
            for part in read_archive(inside, LARGEST_PART, verified.findings):
                if part.name == ABOUT:
                    verified.about = read_about(part.content)
                elif part.name == MANIFEST:
                    verified.manifest = read_manifest(part.content)
        except DamagedArchive as damage:
            verified.findings.note(str(damage))
        except (ValueError, TypeError, KeyError) as error:
            verified.findings.note(f"what it says of itself cannot be read: {error}")
    if not verified.findings.count and not verified.is_whole:
        verified.findings.note("it does not say what it is")
    return verified


def open_backup(source: BinaryIO, keys: Keys) -> AbstractContextManager[IO[bytes]]:
    """The archive inside a file, from its beginning."""
    source.seek(0)
    return opening(source, keys)


def read_about(content: bytes) -> About:
    """What a backup is. Raises ValueError or TypeError for what says nothing of the kind."""
    about = About(**_object(content))
    if about.format != FORMAT:
        raise ValueError(f"format {about.format} is not known to this version")
    return about


def read_manifest(content: bytes) -> Manifest:
    """What a backup holds. Raises ValueError, TypeError or KeyError."""
    told = dict(_object(content))
    return Manifest(counts=Counts(**told.pop("counts")), **told)


def _object(content: bytes) -> Mapping[str, Any]:
    found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
