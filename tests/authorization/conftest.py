"""What the tests of the doors share."""

from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from tests.authorization.town import Town
from tests.support.hashing import quick_hashing

__all__ = ["quick_hashing"]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A city with a mark of its own, so that every address leads somewhere."""
    mark: Path = ROOT / "feedback" / "web" / "static" / "img" / "mark.svg"
    return {**environment, "CITY_MARK": str(mark)}


@pytest.fixture
def town(app: Flask) -> Town:
    """Two units with their people and cases."""
    return Town(app)
