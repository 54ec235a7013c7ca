"""The rows of a CSV file, read one by one within bounds; what cannot be read is one refusal."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from feedback.domain.errors import Invalid
from feedback.domain.text import normalise

LONGEST_LINE = 1_000_000
MOST_UNPACKED = 1024 * 1024 * 1024
PACKED = b"\x1f\x8b"
Rows = Iterator[dict[str, str | None]]
_CANNOT_READ = (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, EOFError, zlib.error)


@contextmanager
def rows_of(stream: BinaryIO, *, packed: bool, most: int = MOST_UNPACKED) -> Iterator[Rows]:
    """The rows of a file by the names in its first line, `packed` by gzip or as they are.

    Reading them raises Invalid naming `file`: `not_a_csv` (with `why`) for anything that is not CSV
    in UTF-8, `unpacked_too_large` where it holds more than `most` bytes.
    """
    plain = gzip.GzipFile(fileobj=stream) if packed else stream
    try:
        bounded = io.BufferedReader(_Bounded(plain, most), io.DEFAULT_BUFFER_SIZE * 8)
        with io.TextIOWrapper(bounded, encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(_lines(text))
            reader.fieldnames = [normalise(name) for name in reader.fieldnames or ()]
            yield reader
    except _CANNOT_READ as error:
        raise Invalid({"file": "not_a_csv"}, why=str(error)) from error


class _Bounded(io.RawIOBase):
    """At most so many bytes of a stream; reading on is refused."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, most: int) -> None:
        self._stream, self._left = stream, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise Invalid({"file": "unpacked_too_large"})
        buffer[: len(piece)] = piece
        return len(piece)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a text; one that never ends would be in memory as a whole."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise csv.Error(f"a line has more than {LONGEST_LINE} characters")
        yield line
