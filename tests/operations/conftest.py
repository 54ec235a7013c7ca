"""A town for each test that asks for one."""

import pytest

from tests.operations.lives import Town, create_town


@pytest.fixture
def town(app_context: None) -> Town:
    """A ward, a unit with its people and a rule, on a fresh database, in an open context."""
    return create_town()
