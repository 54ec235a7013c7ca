"""PostgreSQL's contents: every table's rows by COPY, in one transaction that sees one moment.

Neither writing nor reading asks for a client program of the server's version: what COPY writes as
text, every version reads. The tables themselves are made by the migrations.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Cursor
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from feedback.storage.backups.contents import (
    CHUNK,
    DATABASE,
    NOT_CONTENT,
    Counts,
    compressed,
    revision_of,
    table_counts,
    word,
)

FOLDER = f"{DATABASE}postgresql/"
COLUMNS = f"{FOLDER}columns.json"
Migrate = Callable[[Connection, str], None]
PLAIN = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET LOCAL TIME ZONE 'UTC'",
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL client_encoding = 'UTF8'",
)
PATIENCE = "SET LOCAL lock_timeout = '10s'"


class TablesInUse(Exception):
    """Somebody is working with the tables that were to be replaced."""


class PostgresqlSnapshot:
    """See Snapshot. Open as long as its transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.revision = revision_of(connection)
        self.counts = Counts()

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """See Snapshot."""
        columns = {table: _columns(self.connection, table) for table in _tables(self.connection)}
        yield COLUMNS, json.dumps(columns).encode()
        for table, names in columns.items():
            yield from self._rows(table, names)
        # Sequences run ahead of every snapshot, so the last numbers are read after the rows.
        self.counts.sequences = _sequences(self.connection, list(columns))

    def _rows(self, table: str, names: list[str]) -> Iterator[tuple[str, bytes]]:
        number, piece = 0, bytearray()
        with _cursor(self.connection) as cursor:
            with cursor.copy(f"COPY {_table(table, names)} TO STDOUT") as rows:
                for block in rows:
                    piece += block
                    if len(piece) >= CHUNK:
                        yield _part(table, number), compressed(bytes(piece))
                        number, piece = number + 1, bytearray()
            self.counts.rows[table] = cursor.rowcount
        if piece:
            yield _part(table, number), compressed(bytes(piece))


@contextmanager
def postgresql_snapshot(engine: Engine) -> Iterator[PostgresqlSnapshot]:
    """The database as it stands now; writers go on meanwhile."""
    with engine.connect() as connection, connection.begin():
        for setting in (*PLAIN, "SET TRANSACTION READ ONLY"):
            connection.exec_driver_sql(setting)
        yield PostgresqlSnapshot(connection)


class PostgresqlLoading:
    """See Loading. All of it is one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._columns: dict[str, list[str]] = {}
        self._references = _without_references(connection)

    def take(self, name: str, content: bytes) -> None:
        """See Loading. The columns come first."""
        if name == COLUMNS:
            self._columns = json.loads(content)
            return
        table = name.removeprefix(FOLDER).partition("/")[0]
        if not name.startswith(FOLDER) or table not in self._columns:
            raise ValueError(f"{name} is not part of a PostgreSQL database")
        statement = f"COPY {_table(table, self._columns[table])} FROM STDIN"
        with _cursor(self._connection) as cursor, cursor.copy(statement) as rows:
            rows.write(gzip.decompress(content))

    @contextmanager
    def finishing(self, counts: Counts) -> Iterator[Connection]:
        """See Loading."""
        for statement in self._references:
            self._connection.exec_driver_sql(statement)
        for column, last in counts.sequences.items():
            table, _, name = column.partition(".")
            self._connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :name), :last)"),
                {"table": word(table), "name": name, "last": last},
            )
        if table_counts(self._connection, list(counts.rows)) != counts.rows:
            raise ValueError("the database does not hold what the backup says")
        yield self._connection


@contextmanager
def postgresql_loading(
    engine: Engine, revision: str, migrate: Migrate
) -> Iterator[PostgresqlLoading]:
    """Fill the database anew, whatever it holds, with tables as they were at `revision`.

    Raises TablesInUse when somebody does not let go of the old ones.
    """
    with engine.connect() as connection, connection.begin():
        for setting in (*PLAIN, PATIENCE):
            connection.exec_driver_sql(setting)
        try:
            for table in (*_tables(connection), *NOT_CONTENT):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {word(table)} CASCADE")
        except OperationalError as error:
            if isinstance(error.orig, LockNotAvailable):
                raise TablesInUse from error
            raise
        migrate(connection, revision)
        yield PostgresqlLoading(connection)


def _part(table: str, number: int) -> str:
    """Each part ends wherever COPY's blocks end: at the end of a row."""
    return f"{FOLDER}{table}/{number:06}.gz"


def _table(table: str, names: list[str]) -> str:
    return f"{word(table)} ({', '.join(word(name) for name in names)})"


@contextmanager
def _cursor(connection: Connection) -> Iterator[Cursor[Any]]:
    raw: Any = connection.connection.dbapi_connection
    with raw.cursor() as cursor:
        yield cursor


def _tables(connection: Connection) -> list[str]:
    """Every table of the schema but those that belong to an extension of the server."""
    rows = connection.execute(
        text(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')"
            " AND c.relnamespace = current_schema()::regnamespace AND NOT EXISTS ("
            "  SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
            " ORDER BY c.relname"
        )
    )
    return [name for (name,) in rows if name not in NOT_CONTENT]


def _columns(connection: Connection, table: str) -> list[str]:
    columns = inspect(connection).get_columns(table)
    return [column["name"] for column in columns if not column.get("computed")]


def _sequences(connection: Connection, tables: list[str]) -> dict[str, int]:
    """The last number of each sequence that fills a column, by "table.column"."""
    found = {}
    for table in tables:
        for column in _columns(connection, table):
            asked = {"table": table, "name": column}
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :name)"), asked
            ).scalar()
            last = (
                sequence
                and connection.execute(
                    text(
                        "SELECT last_value FROM pg_sequences WHERE"
                        " format('%I.%I', schemaname, sequencename) = :name"
                    ),
                    {"name": sequence},
                ).scalar()
            )
            if last:
                found[f"{table}.{column}"] = last
    return found


def _without_references(connection: Connection) -> list[str]:
    """Drop every foreign key, so that tables can be filled in any order; returns what makes them
    again, and with it checks every row."""
    rows = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = current_schema()::regnamespace ORDER BY conname"
        )
    ).all()
    for table, name, _ in rows:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {made}' for table, name, made in rows]
