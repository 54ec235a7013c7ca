"""`flask backup`: what was there is there again, and every refusal is one clear line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import flask_migrate
import pytest
from flask import Flask
from pyrage import x25519
from sqlalchemy import delete, select, text, update

from config import ROOT, Settings
from feedback.app import create_app
from feedback.domain.events import PROCESS_PHOTO
from feedback.domain.states import PhotoState, Role
from feedback.extensions import Model, db
from feedback.operations.claim_due import claim_due
from feedback.operations.create_backup import create_backup
from feedback.operations.keep_heartbeat import RELAY, keep_heartbeat
from feedback.operations.process_photo import process_photo
from feedback.operations.transaction import reading, transaction
from feedback.storage.backups.files import FILE_COLUMNS
from feedback.storage.backups.sealing import Keys
from feedback.storage.files.local import LocalFiles
from feedback.storage.models import Heartbeat, OutboxRow, OutboxState, Photo, Report
from feedback.storage.queries.health import schema_is_newest
from tests.factories import (
    create_account,
    create_area,
    create_category,
    create_report,
    create_rule,
    create_unit,
    create_upload,
    create_working_week,
    the_city,
)

MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture
def empty(environment: dict[str, str], empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A second installation that has nothing yet, not even tables."""
    other = {
        **environment,
        "DATABASE_URL": empty_database_url,
        "DATA_DIR": str(tmp_path / "other-data"),
    }
    app = create_app(Settings.from_environment(other))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def lively(app: Flask) -> Flask:
    """An installation with a little of everything, and work under way."""
    with app.app_context():
        create_working_week()
        create_area()
        unit = create_unit()
        create_account(Role.HEAD, unit, name='Tôn Nữ "Bé"\tDòng\nmới \\N')
        category = create_category()
        create_rule(unit, category=category)
        create_report(category=category, photo_ids=(create_upload(processed=True),))
        create_report(category=category, photo_ids=(create_upload(colour="gold"),))
        claim_due(PROCESS_PHOTO.queue, city=the_city(), now=datetime.now(UTC), limit=1)
        keep_heartbeat(RELAY, city=the_city(), now=datetime.now(UTC) - timedelta(minutes=1))
    return app


def run(app: Flask, *arguments: object, **environment: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(
        args=["backup", *map(str, arguments)], env=dict(environment)
    )
    return done.exit_code, done.output


def created(app: Flask, target: Path, *more: object, **environment: str) -> Path:
    """A new backup's file."""
    code, output = run(app, "create", target, *more, **environment)
    assert code == 0, output
    return Path(output.partition(": ")[0])


def contents(app: Flask) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()), key=repr
            )
            for table in Model.metadata.sorted_tables
        }


def files(app: Flask) -> dict[str, bytes]:
    with app.app_context():
        store, found = the_city().files, {}
        for key in store.keys():  # noqa: SIM118 - a store is no mapping
            with store.open(key) as file:
                found[key] = file.read()
        return found


def is_empty(app: Flask) -> bool:
    with app.app_context(), db.engine.connect() as connection:
        return not db.inspect(connection).get_table_names()


def test_an_installation_comes_back_whole(lively: Flask, empty: Flask, tmp_path: Path) -> None:
    path = created(lively, tmp_path / "whole.backup")
    assert path.stat().st_mode & 0o077 == 0
    before = contents(lively)
    assert run(lively, "verify", path)[0] == 0
    code, output = run(empty, "restore", path)
    assert code == 0, output
    assert "2 reports" in output
    after = contents(empty)
    assert after.pop("heartbeats") == []
    before.pop("heartbeats")
    states = [row.pop("state") for row in after["outbox_rows"]]
    assert set(states) == {OutboxState.PENDING}
    assert OutboxState.LEASED in [row.pop("state") for row in before["outbox_rows"]]
    for row in (*after["outbox_rows"], *before["outbox_rows"]):
        row.pop("next_at")
    assert after == before
    assert files(empty) == files(lively)


def test_what_came_back_goes_on_working(lively: Flask, empty: Flask, tmp_path: Path) -> None:
    run(empty, "restore", created(lively, tmp_path / "a.backup"))
    with empty.app_context():
        with reading() as session:
            assert schema_is_newest(session, MIGRATIONS)
            assert session.query(Heartbeat).count() == 0
        due = claim_due(PROCESS_PHOTO.queue, city=the_city(), now=datetime.now(UTC), limit=9)
        assert len(due) == 2
        numbers = {create_report().report_id for _ in range(2)}
        with reading() as session:
            known = set(session.scalars(select(Report.id)))
            assert known >= numbers
            assert len(known) == 4


def test_a_photo_processed_between_the_two_halves_is_not_lost(
    lively: Flask, empty: Flask, tmp_path: Path
) -> None:
    path = tmp_path / "between.backup"
    with lively.app_context():
        waiting = db.session.scalars(select(Photo).filter_by(state=PhotoState.UPLOADED)).one()
        photo_id = waiting.id
        db.session.remove()

        class Racing(LocalFiles):
            """A store in which the photo's job is quicker than the backup."""

            def open(self, key: str) -> BinaryIO:
                process_photo(photo_id, city=the_city(), now=datetime.now(UTC))
                return the_city().files.open(key)

        racing = replace(the_city(), files=Racing(tmp_path))
        with path.open("wb") as file:
            manifest = create_backup(
                file, product_version="1", keys=Keys(), city=racing, now=datetime.now(UTC)
            )
    assert (len(manifest.later), manifest.missing, manifest.gone) == (1, [], [])
    code, output = run(empty, "restore", path)
    assert code == 0, output
    with empty.app_context():
        photo = db.session.get_one(Photo, photo_id)
        assert photo.state is PhotoState.READY
        assert the_city().files.exists(photo.large_key)
        assert the_city().files.exists(photo.small_key)


def test_files_that_were_lost_before_are_named(lively: Flask, tmp_path: Path) -> None:
    with lively.app_context():
        photo = db.session.scalars(select(Photo).filter_by(state=PhotoState.READY)).one()
        the_city().files.delete(photo.large_key)
        lost = photo.large_key
        db.session.remove()
    code, output = run(lively, "verify", created(lively, tmp_path / "a.backup"))
    assert code == 0
    assert "is whole" in output
    assert f"1 files were missing from the store already:\n  {lost}" in output


def test_files_erased_for_good_meanwhile_are_not_missed(lively: Flask, tmp_path: Path) -> None:
    with lively.app_context():
        the_city_now = the_city()

        class Erasing(LocalFiles):
            """A store from which a photo is erased while the backup runs."""

            def open(self, key: str) -> BinaryIO:
                with transaction(the_city_now) as session:
                    session.execute(delete(Photo))
                raise FileNotFoundError(key)

        racing = replace(the_city_now, files=Erasing(tmp_path))
        with (tmp_path / "a.backup").open("wb") as file:
            manifest = create_backup(
                file, product_version="1", keys=Keys(), city=racing, now=datetime.now(UTC)
            )
    assert (len(manifest.gone), manifest.missing) == (3, [])


def test_a_database_in_use_is_replaced_only_when_asked(
    lively: Flask, empty: Flask, tmp_path: Path
) -> None:
    path = created(lively, tmp_path / "a.backup")
    before = contents(lively)
    with lively.app_context():
        create_report(text="Gửi sau khi sao lưu")
    code, output = run(lively, "restore", path)
    assert code == 1
    assert "--replace" in output
    assert len(contents(lively)["reports"]) == 3
    assert run(lively, "restore", path, "--replace")[0] == 0
    assert contents(lively)["reports"] == before["reports"]
    with lively.app_context():
        create_report(text="Gửi sau khi khôi phục")


def test_a_running_city_is_not_pulled_away(lively: Flask, tmp_path: Path) -> None:
    path = created(lively, tmp_path / "a.backup")
    with lively.app_context():
        keep_heartbeat(RELAY, city=the_city(), now=datetime.now(UTC))
    before = contents(lively)
    code, output = run(lively, "restore", path, "--replace")
    assert (code, "still runs" in output) == (1, True)
    assert contents(lively) == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_tables_that_somebody_works_with_are_left_alone(
    lively: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "feedback.storage.backups.postgresql.PATIENCE", "SET LOCAL lock_timeout = '50ms'"
    )
    path = created(lively, tmp_path / "a.backup")
    with lively.app_context(), db.engine.connect() as other, other.begin():
        other.execute(text("SELECT count(*) FROM reports"))
        code, output = run(lively, "restore", path, "--replace")
    assert (code, "still runs" in output) == (1, True)
    assert len(contents(lively)["reports"]) == 2


def test_a_backup_of_an_older_schema_is_brought_up(
    lively: Flask, empty: Flask, tmp_path: Path
) -> None:
    with lively.app_context():
        newest = contents(lively)["reports"]
        flask_migrate.downgrade(directory=MIGRATIONS, revision="-1")
        flask_migrate.upgrade(directory=MIGRATIONS)
        flask_migrate.downgrade(directory=MIGRATIONS, revision="0003")
        old = created(lively, tmp_path / "old.backup")
    code, output = run(empty, "restore", old)
    assert code == 0, output
    assert "schema 0003" in output
    with empty.app_context(), reading() as session:
        assert schema_is_newest(session, MIGRATIONS)
    assert [row["code"] for row in contents(empty)["reports"]] == [row["code"] for row in newest]


def test_a_backup_of_a_newer_schema_is_refused(lively: Flask, empty: Flask, tmp_path: Path) -> None:
    with lively.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    code, output = run(empty, "restore", created(lively, tmp_path / "a.backup"))
    assert code == 1
    assert "made by a newer version (schema 9999)" in output
    assert is_empty(empty)


def test_a_damaged_backup_is_found_and_restores_nothing(
    lively: Flask, empty: Flask, tmp_path: Path
) -> None:
    path = created(lively, tmp_path / "a.backup")
    content = bytearray(path.read_bytes())
    place = content.index(b"\xff\xd8\xff")  # where a photo begins
    content[place + 300] ^= 1
    path.write_bytes(content)
    code, output = run(lively, "verify", path)
    assert code == 1
    assert re.search(r"is damaged:\n  files/\S+ is damaged", output)
    code, output = run(empty, "restore", path)
    assert code == 1
    assert "nothing was restored" in output
    assert is_empty(empty)
    assert files(empty) == {}
    path.write_bytes(content[: len(content) // 2])
    assert "is damaged" in run(lively, "verify", path)[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_passphrase_seals_a_backup(lively: Flask, empty: Flask, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("một câu dài mà không ai đoán\n", encoding="utf-8")
    path = created(lively, tmp_path / "a.backup", BACKUP_PASSPHRASE_FILE=str(secret))
    assert b"reports" not in path.read_bytes()
    code, output = run(empty, "restore", path, BACKUP_PASSPHRASE="một câu khác")
    assert (code, output) == (1, "Error: The passphrase does not open this backup\n")
    code, output = run(empty, "restore", path)
    assert "set BACKUP_PASSPHRASE_FILE" in output
    code, output = run(empty, "verify", path)
    assert (code, "without its key" in output) == (0, True)
    assert is_empty(empty)
    assert run(empty, "restore", path, BACKUP_PASSPHRASE_FILE=str(secret))[0] == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_kept_elsewhere_opens_what_this_machine_sealed(
    lively: Flask, empty: Flask, tmp_path: Path
) -> None:
    key = x25519.Identity.generate()
    key_file = tmp_path / "key.txt"
    key_file.write_text(f"# public key: {key.to_public()}\n{key}\n")
    path = created(lively, tmp_path / "a.backup", BACKUP_RECIPIENTS=str(key.to_public()))
    assert run(lively, "verify", path)[0] == 0
    path_content = bytearray(path.read_bytes())
    path_content[-1] ^= 1
    (tmp_path / "a.backup").write_bytes(path_content)
    assert "its checksum is another" in run(lively, "verify", path)[1]
    path_content[-1] ^= 1
    path.write_bytes(path_content)
    code, output = run(empty, "verify", path, "--identity-file", key_file)
    assert (code, "is whole" in output) == (0, True)
    assert run(empty, "restore", path, "--identity-file", key_file)[0] == 0
    code, output = run(
        lively, "create", tmp_path, BACKUP_RECIPIENTS="age1nobody", BACKUP_PASSPHRASE=""
    )
    assert (code, "age public key" in output) == (1, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_folder_keeps_the_newest_backups(lively: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    kept = folder / "of-somebody-else.backup"
    kept.touch()
    for day in (1, 2, 3):
        for ending in ("", ".sha256"):
            (folder / f"feedback-2026110{day}T000000Z.backup{ending}").touch()
    newest = created(lively, folder, "--keep", "2")
    assert sorted(path.name for path in folder.glob("*.backup")) == sorted(
        [newest.name, "feedback-20261103T000000Z.backup", kept.name]
    )
    assert len(list(folder.glob("*.sha256"))) == 2
    code, output = run(lively, "verify", folder)
    assert (code, str(newest) in output) == (0, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_of_the_other_database_is_refused(
    lively: Flask, empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = created(lively, tmp_path / "a.backup")
    with empty.app_context():
        monkeypatch.setattr(db.engine.dialect, "name", "postgresql")
    code, output = run(empty, "restore", path)
    assert code == 1
    assert "is one of sqlite, and this installation keeps its data in postgresql" in output


def test_every_column_that_names_a_file_is_known_to_the_backup() -> None:
    not_files = {
        ("accounts", "session_key"),
        ("kiosks", "key"),
        ("notices", "key"),
        ("reference_changes", "object_key"),
        ("staff_sessions", "account_key"),
    }
    named = {
        (table.name, column.name)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if f"_{column.name}".endswith("_key") and not column.foreign_keys
    }
    assert named - not_files == {(table, column) for table, column, _ in FILE_COLUMNS}


def test_an_unmade_database_has_nothing_to_keep(empty: Flask, tmp_path: Path) -> None:
    code, output = run(empty, "create", tmp_path / "a.backup")
    assert (code, "no tables yet" in output) == (1, True)
    assert not list(tmp_path.glob("*.backup*"))


def test_outbox_rows_given_up_stay_given_up(lively: Flask, empty: Flask, tmp_path: Path) -> None:
    with lively.app_context(), transaction(the_city()) as session:
        session.execute(update(OutboxRow).values(state=OutboxState.DEAD))
    assert run(empty, "restore", created(lively, tmp_path / "a.backup"))[0] == 0
    assert {row["state"] for row in contents(empty)["outbox_rows"]} == {OutboxState.DEAD}
