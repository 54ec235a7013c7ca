"""SQLite's contents: one file, copied at one moment by its online backup."""

import gzip
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect

from feedback.storage.backups.contents import (
    DATABASE,
    NOT_CONTENT,
    Counts,
    in_chunks,
    revision_of,
    table_counts,
)
from feedback.storage.database import migrating, prepare_engine, replace_sqlite

FOLDER = f"{DATABASE}sqlite/"


class SqliteSnapshot:
    """See Snapshot. Lies in a folder beside the database until it is read."""

    def __init__(self, path: Path, connection: Connection) -> None:
        self._path = path
        self.connection = connection
        self.revision = revision_of(connection)
        self.counts = Counts()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """See Snapshot."""
        tables = sorted(set(inspect(self.connection).get_table_names()) - NOT_CONTENT)
        self.counts.rows = table_counts(self.connection, tables)
        with self._path.open("rb") as file:
            for number, piece in enumerate(in_chunks(file)):
                yield f"{FOLDER}{number:06}.gz", piece


@contextmanager
def sqlite_snapshot(engine: Engine) -> Iterator[SqliteSnapshot]:
    """Copy the database as it stands now; writers go on meanwhile.

    In one step: a copy in many would begin anew with each write of somebody else.
    """
    source = Path(str(engine.url.database))
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=source.parent) as folder:
        path = Path(folder) / "copy.sqlite3"
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
        with _own_engine(path) as own, own.connect() as connection:
            yield SqliteSnapshot(path, connection)


class SqliteLoading:
    """See Loading. Fills a file beside the database, which takes its place in the end."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path

    def take(self, name: str, content: bytes) -> None:
        """See Loading. The parts come in the order of the file."""
        if not name.startswith(FOLDER):
            raise ValueError(f"{name} is not part of an SQLite database")
        with self._path.open("ab") as file:
            file.write(gzip.decompress(content))

    @contextmanager
    def finishing(self, counts: Counts) -> Iterator[Connection]:
        """See Loading."""
        with _own_engine(self._path) as own:
            with migrating(own) as connection:
                if table_counts(connection, list(counts.rows)) != counts.rows:
                    raise ValueError("the database does not hold what the backup says")
                yield connection
            with own.connect() as connection:  # all of it in the one file
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        replace_sqlite(self._engine, self._path)


@contextmanager
def sqlite_loading(engine: Engine) -> Iterator[SqliteLoading]:
    """Fill the database anew; its file need not exist."""
    parent = Path(str(engine.url.database)).parent
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=parent) as folder:
        yield SqliteLoading(engine, Path(folder) / "new.sqlite3")


@contextmanager
def _own_engine(path: Path) -> Iterator[Engine]:
    own = create_engine(f"sqlite:///{path}")
    prepare_engine(own)
    try:
        yield own
    finally:
        own.dispose()
