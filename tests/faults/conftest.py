"""A city whose parts may be killed: its own Redis, and no long patience with the dead."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from feedback.delivery.embedded_redis import EmbeddedRedis
from tests.factories import (
    create_area,
    create_category,
    create_rule,
    create_unit,
    create_working_week,
)
from tests.faults.citizens import Citizens
from tests.support.processes import City

PATIENCE_PERCENT = 8  # a killed photo job is taken up after ten seconds, a lost one after five


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server that the test may kill."""
    with EmbeddedRedis(tmp_path / "own") as server:
        yield server


@pytest.fixture
def redis_url(own_redis: EmbeddedRedis) -> str:
    """The address of this test's own server."""
    return own_redis.url


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """This test's city, impatient."""
    return {**environment, "JOB_PATIENCE_PERCENT": str(PATIENCE_PERCENT)}


@pytest.fixture
def category_id(app: Flask) -> int:
    """A category whose reports are routed to a unit."""
    with app.app_context():
        create_working_week()
        create_area()
        category = create_category()
        create_rule(create_unit(), category=category)
        return category.id


@pytest.fixture
def citizens(city: City, category_id: int) -> Citizens:
    """People who send reports to this test's city."""
    return Citizens(city.address, category_id)
