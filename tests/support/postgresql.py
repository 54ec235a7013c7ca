"""A PostgreSQL cluster of the tests' own, in a temporary folder, reached by a unix socket only."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.support.requirements import missing, postgresql_binary
from tests.support.waiting import wait_until

OWNER = "feedback"
STOP_SECONDS = 20


class Cluster:
    """Start it, make databases in it, stop it; nothing is left behind.

    The server refuses to run as root, and then runs as the user `postgres`.
    """

    def __init__(self) -> None:
        # Not pytest's folder: the user postgres could not enter that one.
        self._folder = Path(tempfile.mkdtemp(prefix="feedback-pg-"))
        self._as_user: dict[str, str | int | list[int]] = {}
        if os.geteuid() == 0:
            owner = _postgres_user()
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
            self._as_user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster and wait until it answers; about three seconds."""
        self._run(
            *("initdb", "--pgdata", str(self._data), "--username", OWNER),
            *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )
        # Durability against a power cut is not what the tests are about.
        fast = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
        options = (*fast, "max_connections=200", "listen_addresses=")
        options = (*options, f"unix_socket_directories={self._folder}")
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                [
                    str(postgresql_binary("postgres")),
                    *("-D", str(self._data)),
                    *(part for option in options for part in ("-c", option)),
                ],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_user,  # type: ignore[call-overload]
            )
        wait_until(self._answers, 30, "PostgreSQL to answer")

    def stop(self) -> None:
        """End the server and remove the folder."""
        if self._server:
            self._server.send_signal(signal.SIGINT)  # a fast shutdown
            self._server.wait(STOP_SECONDS)
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """The address of one database, as `DATABASE_URL` takes it."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self._folder}"

    def create(self, database: str, template: str = "template0") -> None:
        """Make a database as a copy of `template`, which nobody may be using."""
        self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def drop(self, database: str) -> None:
        """Remove a database, throwing out whoever still uses it."""
        self._execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of its own, each of whose statements is a transaction."""
        return psycopg.connect(host=str(self._folder), user=OWNER, dbname=database, autocommit=True)

    def _execute(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement)

    def _answers(self) -> bool:
        assert self._server is not None
        assert self._server.poll() is None, self._log.read_text()
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(postgresql_binary(program)), *arguments],
            cwd=self._folder,
            check=False,
            capture_output=True,
            text=True,
            **self._as_user,  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stderr

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"


def _postgres_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        missing("The user postgres", "apt-get install postgresql, or run the tests as another user")
