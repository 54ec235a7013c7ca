"""The migrations lead to the tables the models describe, and back, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from feedback.extensions import db
from feedback.storage.database import migrating

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names())


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def test_the_newest_schema_is_what_the_models_describe() -> None:
    assert differences() == []


def test_everything_can_be_taken_back_and_done_again() -> None:
    flask_migrate.downgrade(revision="base")
    assert tables() == {"alembic_version"}
    flask_migrate.upgrade()
    assert differences() == []


def test_migrating_what_is_migrated_changes_nothing() -> None:
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO heartbeats (name, at) VALUES ('relay', :at)"), {"at": NOW}
        )
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM heartbeats")) == 1


def test_a_migration_that_fails_half_way_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), migrating(db.engine) as connection:
        connection.execute(sa.text("CREATE TABLE half_way (id INTEGER)"))
        raise ZeroDivisionError
    assert "half_way" not in tables()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_checks_references_again_after_a_migration() -> None:
    with migrating(db.engine) as connection:
        connection.execute(sa.text("CREATE TABLE added (id INTEGER)"))
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_refuses_a_migration_that_breaks_references() -> None:
    statement = sa.text(
        "INSERT INTO routing_rules (id, category_id, unit_id, valid_from, note) VALUES"
        " (1, 99, 99, '2026-01-01', '')"
    )
    with pytest.raises(RuntimeError, match="broken references"), migrating(db.engine) as connection:
        connection.execute(statement)
