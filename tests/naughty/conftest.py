"""The naughty strings are sent to the same town as the tests of the doors."""

from tests.authorization.conftest import environment, quick_hashing, town

__all__ = ["environment", "quick_hashing", "town"]
