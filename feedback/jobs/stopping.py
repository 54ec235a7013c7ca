"""Ends a loop on SIGTERM or Ctrl-C: at once while it waits, else after what it is doing."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType


class _Interrupted(BaseException):
    """Leaves a wait; not an Exception, so that nothing on the way takes it for a failure."""


class Stop:
    """Whether the process was asked to end. Made in the main thread, once it takes the signals."""

    def __init__(self) -> None:
        self.asked = False
        self._waiting = False
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._ask)

    def wait(self, waiting: Callable[[], object]) -> None:
        """Call something that only waits, and leave it as soon as the process is asked to end."""
        with suppress(_Interrupted):
            self._waiting = True
            try:
                if not self.asked:
                    waiting()
            finally:
                self._waiting = False

    def sleep(self, seconds: float) -> None:
        """Pause, or less when the process is asked to end."""
        self.wait(lambda: time.sleep(seconds))

    def _ask(self, _signum: int, _frame: FrameType | None) -> None:
        self.asked = True
        if self._waiting:
            self._waiting = False
            raise _Interrupted
