"""Starts programs of the product as forks of a process that has already loaded it.

The launcher of a city does the same (see `feedback.cli.forks`): loading the application costs
several seconds of work, and the tests start it more than a hundred times. The nursery is a process
of its own, because a test process has threads and changed modules; it is told by one line of JSON
what to start, or whose end to tell, and answers with one line. Each child is the leader of a
session and has the environment it is given and no other.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from config import ROOT

LOADED = ("feedback.app", "worker", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "flask.cli")
POLL_SECONDS = 0.02


class Nursery:
    """The process, as a test process sees it. It ends, with its children, when that one does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

        atexit.register(self.close)

    def close(self) -> None:
        """End it and what it started."""
        self._process.communicate()

    def start(self, program: Sequence[str], environment: Mapping[str, str], log: Path) -> "Child":
        """Run `python <program>` with its output in `log`."""
        order = {"program": list(program), "environment": dict(environment), "log": str(log)}
        return Child(self, self.ask(order))

    def ask(self, order: Mapping[str, Any]) -> Any:
        """Give an order and wait for the answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


class Child:
    """One program that runs, with what the tests need of `subprocess.Popen`."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self._code: int | None = None
        self.pid = pid

    def poll(self) -> int | None:
        """The exit code, negative for the signal that ended it; None while it runs."""
        if self._code is None:
            self._code = self._nursery.ask({"ended": self.pid})
        return self._code

    def wait(self, timeout: float = float("inf")) -> int:
        """Wait for the end and return the exit code; raises subprocess.TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(POLL_SECONDS)
        return code


@cache
def nursery() -> Nursery:
    """The one of this test process."""
    return Nursery()


def main() -> None:
    """Obey until nobody gives orders any more."""
    for name in LOADED:
        __import__(name)
    for line in sys.stdin:
        order = json.loads(line)
        answer = _end_of(order["ended"]) if "ended" in order else _bear(order)
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _end_of(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _bear(order: Mapping[str, Any]) -> int:
    waiting, ready = os.pipe()
    nursery = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(waiting)
        _live(order, nursery, ready)
    os.close(ready)
    os.read(waiting, 1)  # from here on its session is its own, and can be signalled as a whole
    os.close(waiting)
    return pid


def _live(order: Mapping[str, Any], nursery: int, ready: int) -> NoReturn:
    """The child's whole life."""
    from feedback.cli.forks import run_python  # noqa: PLC0415 (a test process needs none of it)
    from feedback.delivery.lifelines import end_with_parent  # noqa: PLC0415

    code = 1
    try:
        os.setsid()
        end_with_parent(nursery, signal.SIGKILL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for number, file in enumerate((nothing, log, log)):
            os.dup2(file, number)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.close(ready)
        run_python(order["program"])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:  # the end of this process: there is nobody above to tell
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
