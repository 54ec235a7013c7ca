"""What every store of files can do, wherever the bytes lie."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Protocol


class FileStore(Protocol):
    """Files by key; a key is one of `feedback.storage.files.keys`.

    Every method raises ValueError for a key that is none. A file is there whole or not at all.
    """

    def put(self, key: str, data: bytes | BinaryIO) -> None:
        """Keep `data` under `key`, in place of what was there; durable once this returns."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The file's bytes, for reading; FileNotFoundError when there is none."""
        ...

    def delete(self, key: str) -> None:
        """Remove the file; nothing happens when there is none."""
        ...

    def exists(self, key: str) -> bool:
        """Whether there is a file under `key`."""
        ...

    def stored_at(self, key: str) -> datetime | None:
        """When the file was last put, in UTC; None when there is none."""
        ...

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that begins with `prefix`, in no promised order."""
        ...
