"""Passwords hashed with next to no work, for tests that are not about their strength."""

import pytest
from argon2 import PasswordHasher

from feedback.operations import passwords


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords and codes take no time in all tests below the conftest that names this."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_code_hasher", quick)
    passwords._stand_in.cache_clear()
