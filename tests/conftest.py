"""The ground of the tests: real databases, a real Redis-protocol server, a real browser.

A test that asks for `app` runs twice, on SQLite and on PostgreSQL, each time on a migrated database
with nothing in it. To run a costly test on one of them only:
`@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
"""

import gc
import itertools
import shutil
import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from redis import Redis

from config import ROOT, Settings
from feedback.app import create_app
from feedback.delivery.embedded_redis import EmbeddedRedis
from feedback.extensions import db
from tests.support import browser as browsers
from tests.support.kept_database import KeptDatabase
from tests.support.postgresql import Cluster
from tests.support.processes import City, free_port
from tests.support.quick_apps import remember

TEMPLATE = "template_migrated"
# What takes longest for its number of tests begins first, so that no process works at it alone when
# the others are done. The order of the folders here is that of the time they need.
LONGEST_FIRST = (
    "tests/browser/test_every_page.py",
    *("tests/faults", "tests/browser", "tests/canaries", "tests/naughty", "tests/authorization"),
    *("tests/demo", "tests/cli", "tests/domain/test_measures.py", "tests/jobs"),
)

remember()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; the processes take one file after the other in this order."""

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(ROOT).as_posix()
        return next((n for n, start in enumerate(LONGEST_FIRST) if path.startswith(start)), 99)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: do not look through all of it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def _no_real_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches a mail server but its own on the loopback."""
    connect = smtplib.SMTP.connect

    def connect_here(self: smtplib.SMTP, host: str = "", port: int = 0, **how: Any) -> Any:
        assert host == "127.0.0.1", f"a test would have sent mail to {host}"
        return connect(self, host, port, **how)

    monkeypatch.setattr(smtplib.SMTP, "connect", connect_here)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """A server of the kind an embedded installation runs, shared by all tests."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: EmbeddedRedis) -> str:
    """The shared server's address; it is empty when the test begins."""
    with Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "template.sqlite3"
    _migrate(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def postgresql_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server of our own with a migrated database to copy."""
    cluster = Cluster()
    try:
        cluster.start()
        cluster.create(TEMPLATE)
        _migrate(cluster.url(TEMPLATE), tmp_path_factory.mktemp("postgresql"))
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def postgresql_database(postgresql_cluster: Cluster) -> KeptDatabase:
    """The PostgreSQL database of one test after the other, empty whenever one begins."""
    return KeptDatabase(postgresql_cluster, "city", TEMPLATE)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated, empty database: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "city.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    database: KeptDatabase = request.getfixturevalue("postgresql_database")
    yield database.url(next(_numbers))
    database.empty()


@pytest.fixture
def empty_database_url(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a second database of the same kind, with nothing in it, not even tables."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    cluster: Cluster = request.getfixturevalue("postgresql_cluster")
    name = f"empty_{next(_numbers)}"
    cluster.create(name)
    yield cluster.url(name)
    cluster.drop(name)


_numbers = itertools.count(1)


@pytest.fixture
def environment(database_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    """The environment variables of this test's city."""
    return {
        "ENVIRONMENT": "testing",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PORT": str(free_port()),
        "LIMITS_PERCENT": "100000",  # one client sends what a whole city does
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """The settings of this test's city."""
    return Settings.from_environment(environment)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application. No context is pushed: one that stays open would be shared by requests."""
    app = create_app(settings)
    yield app
    _close_databases(app)


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    """An open application context, for tests that call operations and queries themselves."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without a browser."""
    return app.test_client()


@pytest.fixture
def city(settings: Settings, environment: dict[str, str], tmp_path: Path) -> Iterator[City]:
    """Real processes on this test's database; none runs until it is started."""
    processes = City(settings, environment, tmp_path)
    yield processes
    processes.stop_all()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, shared by all tests."""
    with sync_playwright() as playwright:
        chromium = browsers.launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, city: City) -> Iterator[browsers.OpenPage]:
    """Opens pages of this test's city; see `tests.support.browser.pages`."""
    with browsers.pages(browser, city.address) as open_one:
        yield open_one


def _migrate(url: str, data_dir: Path) -> None:
    environment = {"ENVIRONMENT": "testing", "DATA_DIR": str(data_dir), "DATABASE_URL": url}
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    _close_databases(app)


def _close_databases(app: Flask) -> None:
    """Give every connection back, so that a file can be copied and a database dropped."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
