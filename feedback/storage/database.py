"""All that differs between SQLite and PostgreSQL.

SQLite is the embedded default: WAL, full synchronisation, and one writer at a time over all
processes. Its own busy waiting is unfair under load, so writers queue on a file lock first and then
begin IMMEDIATE. The lock file is opened anew for each transaction: a descriptor inherited by a
forked child would let the child release its parent's lock.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Engine, Table, event, func, select
from sqlalchemy.orm import Session, scoped_session

BUSY_TIMEOUT_MS = 15_000
CONNECT_SECONDS = 5
PASSING_CACHE_KIB = 64 * 1024
_WRITE = "feedback_write"
_JOINED = "feedback_joined"
_BROKEN = "feedback_broken"
_MEMORY = "feedback_memory"


def engine_options(url: str) -> dict[str, Any]:
    """How to make the engine of this database.

    What was written never stands in an error. A PostgreSQL that is away is noticed within seconds,
    and one that came back is found by the connections kept from before.
    """
    private = {"hide_parameters": True}  # an error's text goes to logs and to the outbox
    if url.startswith("sqlite"):
        return private
    return {
        **private,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": CONNECT_SECONDS},
    }


def prepare_engine(engine: Engine) -> None:
    """Set up a new engine's connections for its database."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _prepare_postgresql_connection)
        return
    event.listen(engine, "connect", _prepare_sqlite_connection)
    event.listen(engine, "begin", _begin_sqlite_transaction)


@contextmanager
def filling(engine: Engine) -> Iterator[None]:
    """While a database is filled: commits do not wait for the disk, one at a time.

    A power cut may lose the last commits, but leaves the database whole. Every connection is opened
    anew before and after, so none may be in use.
    """
    engine.dispose()
    event.listen(engine, "connect", _do_not_wait_for_the_disk)
    try:
        yield
    finally:
        event.remove(engine, "connect", _do_not_wait_for_the_disk)
        engine.dispose()


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    sqlite = isinstance(connection, sqlite3.Connection)
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = NORMAL" if sqlite else "SET synchronous_commit = off")
    cursor.close()
    connection.commit()


def _prepare_postgresql_connection(connection: Any, _record: Any) -> None:
    # Our queries are many and small: parallel workers and compiled code take longer to start.
    cursor = connection.cursor()
    cursor.execute("SET max_parallel_workers_per_gather = 0")
    cursor.execute("SET jit = off")
    cursor.close()
    connection.commit()


def _prepare_sqlite_connection(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own implicit BEGIN is deferred; ours is chosen in `_begin_sqlite_transaction`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_writing(session: Session) -> bool:
    """Whether the session is in the write transaction of a use case."""
    return bool(session.info.get(_WRITE))


def is_joined(session: Session) -> bool:
    """Whether the transactions of use cases are parts of a greater one at present."""
    return bool(session.info.get(_JOINED))


def memory_of(session: Session) -> dict[str, Any]:
    """What a write transaction remembers of itself, to do nothing twice.

    It is forgotten with the transaction; outside of one nothing is kept.
    """
    memory: dict[str, Any] = session.info[_MEMORY] if is_writing(session) else {}
    return memory


@contextmanager
def writing(session: scoped_session[Any]) -> Iterator[Session]:
    """Open the one write transaction of a use case: commit at the end, roll back on any error.

    A read transaction the session still holds is ended first, so that what is read inside is
    current. Unsaved changes from outside, and a transaction inside another (which would undo the
    outer one and wait for its own lock), are programming errors and raise RuntimeError. Inside
    `joining` it is a part of the greater transaction.
    """
    current: Session = session()
    if is_writing(current):
        raise RuntimeError("a transaction cannot be opened inside another one")
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("changes were made outside a transaction")
    with _part(current) if is_joined(current) else _whole(current):
        yield current


@contextmanager
def joining(session: scoped_session[Any]) -> Iterator[Session]:
    """Make every transaction opened inside a part of one, which is committed at the end.

    For filling a database that nobody else uses yet: others see nothing of it until the end, and
    what it has locked stays locked. A part that fails cannot be undone alone: nothing more can be
    done then, and nothing at all is stored (RuntimeError).
    """
    with writing(session) as current:
        current.info.update({_WRITE: False, _JOINED: True, _BROKEN: False})
        try:
            yield current
            _refuse_broken(current)
        finally:
            current.info.update({_JOINED: False, _BROKEN: False})


@contextmanager
def _whole(current: Session) -> Iterator[None]:
    current.rollback()
    with _writers_queue(current.get_bind()):
        current.info.update({_WRITE: True, _MEMORY: {}})
        try:
            current.connection(execution_options={_WRITE: True})
            yield
            current.commit()
        except BaseException:
            current.rollback()
            raise
        finally:
            current.info.update({_WRITE: False, _MEMORY: {}})


@contextmanager
def _part(current: Session) -> Iterator[None]:
    _refuse_broken(current)
    current.info[_WRITE] = True
    try:
        yield
        current.flush()
    except BaseException:
        current.info[_BROKEN] = True
        raise
    finally:
        current.info[_WRITE] = False


def _refuse_broken(current: Session) -> None:
    if current.info[_BROKEN]:
        raise RuntimeError("a part of the transaction has failed: nothing of it can be stored")


def take_turn(session: Session, task: str) -> None:
    """Wait until no other transaction is at the same task; the turn ends with this transaction.

    What is read afterwards holds all that the ones before have committed. On SQLite a write
    transaction is alone anyway.
    """
    memory_of(session).clear()  # it may be older than what the ones before have committed
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(crc32(task.encode()))))


def take_ids(session: Session, table: Table, count: int) -> list[int]:
    """So many new ids of a table, ascending, for rows that are written with them at once.

    Many rows that are to be told their ids one by one take several times as long. Call it in the
    transaction that writes the rows.
    """
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        each = func.generate_series(1, count).table_valued("number")
        return sorted(session.scalars(select(func.nextval(sequence)).select_from(each)))
    first = (session.scalar(select(func.max(table.c.id))) or 0) + 1  # writers are alone here
    return list(range(first, first + count))


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Open the one transaction of a migration; nobody else writes to SQLite meanwhile.

    SQLite changes a table by copying it and dropping the old one, which its foreign keys would
    refuse; they are checked as a whole at the end instead. Raises RuntimeError when one is broken.
    """
    with _writers_queue(engine), engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        on_sqlite = engine.dialect.name == "sqlite"
        if on_sqlite:  # it cannot be switched inside a transaction
            raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.execution_options(**{_WRITE: True}).begin():
                yield connection
                if on_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration would leave broken references")
        finally:
            if on_sqlite:
                raw.execute("PRAGMA foreign_keys = ON")


def use_passing_sqlite(engine: Engine, path: Path) -> None:
    """Let an engine without open connections use another SQLite file from now on.

    The file is one that will be thrown away: a power cut may destroy it, so nothing is done twice.
    """

    def hurry(connection: sqlite3.Connection, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = MEMORY")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute(f"PRAGMA cache_size = -{PASSING_CACHE_KIB}")
        cursor.close()

    def other(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
        arguments[0] = str(path)

    event.listen(engine, "do_connect", other)
    event.listen(engine, "connect", hurry)
    engine.url = engine.url.set(database=str(path))


def replace_sqlite(engine: Engine, path: Path) -> None:
    """Put the contents of the SQLite file at `path` in the place of the database's, all or nothing.

    The file itself stays, so that a process that has it open goes on with the new contents and
    does not write into a file that nobody reads any more.
    """
    with (
        _writers_queue(engine),
        closing(sqlite3.connect(path)) as new,
        closing(sqlite3.connect(str(engine.url.database))) as old,
    ):
        old.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        new.backup(old)


@contextmanager
def _writers_queue(bind: Engine | Connection) -> Iterator[None]:
    database = bind.engine.url.database
    if bind.engine.dialect.name != "sqlite" or not database or database == ":memory:":
        yield
        return
    with Path(f"{database}.write-lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
