"""Runs a set of processes together under honcho until a signal asks to stop."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

import click
from honcho.manager import SIGNALS, Manager
from honcho.process import Process

from feedback.cli.forks import Fork
from feedback.delivery.lifelines import end_with_parent

STOPPED_BY_SIGNAL = {facts["rc"] for facts in SIGNALS.values()}


class Processes(Manager):  # type: ignore[misc]  # honcho has no types
    """The named programs, started together; when one ends, all the others are stopped.

    A program is what follows `python` on a command line. `on_started` is called in a thread of its
    own once every process has been started, `on_turn` about ten times a second from then on.
    """

    def __init__(
        self,
        programs: Mapping[str, Sequence[str]],
        on_started: Callable[[], None],
        on_turn: Callable[[], None],
    ) -> None:
        # Honcho's own helpers must be forks too, which is not the default of newer Pythons.
        multiprocessing.set_start_method("fork", force=True)
        super().__init__()
        self._process_ctor = _ForkedProcess
        self._on_started: Callable[[], None] | None = on_started
        self._on_turn = on_turn
        for name, program in programs.items():
            self.add_process(name, program)

    def run(self) -> int:
        """Run until a signal asks to stop, or one process ends by itself; returns the exit code."""
        signal.signal(signal.SIGHUP, _stop_too)
        self.loop()
        if self.returncode in STOPPED_BY_SIGNAL:
            return 0
        click.echo("One of the processes ended by itself, so all were stopped; see above why.")
        return 1

    def terminate(self) -> None:
        """Stop every process. Honcho knows their ids only once all have started: a signal that
        comes earlier is remembered in `returncode` and obeyed in `_all_started`."""
        if super()._all_started():
            super().terminate()

    def _all_started(self) -> bool:
        """Honcho asks this on each turn of its loop, which makes it the place to go on from."""
        if not super()._all_started():
            return False
        if self.returncode is not None:
            super().terminate()
        elif self._on_started:
            threading.Thread(target=self._on_started, daemon=True).start()
            self._on_started = None
        else:
            self._on_turn()
        return True


class _ForkedProcess(Process):  # type: ignore[misc]  # honcho has no types
    """Honcho's process with our kind of child."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self._child_ctor = Fork
        self._launcher = os.getpid()

    def run(self, *arguments: object, **options: object) -> None:
        """Honcho calls this in the helper that reads the child's output."""
        # The helper ignores being asked to end; its child is asked when the helper is gone.
        end_with_parent(self._launcher, signal.SIGKILL)
        super().run(*arguments, **options)


def _stop_too(_signum: int, _frame: FrameType | None) -> None:
    """A closed terminal stops the city as a Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGTERM)
