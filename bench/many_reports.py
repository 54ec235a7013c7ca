"""A city of any size, made fast: a few hundred real lives, copied by the database itself.

The lives come from the demo city, by its operations. Each copy is shifted a little into the past
and has its own numbers, codes and secrets; what belongs together stays together.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import Column, Connection, Date, String, Table, func, select, text

from config import ROOT, Settings
from feedback.app import create_app
from feedback.demo.load import SEED, load_city
from feedback.extensions import Model, db
from feedback.storage.models import Report
from feedback.storage.tables import table_of
from feedback.storage.types import UtcDateTime

SHIFT_SECONDS, SPREAD_SECONDS = 4_177, 86_400 * 3
MORE_MINUTES = 997  # copies take up to so many minutes longer, so that no two samples are alike
BUSY_UNIT, BUSY_CASES = "hepco", 60


def load_lives(url: str, folder: Path, reports: int, *, busy_unit: bool = False) -> Flask:
    """The application of a migrated database with so many lives of the demo city in it.

    A `busy_unit` has enough open cases for a full page; its history does not tell of them.
    """
    app = open_city(url, folder)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        load_city(app.extensions["city"], seed=SEED, reports=reports, now=datetime.now(UTC))
        if busy_unit:
            with db.engine.begin() as connection:
                _make_busy(connection)
    return app


def open_city(url: str, folder: Path) -> Flask:
    """The application of a database."""
    environment = {
        "ENVIRONMENT": "testing",
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
    }
    return create_app(Settings.from_environment(environment))


def multiply(times: int, *, weeks: int = 0, one_open_in: int = 1) -> int:
    """Have every report of the application's database so many times; returns how many there are.

    Copies of what is over are spread over so many weeks before. Of what is open only one copy in
    `one_open_in` is made, with a date of its own kind: in a city of many years little is open.
    """
    tables = list(_of_reports())
    with db.engine.begin() as connection:
        # The copies are whole; checking each reference once more would take most of the time.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(_PLAN), {"times": times, "weeks": weeks, "in": one_open_in})
        connection.execute(text("ANALYZE plan"))
        spans = {table: connection.scalar(select(func.max(table.c.id))) or 0 for table in tables}
        with _without_indexes(connection, tables):
            for table in tables:
                connection.execute(text(_copying(table, spans)))
                connection.execute(text(_LATEST.format(table=table.name)))
        connection.execute(text("DROP TABLE plan"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        return connection.scalar(select(func.count()).select_from(table_of(Report))) or 0


@contextmanager
def _without_indexes(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Make the indexes of some tables at the end, at once, which is many times faster."""
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    found = connection.execute(
        text(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS sql"
            " FROM pg_index WHERE indrelid::regclass::text = ANY(:tables) AND NOT indisprimary"
            " AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)"
        ),
        {"tables": [table.name for table in tables]},
    ).all()
    for index in found:
        connection.execute(text(f"DROP INDEX {index.name}"))
    yield
    for index in found:
        connection.execute(text(index.sql))


# What comes in later is numbered behind the copies.
_LATEST = (
    "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
    " HAVING count(*) > 0"
)
_PLAN = f"""
CREATE TEMPORARY TABLE plan AS SELECT reports.id AS life, nth,
  make_interval(
    secs => (nth * {SHIFT_SECONDS}) % {SPREAD_SECONDS},
    days => CASE WHEN open THEN 0 ELSE 7 * (nth * 37 % (CAST(:weeks AS integer) + 1)) END
  ) AS earlier
FROM reports
CROSS JOIN LATERAL (SELECT reports.state NOT IN ('closed', 'rejected', 'duplicate', 'withdrawn')
  OR reports.outcome = 'planned' AS open) AS lives
CROSS JOIN generate_series(1, CAST(:times AS integer) - 1) AS copies(nth)
WHERE NOT open OR nth % CAST(:in AS integer) = 0
"""  # noqa: S608 (two numbers of this file)


def _of_reports() -> Iterator[Table]:
    """Every table whose rows belong to one report, reports first."""
    found: set[Table] = set()
    for table in Model.metadata.sorted_tables:
        parents = {key.column.table for key in table.foreign_keys}
        if table.name == Report.__tablename__ or parents & found:
            found.add(table)
            yield table


def _copying(table: Table, spans: dict[Table, int]) -> str:
    values = ", ".join(_value(column, spans) for column in table.columns)
    names = ", ".join(column.name for column in table.columns)
    life = "id" if table.name == Report.__tablename__ else "report_id"
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name}"  # noqa: S608
        f" JOIN plan ON plan.life = {table.name}.{life}"
    )


def _value(column: Column, spans: dict[Table, int]) -> str:
    """What a copy has in a column, as SQL."""
    named = f"{column.table.name}.{column.name}"
    referred = next((key.column.table for key in column.foreign_keys), None)
    if column.primary_key:
        referred = column.table
    if column.name == "lead_assignment_id":
        referred = next(table for table in spans if table.name == "assignments")
    if referred in spans:
        return f"{named} + plan.nth * {spans[referred]}"
    if isinstance(column.type, UtcDateTime):
        return f"{named} - plan.earlier"
    if isinstance(column.type, Date):
        return f"CAST({named} - plan.earlier AS date)"
    if isinstance(column.type, String) and (column.unique or column.name == "token"):
        length = min(column.type.length or 32, 12)
        return f"left(md5({named} || plan.nth), {length})"
    if named == "rounds.minutes":
        return f"{named} + plan.nth % {MORE_MINUTES}"
    if named == "history_entries.data":
        return _TOLD
    return named


_DUES = "jsonb_build_object({})".format(
    ", ".join(
        f"'{due}', to_char((CAST(history_entries.data->>'{due}' AS timestamptz) - plan.earlier)"
        " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS+00:00')"
        for due in ("original_due", "due")
    )
)
_TAKEN = (
    "jsonb_build_object('minutes',"
    f" CAST(history_entries.data->>'minutes' AS integer) + plan.nth % {MORE_MINUTES},"
    " 'promised_on', CAST(CAST(history_entries.data->>'promised_on' AS date) - plan.earlier"
    " AS date))"
)
# What an entry says of moments and times goes with its copy too: figures are counted from it.
_TOLD = f"""CASE
  WHEN history_entries.kind IN ('round_started', 'due_moved')
  THEN history_entries.data || {_DUES}
  WHEN history_entries.kind = 'closed'
  THEN history_entries.data || {_TAKEN}
  ELSE history_entries.data END"""


def _make_busy(connection: Connection) -> None:
    """Let one unit have enough open cases to fill a page of its queue at every size."""
    connection.execute(
        text(
            "WITH taken AS (SELECT a.id, a.report_id, a.round_id FROM assignments a"
            "  WHERE a.state IN ('dispatched', 'in_progress') ORDER BY a.id LIMIT :cases),"
            " unit AS (SELECT id FROM units WHERE code = :code),"
            " moved AS (UPDATE assignments SET unit_id = (SELECT id FROM unit), handler_id = NULL"
            "  WHERE id IN (SELECT id FROM taken)),"
            " rounds AS (UPDATE rounds SET unit_id = (SELECT id FROM unit)"
            "  WHERE id IN (SELECT round_id FROM taken))"
            " UPDATE reports SET unit_id = (SELECT id FROM unit)"
            "  WHERE id IN (SELECT report_id FROM taken)"
        ),
        {"cases": BUSY_CASES, "code": BUSY_UNIT},
    )
