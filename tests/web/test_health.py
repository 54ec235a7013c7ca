"""`/healthz` is 200 only when the whole is ready, and names what is not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

from config import Settings
from feedback.app import create_app
from feedback.domain.events import QUEUES
from feedback.extensions import db
from feedback.operations.keep_heartbeat import RELAY, keep_heartbeat
from tests.factories import the_city
from tests.operations.outbox_rows import create_work


def asked(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz")
    return answer.status_code, answer.get_json()


@pytest.fixture
def relay(app: Flask) -> None:
    """A relay that was heard from just now."""
    with app.app_context():
        keep_heartbeat(RELAY, city=the_city(), now=datetime.now(UTC))


@contextmanager
def registered(redis_url: str, *queues: str) -> Iterator[None]:
    """Workers that were heard from just now."""
    with Redis.from_url(redis_url) as connection:
        for queue in queues:
            Worker([queue], connection=connection, serializer=JSONSerializer).register_birth()
        yield


@pytest.fixture
def workers(redis_url: str) -> Iterator[None]:
    """A worker on every queue."""
    with registered(redis_url, *QUEUES):
        yield


@pytest.mark.usefixtures("relay", "workers")
def test_ready_when_all_is_there(client: FlaskClient) -> None:
    work = {"oldest_undone_seconds": 0, "dead_letters": 0}
    assert asked(client) == (200, {"ready": True, "missing": {}, "work": work})


@pytest.mark.usefixtures("relay")
def test_a_queue_nobody_works_is_named(client: FlaskClient, redis_url: str) -> None:
    with registered(redis_url, QUEUES[0]):
        status, answer = asked(client)
    assert (status, set(answer["missing"])) == (503, {f"worker-{queue}" for queue in QUEUES[1:]})


@pytest.mark.usefixtures("workers")
def test_a_relay_never_heard_from_is_named(client: FlaskClient) -> None:
    status, answer = asked(client)
    assert (status, set(answer["missing"])) == (503, {"relay"})


@pytest.mark.usefixtures("workers")
def test_a_relay_that_fell_silent_is_named(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        before = datetime.now(UTC) - timedelta(seconds=20)
        keep_heartbeat(RELAY, city=the_city(), now=before)
    assert set(asked(client)[1]["missing"]) == {"relay"}


@pytest.mark.usefixtures("relay", "workers")
def test_migrations_that_were_not_run_are_named(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        flask_migrate.downgrade(revision="-1")
    status, answer = asked(client)
    assert (status, set(answer["missing"])) == (503, {"migrations"})


@pytest.mark.usefixtures("relay", "workers")
def test_how_far_the_work_is_behind_is_told(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        create_work(now=datetime.now(UTC) - timedelta(minutes=5))
    status, answer = asked(client)
    assert status == 200
    assert 300 <= answer["work"]["oldest_undone_seconds"] < 360


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_redis_that_is_away_is_named_without_delay(environment: dict[str, str]) -> None:
    app = create_app(Settings.from_environment({**environment, "REDIS_URL": "redis://127.0.0.1:1"}))
    began = time.monotonic()
    status, answer = asked(app.test_client())
    assert (status, answer["missing"]["redis"]) == (503, "does not answer")
    assert time.monotonic() - began < 2
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_is_away_is_named(environment: dict[str, str], redis_url: str) -> None:
    gone = {**environment, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}
    app = create_app(Settings.from_environment(gone))
    status, answer = asked(app.test_client())
    assert (status, answer["missing"]["database"]) == (503, "cannot be reached")
    assert answer["work"] == {}
