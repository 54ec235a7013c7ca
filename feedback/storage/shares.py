"""Copies of an SQLite database that are filled side by side and brought together again.

A copy hands out numbers from a range of its own: before anything is written, the range's first
number is taken by a row without content in every table that is still empty. What a copy has above
it belongs into the whole.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

RANGE = 1_000_000


def copy_for_share(source: Path, target: Path, share: int) -> None:
    """Make the copy of a share. Only what is empty in `source` may be filled in it."""
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(target)) as copy:
        whole.backup(copy)
        if share:
            for table in _empty_tables(copy):
                _take_number(copy, table, share * RANGE)
        copy.commit()


def bring_together(whole: Path, copies: list[Path]) -> None:
    """Put what each copy was filled with into the whole, in one transaction."""
    with closing(sqlite3.connect(whole, isolation_level=None)) as connection:
        tables = _empty_tables(connection)
        for share, copy in enumerate(copies):
            with _attached(connection, copy):
                connection.execute("BEGIN IMMEDIATE")
                for table in tables:
                    connection.execute(
                        f"INSERT INTO main.{table} SELECT * FROM share.{table} WHERE id > ?",  # noqa: S608
                        (share * RANGE,),
                    )
                connection.execute("COMMIT")


@contextmanager
def _attached(connection: sqlite3.Connection, copy: Path) -> Iterator[None]:
    connection.execute("ATTACH DATABASE ? AS share", (str(copy),))
    try:
        yield
    finally:
        connection.execute("DETACH DATABASE share")


def _empty_tables(connection: sqlite3.Connection) -> list[str]:
    """Every table that numbers its rows and has none yet."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [
        name
        for (name,) in names.fetchall()
        if not name.startswith("sqlite_")
        and any(column[1] == "id" for column in _columns(connection, name))
        and connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is None  # noqa: S608
    ]


def _take_number(connection: sqlite3.Connection, table: str, number: int) -> None:
    """A row without content: every column that must have a value gets an empty one."""
    needed = [
        column[1]
        for column in _columns(connection, table)
        if column[3] and column[4] is None and column[1] != "id"
    ]
    connection.execute(
        f"INSERT INTO {table} ({', '.join(['id', *needed])})"  # noqa: S608 (the schema's own names)
        f" VALUES ({', '.join(['?'] * (len(needed) + 1))})",
        (number, *("" for _ in needed)),
    )


def _columns(connection: sqlite3.Connection, table: str) -> list[tuple[str, ...]]:
    return connection.execute(f"PRAGMA table_info({table})").fetchall()
