"""The migrations lead to the tables the models describe, and back, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask, current_app

from feedback.extensions import db
from feedback.storage.database import migrating

BEFORE_SEALING = "0004"
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


def test_contacts_are_sealed_on_the_way_up_and_opened_on_the_way_down() -> None:
    seal = current_app.extensions["city"].seal
    flask_migrate.downgrade(revision=BEFORE_SEALING)
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO reporters (name, email, phone, consent_version, consented_at)"
                " VALUES ('Lan', 'Lan@example.com', '0905 123 456', '1', :at)"
            ),
            {"at": NOW},
        )
    for _ in range(2):
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            row = connection.execute(sa.text("SELECT * FROM reporters")).one()
        assert (row.name, row.email, row.phone) == ("", "", "")
        assert "Lan" in seal.open(row.sealed, "reporter")
        assert row.email_index == seal.index("lan@example.com", "reporter.email")
        assert row.phone_index == seal.index("0905123456", "reporter.phone")
        flask_migrate.downgrade(revision=BEFORE_SEALING)
        with db.engine.connect() as connection:
            row = connection.execute(sa.text("SELECT * FROM reporters")).one()
        assert (row.name, row.email, row.phone) == ("Lan", "Lan@example.com", "0905 123 456")
    flask_migrate.upgrade()
