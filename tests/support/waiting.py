"""Waiting for a condition with a deadline, so that no test sleeps and hopes."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

POLL_SECONDS = 0.05


def wait_until(
    condition: Callable[[], Found], within_seconds: float = 30.0, what: str = "the condition"
) -> Found:
    """Ask `condition` again and again until it gives something true, and return that.

    Raises AssertionError, which names `what` was waited for, when the time is over.
    """
    deadline = time.monotonic() + within_seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within_seconds:g} s in vain for {what}; got {found!r}")
        time.sleep(POLL_SECONDS)
    return found
