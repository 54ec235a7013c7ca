"""What of a database goes into a backup and comes out again, the same on both databases."""

import gzip
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, Protocol

from sqlalchemy import Connection, inspect, text

CHUNK = 4 * 1024 * 1024
DATABASE = "database/"
# What only a running installation says about itself, and what says which schema it is.
NOT_CONTENT = {"alembic_version"}
# An installation in whose tables of these names anything stands is somebody's.
IN_USE = ("reports", "accounts", "units", "areas", "categories")
_WORD = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(slots=True)
class Counts:
    """What a snapshot held: rows by table, and the last number given out by a sequence."""

    rows: dict[str, int] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)


class Snapshot(Protocol):
    """A database as it stands at one moment."""

    connection: Connection
    revision: str
    counts: Counts

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Its contents as parts of an archive; `counts` is complete once they are read."""
        ...


class Loading(Protocol):
    """A database that is being filled; nothing of it can be seen before the end."""

    def take(self, name: str, content: bytes) -> None:
        """Take one part of a snapshot of the same kind of database."""
        ...

    def finishing(self, counts: Counts) -> AbstractContextManager[Connection]:
        """All parts are there: a connection to the database as it was, for what is still to be
        done to it. With the end of the block all of it is there at once; an error leaves nothing.
        """
        ...


def table_counts(connection: Connection, tables: Sequence[str]) -> dict[str, int]:
    """The number of rows of each of these tables."""
    return {
        table: connection.execute(text(f"SELECT count(*) FROM {word(table)}")).scalar_one()  # noqa: S608
        for table in tables
    }


def is_in_use(connection: Connection) -> bool:
    """Whether somebody has put anything into this database."""
    there = set(inspect(connection).get_table_names())
    return any(table_counts(connection, [name])[name] for name in IN_USE if name in there)


def revision_of(connection: Connection) -> str:
    """The migration the database stands at; empty when it has none."""
    if "alembic_version" not in inspect(connection).get_table_names():
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def word(name: str) -> str:
    """`name` itself, when it can stand in a statement as it is. Raises ValueError."""
    if not _WORD.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a table or column")
    return name


def in_chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """What a stream holds, compressed piece by piece."""
    while piece := stream.read(CHUNK):
        yield compressed(piece)


def compressed(piece: bytes) -> bytes:
    """One piece, made smaller; the same piece always gives the same bytes."""
    return gzip.compress(piece, 6, mtime=0)
