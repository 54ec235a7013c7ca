"""Files on the local disk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from feedback.storage.files.keys import checked, is_key

_TEMPORARY_PREFIX = ".writing-"
"""Begins with a dot, as no key does: a file left behind by a crash is never listed."""


class LocalFiles:
    """A FileStore under one folder.

    `photos/3fa9….jpg` lies in `photos/3f/3fa9….jpg`: no folder grows beyond what tools can list.
    Several processes may use the same folder at once.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, data: bytes | BinaryIO) -> None:
        """Write to a temporary file beside the target and rename it, each step flushed to disk.

        A crash leaves the old file, the new one, or none; at worst also a stray temporary file.
        """
        target = self._path(key)
        _make_folders(target.parent)
        handle, name = tempfile.mkstemp(prefix=_TEMPORARY_PREFIX, dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                if isinstance(data, bytes):
                    file.write(data)
                else:
                    shutil.copyfileobj(data, file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def open(self, key: str) -> BinaryIO:
        """See FileStore."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """See FileStore."""
        path = self._path(key)
        try:
            path.unlink()
        except FileNotFoundError:
            return
        _sync_folder(path.parent)

    def exists(self, key: str) -> bool:
        """See FileStore."""
        return self._path(key).is_file()

    def stored_at(self, key: str) -> datetime | None:
        """See FileStore."""
        try:
            return datetime.fromtimestamp(self._path(key).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def keys(self, prefix: str = "") -> Iterator[str]:
        """See FileStore."""
        for path in self._root.glob("*/*/*"):
            key = f"{path.parent.parent.name}/{path.name}"
            if key.startswith(prefix) and is_key(key):
                yield key

    def _path(self, key: str) -> Path:
        folder, name = checked(key).split("/")
        return self._root / folder / name[:2] / name


def _make_folders(folder: Path) -> None:
    """Create `folder` and its parents; a new folder's own entry is flushed to disk as well."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o750, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename or removal in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
