"""One PostgreSQL database that is emptied after each test instead of being made anew.

A copy of the migrated database takes half a second of processor time, TRUNCATE a third of that (it
makes new files for every table and index), and deleting a test's few rows some milliseconds.
"""

from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tests.support.postgresql import Cluster

# All that a migration, or a test that loads a backup, may leave behind. Numbers of the server's own
# objects are below 16384, and a copy has the same numbers as its original.
_SHAPE = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
  SELECT concat_ws(':', 'class', oid, relname) FROM pg_class
    WHERE oid >= 16384 AND relkind <> 't'
  UNION ALL SELECT concat_ws(':', 'column', attrelid, attnum, attname, atttypid, atttypmod,
    attnotnull, atthasdef) FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0
  UNION ALL SELECT concat_ws(':', 'rule', oid, conname) FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT concat_ws(':', 'default', oid, adrelid) FROM pg_attrdef
  UNION ALL SELECT concat_ws(':', 'function', oid, proname) FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT concat_ws(':', 'trigger', oid, tgname) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat_ws(':', 'revision', version_num) FROM alembic_version
) AS parts (part)
"""
# What was ever written to has pages, even when it was undone.
_WRITTEN_TO = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
  AND relname <> 'alembic_version'
"""
_COUNT_FROM_ONE = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"
_THROW_OUT_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class KeptDatabase:
    """The database `name`, a copy of `template`, handed from one test to the next."""

    def __init__(self, cluster: Cluster, name: str, template: str) -> None:
        self._cluster, self._name, self._template = cluster, name, template
        cluster.create(name, template)
        with self._connect() as connection:
            self._shape = _one(connection, _SHAPE)

    def url(self, number: int) -> str:
        """Its address, as `DATABASE_URL` takes it, for the test of this number.

        Each test has an address of its own: by that a process knows what it keeps in memory of
        which database.
        """
        return f"{self._cluster.url(self._name)}&application_name=test_{number}"

    def empty(self) -> None:
        """Make it as it was in the beginning, throwing out whoever still uses it."""
        if not self._emptied():  # its tables are not those of the template any more
            self._cluster.drop(self._name)
            self._cluster.create(self._name, self._template)

    def _emptied(self) -> bool:
        try:
            with self._connect() as connection:
                connection.execute(_THROW_OUT_OTHERS)
                if _one(connection, _SHAPE) != self._shape:
                    return False
                tables = [row[0] for row in connection.execute(_WRITTEN_TO)]
                connection.execute("SET session_replication_role = replica")  # no foreign keys
                for table in tables:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                connection.execute(_COUNT_FROM_ONE)
        except psycopg.errors.UndefinedTable:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return self._cluster.connect(self._name)


def _one(connection: psycopg.Connection, statement: LiteralString) -> Any:
    row = connection.execute(statement).fetchone()
    assert row
    return row[0]
