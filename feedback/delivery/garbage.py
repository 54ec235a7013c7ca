"""How often Python looks for garbage that keeps itself alive."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARE = 50_000, 20, 20


def spare_what_is_there() -> None:
    """Never look again through what the process has made so far, for it stays as long as it runs.

    A server calls it once the application is made: to look through that takes as long as a page.
    Before a fork it lets parent and child go on sharing the memory.
    """
    gc.collect()
    gc.freeze()


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
