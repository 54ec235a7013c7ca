"""An installation is brought back from a backup: all of it, or nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, delete, inspect, select, update

from feedback.domain.errors import Conflict
from feedback.domain.states import PhotoProblem, PhotoState
from feedback.extensions import db
from feedback.operations.city import City
from feedback.operations.create_backup import FILES, LATER, Manifest
from feedback.operations.verify_backup import (
    LARGEST_PART,
    Verified,
    open_backup,
    verify_backup,
)
from feedback.storage.backups.archive import Findings, read_archive
from feedback.storage.backups.choosing import loading
from feedback.storage.backups.contents import DATABASE, is_in_use
from feedback.storage.backups.sealing import Keys
from feedback.storage.files.keys import checked
from feedback.storage.models import Heartbeat, OutboxRow, OutboxState, Photo, StaffSession
from feedback.storage.schema import NEWEST, is_known, migrate, newest
from feedback.storage.tables import table_of

STILL_ALIVE = timedelta(seconds=15)


def restore_backup(
    source: BinaryIO,
    *,
    keys: Keys,
    migrations: str,
    replace: bool,
    city: City,
    now: datetime,
) -> Verified:
    """Check a backup, put its files into the store and its database in the place of this one.

    A backup of an older schema is brought up to the newest. Work that was under way begins anew.
    The database appears at once, in the end; files put before an error do no harm.

    Raises Conflict: `damaged` (with `problems`), `other_database`, `newer_schema`, `in_use` (unless
    `replace`), `still_running`. Raises CannotOpen when the keys do not fit, TablesInUse.
    """
    verified = verify_backup(source, keys=keys)
    about, manifest = verified.about, verified.manifest
    if about is None or manifest is None or not verified.is_whole:
        raise Conflict("damaged", problems=verified.findings.problems)
    engine = db.engine
    if about.database != engine.dialect.name:
        raise Conflict("other_database", made_of=about.database, this=engine.dialect.name)
    if not is_known(migrations, about.schema_revision):
        raise Conflict("newer_schema", backup=about.schema_revision, known=newest(migrations))
    _refuse_what_would_be_lost(engine, now, replace=replace)
    run: Callable[[Connection, str], None] = partial(migrate, migrations)
    with loading(engine, about.schema_revision, run) as load, open_backup(source, keys) as inside:
        for part in read_archive(inside, LARGEST_PART, findings := Findings()):
            if part.name.startswith(DATABASE):
                load.take(part.name, part.content)
            elif part.name.startswith((FILES, LATER)):
                city.files.put(checked(part.name.partition("/")[2]), part.content)
        if findings.count:  # it was whole a moment ago
            raise Conflict("damaged", problems=findings.problems)
        with load.finishing(manifest.counts) as connection:
            run(connection, NEWEST)
            _begin_again(connection, manifest, now)
    return verified


def _refuse_what_would_be_lost(engine: Engine, now: datetime, *, replace: bool) -> None:
    with engine.connect() as connection:
        if not replace and is_in_use(connection):
            raise Conflict("in_use")
        if Heartbeat.__tablename__ in inspect(connection).get_table_names():
            beats = connection.execute(select(table_of(Heartbeat).c.at)).scalars()
            if any(now - at < STILL_ALIVE for at in beats):
                raise Conflict("still_running")


def _begin_again(connection: Connection, manifest: Manifest, now: datetime) -> None:
    """Nobody works on anything yet, and nobody is signed in: what was handed out is due at once."""
    rows, photos = table_of(OutboxRow), table_of(Photo)
    connection.execute(
        update(rows)
        .where(rows.c.state == OutboxState.LEASED)
        .values(state=OutboxState.PENDING, next_at=now)
    )
    connection.execute(delete(table_of(Heartbeat)))
    # Sessions that were ended since would live again: everybody signs in anew.
    connection.execute(delete(table_of(StaffSession)))
    for told in manifest.later:
        connection.execute(
            update(photos)
            .where(photos.c.upload_id == told["upload_id"])
            .values(**_what_became(told))
        )


def _what_became(told: dict[str, Any]) -> dict[str, Any]:
    moment = told["processed_at"]
    return {
        "state": PhotoState(told["state"]),
        "problem": PhotoProblem(told["problem"]) if told["problem"] else None,
        "large_key": told["large_key"],
        "small_key": told["small_key"],
        "width": told["width"],
        "height": told["height"],
        "processed_at": datetime.fromisoformat(moment) if moment else None,
    }
