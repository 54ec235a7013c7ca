"""The whole city in one command, as `make run` starts it: `python -m feedback.cli.launch`.

Prepares the database, then runs the web server, a worker for each queue and the relay side by side
until Ctrl-C or SIGTERM, and leaves nothing running behind.
"""

import fcntl
import importlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from config import Settings, browsable
from feedback.cli.forks import run_to_end
from feedback.cli.processes import Processes
from feedback.cli.readiness import announce_when_ready
from feedback.delivery.embedded_redis import EmbeddedRedis, EmbeddedRedisFailed
from feedback.demo.logins import EXAMPLES, PASSWORD
from feedback.domain.events import QUEUES

# What the processes would import one by one, named as gunicorn names it: by module.
PRELOADED = ("wsgi", "worker")
# Honcho insists after five seconds; the web server's open requests get a little less.
WEB_GRACE_SECONDS = 4


def main() -> int:
    """Run the city; returns the exit code, 0 when it was asked to stop."""
    settings = Settings.from_environment(os.environ)
    for asked in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _stop_preparing)
    _refuse_busy_port(settings.host, settings.port)
    try:
        with _only_launcher(settings.data_dir), _redis(settings) as redis:
            _prepare()
            announce = partial(announce_when_ready, local_address(settings), _welcome(settings))
            return Processes(programs(settings), announce, partial(_revive, redis)).run()
    except EmbeddedRedisFailed as error:
        raise SystemExit(str(error)) from error
    except KeyboardInterrupt:
        return 0


def programs(settings: Settings) -> dict[str, list[str]]:
    """The processes of a running city, by name, as what follows `python` on a command line."""
    web = [  # the rest stands in gunicorn.conf.py, which the server reads by itself
        *("-m", "gunicorn", "wsgi:app"),
        *("--bind", _bindable(settings.host, settings.port)),
        *("--graceful-timeout", str(WEB_GRACE_SECONDS)),
        "--no-control-socket",
    ]
    workers = {f"worker-{queue}": ["worker.py", queue] for queue in QUEUES}
    return {"web": web, **workers, "relay": ["-m", "flask", "--app", "wsgi", "relay"]}


def local_address(settings: Settings) -> str:
    """Where this machine itself reaches the web server."""
    return f"http://{browsable(settings.host)}:{settings.port}"


def _welcome(settings: Settings) -> list[str]:
    """What to print once the city is ready."""
    names = [f"{login} ({what})" for login, what in EXAMPLES.items()]
    demo = [f"  demo log-ins  {', '.join(names)}", f"  password      {PASSWORD}"]
    return [
        f"  {settings.city_name_vi} is ready at {settings.public_url}",
        f"  report        {settings.public_url}/report",
        f"  staff log in  {settings.public_url}/login",
        *(demo if settings.demo_city else []),
        f"  data folder   {settings.data_dir}",
        "  Ctrl-C stops everything and keeps the data.",
    ]


def _prepare() -> None:
    """Load the application, and bring the database up to date in a process of its own: a
    connection opened here would be shared by every fork."""
    for name in PRELOADED:
        importlib.import_module(name)
    if run_to_end(["-m", "flask", "--app", "wsgi", "prepare"]):
        raise SystemExit("The database could not be prepared; see above why.")


def _redis(settings: Settings) -> AbstractContextManager[EmbeddedRedis | None]:
    """The embedded server for the length of the run, or nothing where the operator has one."""
    return EmbeddedRedis(settings.data_dir) if settings.redis_embedded else nullcontext()


def _revive(redis: EmbeddedRedis | None) -> None:
    """Nothing is lost while the embedded server is away, but no work is done either."""
    if redis is not None and redis.revive():
        click.echo("The embedded Redis server ended by itself and was started again.")


@contextmanager
def _only_launcher(data_dir: Path) -> Iterator[None]:
    """Hold the data folder, so that a second city cannot be started in it by mistake."""
    with (data_dir / "running.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(
                f"A city is already running in {data_dir}: stop it, or set DATA_DIR"
            ) from None
        yield


def _refuse_busy_port(host: str, port: int) -> None:
    """Say in one line that the address cannot be listened on, before anything is started."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise SystemExit(
            f"Port {port} on {host} cannot be used ({error.strerror}): free it, or set PORT"
        ) from error


def _bindable(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _stop_preparing(_signum: int, _frame: FrameType | None) -> NoReturn:
    """Unwind what was started so far; once the processes run, their manager takes the signals."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
