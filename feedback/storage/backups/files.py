"""The files that a database names, at whatever migration it stands."""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

# Every column that holds a key of the file store, and the rows in which it does. An original is
# there only until its photo is processed.
FILE_COLUMNS = (
    ("photos", "original_key", "state = 'uploaded'"),
    ("photos", "large_key", "large_key <> ''"),
    ("photos", "small_key", "small_key <> ''"),
    ("documents", "key", "key <> ''"),
    ("letters", "file_key", "file_key <> ''"),
    ("commitment_sheets", "vi_key", "vi_key <> ''"),
    ("commitment_sheets", "en_key", "en_key <> ''"),
    ("period_report_files", "file_key", "file_key <> ''"),
    ("report_imports", "file_key", "file_key <> ''"),
    ("report_imports", "refused_key", "refused_key <> ''"),
)


def named_files(connection: Connection) -> Iterator[str]:
    """Each key once, in the order of the keys."""
    statement = text(f"{_every_key(connection)} ORDER BY file_key")
    for (key,) in connection.execution_options(stream_results=True).execute(statement):
        yield key


def is_named(connection: Connection, key: str) -> bool:
    """Whether any row still names this file."""
    statement = f"SELECT count(*) FROM ({_every_key(connection)}) AS named WHERE file_key = :key"  # noqa: S608 (as below)
    return bool(connection.execute(text(statement), {"key": key}).scalar())


def _every_key(connection: Connection) -> str:
    there = {
        (table, column["name"])
        for table in inspect(connection).get_table_names()
        for column in inspect(connection).get_columns(table)
    }
    return " UNION ".join(
        f"SELECT {column} AS file_key FROM {table} WHERE {rows}"  # noqa: S608 (names of our own)
        for table, column, rows in FILE_COLUMNS
        if (table, column) in there
    )
