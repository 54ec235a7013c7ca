"""Real processes of the product: the very programs that a running city runs."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from config import ROOT, Settings
from feedback.cli.launch import local_address, programs
from tests.support.nursery import Child, nursery
from tests.support.waiting import wait_until

STOP_SECONDS = 15
START_SECONDS = 90  # a busy machine takes long to import it all five times over


def free_port() -> int:
    """A port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class CityProcess:
    """One process and its children, with everything it printed in `log`."""

    def __init__(
        self,
        program: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        afresh: bool = False,
    ) -> None:
        """`afresh` starts an interpreter of its own, as a service manager would, which takes some
        seconds of work; otherwise it is a fork, as the launcher's are."""
        self.log = log
        self._process: Child | subprocess.Popen[bytes]
        if not afresh:
            self._process = nursery().start(program, environment, log)
            return
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *program],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, which is also its group's."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the first process of the group still runs."""
        return self._process.poll() is None

    def stop(self) -> int:
        """Ask it to end, as `make run` does; returns its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End it and its group at once, as a crash would; returns its exit code."""
        return self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        if self.is_running:
            os.killpg(self.pid, how)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
            raise AssertionError(f"did not stop: {self.log.read_text()}") from None


class City:
    """The processes of one city, to be started one by one; all are ended by `stop_all`."""

    def __init__(self, settings: Settings, environment: Mapping[str, str], logs: Path) -> None:
        self.settings = settings
        self.address = local_address(settings)
        self._environment = {**os.environ, **environment}
        self._logs = logs
        self._started: list[CityProcess] = []

    def start(self, name: str) -> CityProcess:
        """Start `web`, `relay` or `worker-<queue>`; the web server is waited for."""
        process = self._launch(name)
        if name == "web":
            wait_until(lambda: self._web_answers(process), START_SECONDS, "the web server")
        return process

    def start_all(self) -> None:
        """Start everything at once and wait until the city says that it is ready."""
        for name in programs(self.settings):
            self._launch(name)
        wait_until(self.is_ready, START_SECONDS, "the city to be ready")

    def _launch(self, name: str) -> CityProcess:
        program = programs(self.settings)[name]
        log = self._logs / f"{name}-{len(self._started)}.log"
        process = CityProcess(program, self._environment, log)
        self._started.append(process)
        return process

    def stop_all(self) -> None:
        """End what still runs, the last started first."""
        while self._started:
            self._started.pop().stop()

    def is_ready(self) -> bool:
        """Whether `/healthz` answers 200."""
        return self._status() == 200

    def _web_answers(self, process: CityProcess) -> bool:
        assert process.is_running, process.log.read_text()
        return self._status() is not None

    def _status(self) -> int | None:
        try:
            with urlopen(f"{self.address}/healthz", timeout=5) as answer:  # noqa: S310 (ours)
                return int(answer.status)
        except HTTPError as refusal:
            with refusal:
                return refusal.code
        except (OSError, HTTPException):
            return None
