"""Which of the two kinds of contents a database has."""

from contextlib import AbstractContextManager

from sqlalchemy import Engine

from feedback.storage.backups.contents import Loading, Snapshot
from feedback.storage.backups.postgresql import (
    Migrate,
    postgresql_loading,
    postgresql_snapshot,
)
from feedback.storage.backups.sqlite import sqlite_loading, sqlite_snapshot


def snapshot(engine: Engine) -> AbstractContextManager[Snapshot]:
    """The database of this engine as it stands now; nobody has to wait for it."""
    if engine.dialect.name == "sqlite":
        return sqlite_snapshot(engine)
    return postgresql_snapshot(engine)


def loading(engine: Engine, revision: str, migrate: Migrate) -> AbstractContextManager[Loading]:
    """Fill the database of this engine with a snapshot that stood at `revision`."""
    if engine.dialect.name == "sqlite":
        return sqlite_loading(engine)
    return postgresql_loading(engine, revision, migrate)
