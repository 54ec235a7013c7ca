"""The drill: a backup is made while citizens send, the machine is lost, the backup is restored."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from config import Settings
from feedback.app import create_app
from feedback.domain.states import PhotoState
from feedback.extensions import db
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.files.keys import photo_key
from feedback.storage.models import Photo, Report
from tests.factories import the_city
from tests.faults.citizens import Citizens
from tests.faults.outcomes import wait_until_all_is_done
from tests.support.nursery import nursery
from tests.support.processes import City, free_port
from tests.support.waiting import wait_until

MOST_SECONDS = 120


@dataclass(frozen=True)
class Machine:
    """A new machine: another database, another data folder, nothing on it yet."""

    environment: dict[str, str]
    city: City
    app: Flask


@pytest.fixture
def new_machine(
    environment: dict[str, str], empty_database_url: str, tmp_path: Path
) -> Iterator[Machine]:
    """A machine to restore on; its processes are ended."""
    other = {
        **environment,
        "DATABASE_URL": empty_database_url,
        "DATA_DIR": str(tmp_path / "other-data"),
        "PORT": str(free_port()),
    }
    logs = tmp_path / "other-logs"
    logs.mkdir()
    settings = Settings.from_environment(other)
    machine = Machine(other, City(settings, other, logs), create_app(settings))
    yield machine
    machine.city.stop_all()
    with machine.app.app_context():
        db.engine.dispose()


def test_what_was_accepted_before_a_backup_is_there_after_a_restore(
    city: City,
    citizens: Citizens,
    environment: dict[str, str],
    new_machine: Machine,
    tmp_path: Path,
) -> None:
    city.start_all()
    citizens.send_many(6)
    with sent_meanwhile(citizens):
        before, photos = dict(citizens.accepted), set(citizens.photos)
        flask(environment, "create", tmp_path / "drill.backup")
        # Somebody was accepted while it ran, or the drill has shown nothing.
        wait_until(lambda: len(citizens.accepted) > len(before), 30, "somebody to send")
    city.stop_all()
    with Redis.from_url(city.settings.redis_url) as redis:
        redis.flushall()

    assert "is whole" in flask(environment, "verify", tmp_path / "drill.backup")
    flask(new_machine.environment, "restore", tmp_path / "drill.backup")
    new_machine.city.start_all()
    wait_until_all_is_done(new_machine.app)
    with new_machine.app.app_context():
        assert_all_is_there(before, photos)
    Citizens(new_machine.city.address, citizens.category_id).send()


def assert_all_is_there(accepted: Mapping[str, str], photos: set[str]) -> None:
    """Every report under its code, every photo ready with the bytes its name says, and figures
    that history gives as well."""
    files = the_city().files
    with reading() as session:
        stored = {report.submission_id: report.code for report in session.query(Report)}
        assert accepted.items() <= stored.items()
        kept = session.query(Photo).filter(Photo.report_id.is_not(None)).all()
        assert photos <= {photo.upload_id for photo in kept}
        assert {photo.state for photo in kept} == {PhotoState.READY}
        for key in {key for photo in kept for key in (photo.large_key, photo.small_key)}:
            with files.open(key) as file:
                assert photo_key(file.read()) == key
    assert verify_statistics(city=the_city()) == []


@contextmanager
def sent_meanwhile(citizens: Citizens) -> Iterator[None]:
    """Somebody sends one report after the other as long as the block lasts."""
    enough = threading.Event()
    errors: list[BaseException] = []

    def send() -> None:
        try:
            while not enough.is_set():
                citizens.send()
        except BaseException as error:  # an assertion too: it is raised below
            errors.append(error)

    people = [threading.Thread(target=send) for _ in range(2)]
    for person in people:
        person.start()
    try:
        yield
    finally:
        enough.set()
        for person in people:
            person.join()
    assert errors == []


def flask(environment: dict[str, str], command: str, path: Path) -> str:
    """Run a backup command as an operator does; returns what it printed."""
    log = path.with_suffix(f".{command}.log")
    program = ["-m", "flask", "--app", "wsgi", "backup", command, str(path)]
    code = nursery().start(program, {**environ, **environment}, log).wait(MOST_SECONDS)
    assert code == 0, log.read_text()
    return log.read_text()
