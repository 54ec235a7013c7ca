"""What every application of the tests would work out anew, worked out once for all of them.

Each test makes an application of its own, on a database of its own. Most of the time that took went
into results that are always the same: the code that builds addresses from the routes, the SQL of
the statements, the code of the templates. They are kept for the whole process here; what an
application holds of a test is not.
"""

import os
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from feedback.storage.database import engine_options, prepare_engine

KEPT_STATEMENTS = 5000

Builder = Callable[..., tuple[str, str]]


class RememberedRule(Rule):
    """A route whose address builders are compiled once for all routes that read the same."""

    _known: dict[tuple[Any, ...], Builder] = {}  # noqa: RUF012 (shared on purpose)

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (append_unknown, self.rule, tuple(self._trace))
        if key not in self._known:
            self._known[key] = super()._compile_builder(append_unknown)
        return self._known[key]


class _Alike:
    """A dialect that is taken for any other of its class, so that compiled SQL fits both."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class AlikeSQLite(_Alike, SQLiteDialect_pysqlite):
    """SQLite for all tests."""

    supports_statement_cache = True


class AlikePostgreSQL(_Alike, PGDialect_psycopg):
    """PostgreSQL for all tests."""

    supports_statement_cache = True


class RememberedTemplates(BytecodeCache):
    """Compiled templates in memory; a changed source is compiled anew."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket when the template is known."""
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._known[bucket.key] = bucket.bytecode_to_string()


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def remember() -> None:
    """Let every application that this process makes from now on share what is always the same.

    Nor does this process wait for the disk, as the tests' PostgreSQL does not: they are not about
    a power cut. The real processes they start do wait.
    """
    statements: LRUCache[Any, Any] = LRUCache(KEPT_STATEMENTS)

    def options(url: str) -> dict[str, Any]:
        return {**engine_options(url), "execution_options": {"compiled_cache": statements}}

    def prepare(engine: Engine) -> None:
        prepare_engine(engine)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _do_not_wait_for_the_disk)

    for name, dialect in (("sqlite", AlikeSQLite), ("postgresql.psycopg", AlikePostgreSQL)):
        registry.register(name, __name__, dialect.__name__)
    patch = pytest.MonkeyPatch()  # never undone: it is meant for the whole process
    patch.setattr("feedback.app.engine_options", options)
    patch.setattr("feedback.app.prepare_engine", prepare)
    patch.setattr(os, "fsync", lambda _file: None)
    patch.setattr(Flask, "url_rule_class", RememberedRule)
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": RememberedTemplates()})
