"""One running city for all journeys: real processes, on SQLite, with reference data and people."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from config import Settings
from feedback.app import create_app
from feedback.delivery.embedded_redis import EmbeddedRedis
from feedback.extensions import db
from tests.browser.world import LOOK, World, build
from tests.support import browser as browsers
from tests.support.processes import City, free_port


@dataclass(frozen=True)
class Town:
    """A running city, the application behind it, and what lives in it."""

    city: City
    app: Flask
    world: World


@pytest.fixture(scope="package")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The running city, shared by all journeys: each sends reports of its own."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(sqlite_template, folder / "city.sqlite3")
    with EmbeddedRedis(tmp_path_factory.mktemp("town-redis")) as redis:
        environment = {
            "ENVIRONMENT": "testing",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{folder / 'city.sqlite3'}",
            "REDIS_URL": redis.url,
            "PORT": str(free_port()),
            "LIMITS_PERCENT": "100000",
            **LOOK,
        }
        settings = Settings.from_environment(environment)
        app = create_app(settings)
        city = City(settings, environment, folder)
        try:
            with app.app_context():
                world = build()
            city.start_all()
            yield Town(city, app, world)
        finally:
            city.stop_all()
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()


@pytest.fixture
def city(town: Town) -> City:
    """The running city."""
    return town.city


@pytest.fixture
def world(town: Town) -> World:
    """What lives in the city when the journeys begin."""
    return town.world


@pytest.fixture
def town_app(town: Town) -> Iterator[Flask]:
    """The city's application, for tests that prepare a report or look into the store."""
    with town.app.app_context():
        yield town.app


@pytest.fixture
def open_page(browser: Browser, city: City) -> Iterator[browsers.OpenPage]:
    """Opens pages of the running city; see `tests.support.browser.pages`."""
    with browsers.pages(browser, city.address) as open_one:
        yield open_one
