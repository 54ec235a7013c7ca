"""`make run` without make: the whole city starts, is used, and leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from config import ROOT, Settings
from feedback.cli.readiness import what_is_missing
from tests.support.leftovers import processes_of
from tests.support.processes import free_port
from tests.support.waiting import wait_until

READY_SECONDS = 40
STOP_SECONDS = 20


class Launch:
    """One launcher as a person at a terminal would have it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        self.environment = {
            "DATA_DIR": str(folder / "data"),
            "DEMO_CITY": "no",
            "PORT": str(free_port()),
            **environment,
        }
        self.address = f"http://127.0.0.1:{self.environment['PORT']}"
        self._log = folder / f"launch-{self.environment['PORT']}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "feedback.cli.launch"],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """What the terminal shows."""
        return self._log.read_text()

    @property
    def settings(self) -> Settings:
        """The settings it runs with."""
        return Settings.from_environment(self.environment)

    def wait_until_ready(self) -> None:
        """Wait for the announcement, which comes when `/healthz` says so."""

        def announced() -> bool:
            assert self.process.poll() is None, self.output
            return f"is ready at {self.address}" in self.output

        wait_until(announced, READY_SECONDS, "the city to be ready")

    def stop(self, how: signal.Signals) -> int:
        """Signal the whole group, as a terminal's Ctrl-C does; returns the exit code."""
        os.killpg(self.process.pid, how)
        return self.process.wait(STOP_SECONDS)

    def leftovers(self) -> dict[int, str]:
        """Which of its processes still run."""
        return processes_of(self._folder)


Start = Callable[..., Launch]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start launchers that share this test's folder; none outlives the test."""
    launches: list[Launch] = []

    def start_one(**environment: str) -> Launch:
        launches.append(Launch(tmp_path, **environment))
        return launches[-1]

    yield start_one
    for launch in launches:
        for pid in launch.leftovers():
            os.kill(pid, signal.SIGKILL)
        launch.process.wait(STOP_SECONDS)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_city_starts_and_leaves_nothing_running(start: Start, how: signal.Signals) -> None:
    launch = start()
    launch.wait_until_ready()
    assert what_is_missing(launch.address) == ""
    commands = " ".join(launch.leftovers().values())
    assert "valkey-server" in commands
    assert len(launch.leftovers()) > 6
    assert launch.stop(how) == 0, launch.output
    assert launch.leftovers() == {}
    assert "Traceback" not in launch.output


def test_a_city_runs_on_the_operators_database_and_redis(
    start: Start, database_url: str, redis_url: str
) -> None:
    launch = start(DATABASE_URL=database_url, REDIS_URL=redis_url)
    launch.wait_until_ready()
    assert "valkey-server" not in " ".join(launch.leftovers().values())
    assert launch.stop(signal.SIGTERM) == 0, launch.output
    assert launch.leftovers() == {}


def test_a_stop_in_the_middle_of_a_job_leaves_nothing_running(start: Start) -> None:
    launch = start()
    launch.wait_until_ready()
    with Redis.from_url(launch.settings.redis_url) as connection:
        queue = Queue("photos", connection=connection, serializer=JSONSerializer)
        job = queue.enqueue("time.sleep", 300)
        wait_until(lambda: job.get_status() == "started", what="the job to start")
    assert launch.stop(signal.SIGTERM) == 0, launch.output
    assert launch.leftovers() == {}


@pytest.mark.parametrize("seen", ["", "started (pid"])
def test_a_stop_while_starting_leaves_nothing_running(start: Start, seen: str) -> None:
    launch = start()
    processes = 1 if seen else 0
    wait_until(lambda: len(launch.leftovers()) > processes, what="the first processes")
    wait_until(lambda: seen in launch.output, READY_SECONDS, "the sign of a start")
    launch.stop(signal.SIGTERM)
    wait_until(lambda: not launch.leftovers(), what="everything to end")
    assert "Traceback" not in launch.output


def test_the_second_start_keeps_the_data(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    secret = first.settings.secret_key
    first.stop(signal.SIGTERM)
    second = start()
    second.wait_until_ready()
    assert second.settings.secret_key == secret
    assert second.stop(signal.SIGTERM) == 0


def test_when_one_process_dies_all_are_stopped(start: Start) -> None:
    launch = start()
    launch.wait_until_ready()
    # The web server's processes are forks of the launcher: gunicorn's master leads its session.
    leaders = [pid for pid in launch.leftovers() if os.getsid(pid) == pid]
    victim = next(pid for pid in leaders if pid != launch.process.pid and is_python(launch, pid))
    os.kill(victim, signal.SIGKILL)
    assert launch.process.wait(STOP_SECONDS) == 1, launch.output
    wait_until(lambda: not launch.leftovers(), what="everything to end")
    assert "ended by itself" in launch.output


def test_a_killed_launcher_takes_everything_with_it_and_the_city_starts_again(start: Start) -> None:
    launch = start()
    launch.wait_until_ready()
    os.kill(launch.process.pid, signal.SIGKILL)
    launch.process.wait(STOP_SECONDS)
    wait_until(lambda: not launch.leftovers(), what="everything to end")
    again = start()
    again.wait_until_ready()
    assert again.stop(signal.SIGTERM) == 0


def test_an_embedded_redis_that_dies_is_started_again(start: Start) -> None:
    launch = start()
    launch.wait_until_ready()
    victim = next(pid for pid in launch.leftovers() if not is_python(launch, pid))
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: "was started again" in launch.output, what="the server to be started")
    wait_until(lambda: what_is_missing(launch.address) == "", what="the city to be whole again")
    assert launch.process.poll() is None
    assert launch.stop(signal.SIGTERM) == 0, launch.output
    assert launch.leftovers() == {}


def is_python(launch: Launch, pid: int) -> bool:
    return "valkey-server" not in launch.leftovers()[pid]


def test_a_port_in_use_is_one_clear_line(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        launch = start(PORT=port)
        assert launch.process.wait(STOP_SECONDS) == 1
    [line] = launch.output.splitlines()
    assert line.startswith(f"Port {port} on 127.0.0.1 cannot be used")


def test_a_data_folder_in_use_is_one_clear_line(start: Start) -> None:
    first = start()
    first.wait_until_ready()
    second = start()
    assert second.process.wait(STOP_SECONDS) == 1
    [line] = second.output.splitlines()
    assert line.startswith("A city is already running in ")


def test_bad_settings_are_one_clear_line_each(start: Start) -> None:
    launch = start(ENVIRONMENT="production", SECRET_KEY="", TIME_ZONE="Nowhere")
    assert launch.process.wait(STOP_SECONDS) == 1
    named = [line.split()[0] for line in launch.output.splitlines()]
    assert named == ["SECRET_KEY", "SEALING_KEYS", "TIME_ZONE"]
