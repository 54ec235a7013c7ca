"""What the tests of pages share."""

from tests.support.hashing import quick_hashing

__all__ = ["quick_hashing"]
