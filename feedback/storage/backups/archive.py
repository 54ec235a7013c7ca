"""The archive: a tar of parts in which every part's checksum follows it.

After some thousand parts comes one with the name, size and SHA-256 of each; the last of these ends
the archive. So it is written and checked in one pass, in little memory, and what is cut off, left
out, added or changed is found. Ordinary tools open it: `tar`, `sha256sum`, `gzip`.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, cast

CHECKSUMS = "checksums/"
END = f"{CHECKSUMS}end"
GROUP = 5_000
MOST_PROBLEMS = 1_000


class DamagedArchive(Exception):
    """The archive ends early or cannot be read at all."""


class ArchiveWriter:
    """Writes the parts of an archive to a stream that need not be seekable."""

    def __init__(self, stream: BinaryIO, group: int = GROUP) -> None:
        self._tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 (closed by `end`)
        self._group = group
        self._groups = 0
        self._lines: list[str] = []

    def add(self, name: str, content: bytes) -> None:
        """Write one part."""
        self._write(name, content)
        self._lines.append(_line(name, len(content), hashlib.sha256(content).hexdigest()))
        if len(self._lines) >= self._group:
            self._groups += 1
            self._write_checksums(f"{CHECKSUMS}{self._groups:06}")

    def end(self) -> None:
        """Write what shows that the archive is whole."""
        self._write_checksums(END)
        self._tar.close()

    def _write_checksums(self, name: str) -> None:
        self._write(name, "".join(self._lines).encode())
        self._lines.clear()

    def _write(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        member.mode = 0o600
        self._tar.addfile(member, io.BytesIO(content))


@dataclass(frozen=True, slots=True)
class Part:
    """One part as it comes out of an archive."""

    name: str
    content: bytes


@dataclass(slots=True)
class Findings:
    """What is wrong with an archive, as lines for people; `count` goes on when the lines stop."""

    problems: list[str] = field(default_factory=list)
    count: int = 0

    def note(self, problem: str) -> None:
        """Add one problem."""
        self.count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def read_archive(stream: IO[bytes], largest: int, findings: Findings) -> Iterator[Part]:
    """The parts of an archive in their order; what is wrong with them goes into `findings`.

    A part is handed out before its checksum is known: the findings speak once all are read. Parts
    larger than `largest` bytes are no parts of ours. Raises DamagedArchive when it cannot be read
    to its end.
    """
    seen: dict[str, tuple[int, str]] = {}
    ended, last = False, "its beginning"
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                if not member.isfile() or member.size > largest:
                    raise DamagedArchive(f"{member.name} is not a part of a backup")
                last = member.name
                content = cast(IO[bytes], tar.extractfile(member)).read()
                if len(content) < member.size:
                    raise DamagedArchive(f"it ends in the middle of {member.name}")
                if member.name.startswith(CHECKSUMS):
                    _compare(content, seen, findings)
                    ended = member.name == END
                    continue
                seen[member.name] = (len(content), hashlib.sha256(content).hexdigest())
                yield Part(member.name, content)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DamagedArchive(str(error)) from error
    if not ended:
        raise DamagedArchive(f"it is cut off after {last}")


def _compare(content: bytes, seen: dict[str, tuple[int, str]], findings: Findings) -> None:
    """Hold the parts read since the last checksums against their own; forgets them."""
    for line in content.decode("utf-8", errors="replace").splitlines():
        checksum, _, rest = line.partition("  ")
        size, _, name = rest.partition("  ")
        found = seen.pop(name, None)
        if found is None:
            findings.note(f"{name} is missing")
        elif found != (int(size) if size.isdecimal() else -1, checksum):
            findings.note(f"{name} is damaged")
    for name in seen:
        findings.note(f"{name} does not belong to it")
    seen.clear()


def _line(name: str, size: int, checksum: str) -> str:
    return f"{checksum}  {size}  {name}\n"
