"""Starts our Python programs as forks of a process that has already loaded them.

Loading the application costs more than a second of work. The launcher loads it once, and each
process of the city is a fork that begins with everything in memory.
"""

import os
import runpy
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from config import ROOT
from feedback.delivery.lifelines import end_with_parent


def run_python(arguments: Sequence[str]) -> None:
    """Run `python <arguments>` in this process: `-m module …` or `file.py …`."""
    if arguments[0] == "-m":
        sys.argv = list(arguments[1:])
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = list(arguments)
        runpy.run_path(arguments[0], run_name="__main__")


class Fork:
    """A child that runs `python <arguments>`, leader of a session of its own; looks to honcho like
    a Popen whose output is piped."""

    def __init__(self, arguments: Sequence[str], **_unused: object) -> None:
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.returncode: int | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            end_with_parent(parent, signal.SIGTERM)
            os.close(reading)
            _become(arguments, writing)
        os.close(writing)
        self.stdout = os.fdopen(reading, "rb")

    def wait(self) -> int:
        """Wait for the end; the exit code, negative for the signal that ended it."""
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode


def run_to_end(arguments: Sequence[str]) -> int:
    """Run `python <arguments>` in a fork, with its output on ours; returns the exit code."""
    child = Fork(arguments)
    try:
        for line in child.stdout:
            sys.stdout.write(line.decode(errors="replace"))
    except KeyboardInterrupt:
        os.killpg(child.pid, signal.SIGTERM)
        raise
    finally:
        child.stdout.close()
        child.wait()
    return child.wait()


def _become(arguments: Sequence[str], output: int) -> NoReturn:
    """The child's whole life: shed what belongs to the launcher, then run the program."""
    code = 1
    try:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 (a device)
            os.dup2(nothing.fileno(), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.chdir(ROOT)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        run_python(arguments)
        code = 0
    except SystemExit as end:
        code = _exit_code(end)
    except BaseException:  # the end of this process: there is nobody above to tell
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _exit_code(end: SystemExit) -> int:
    """What the interpreter itself would make of a SystemExit."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    sys.stderr.write(f"{end.code}\n")
    return 1
