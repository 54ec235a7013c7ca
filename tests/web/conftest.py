"""What the tests of pages share."""

import pytest
from argon2 import PasswordHasher

from feedback.operations import passwords


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed with next to no work: their strength is not what these tests are about."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_code_hasher", quick)
    passwords._stand_in.cache_clear()
