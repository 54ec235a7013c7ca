"""What the tests of the doors share."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from config import ROOT
from feedback.operations import passwords
from tests.authorization.town import Town


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed with next to no work: their strength is not what these tests are about."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    passwords._stand_in.cache_clear()


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A city with a mark of its own, so that every address leads somewhere."""
    mark: Path = ROOT / "feedback" / "web" / "static" / "img" / "mark.svg"
    return {**environment, "CITY_MARK": str(mark)}


@pytest.fixture
def town(app: Flask) -> Town:
    """Two units with their people and cases."""
    return Town(app)
