"""Submissions per second through gunicorn, against a bare view with the same inserts.

Ours and the bare one run in turns on fresh copies of the same migrated database, with the same
server settings; no worker runs beside either. Ours rings a real Redis after each commit, as it does
in a city. The figure is the median of the pairs' ratios.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import flask_migrate

from bench import city
from bench.rows import Row
from config import ROOT, Settings
from feedback.app import create_app
from feedback.delivery.embedded_redis import EmbeddedRedis
from feedback.extensions import db
from tests.support.postgresql import Cluster
from tests.support.processes import free_port
from tests.support.waiting import wait_until

CLIENTS = 8
REQUESTS = 400
PAIRS = 3
SERVER = ("--workers", "2", "--threads", "4", "--worker-class", "gthread", "--log-level", "error")


def run() -> list[Row]:
    """The rows of both databases."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedRedis(Path(folder)) as redis:
        rows = _measure("SQLite", _sqlite_databases(Path(folder)), redis.url)
        cluster = Cluster()
        try:
            cluster.start()
            return rows + _measure("PostgreSQL", _postgresql_databases(cluster), redis.url)
        finally:
            cluster.stop()


def _measure(name: str, fresh_database: Callable[[], str], redis_url: str) -> list[Row]:
    ours, bare, ratios = [], [], []
    for _ in range(PAIRS):
        with _server("wsgi:app", fresh_database(), redis_url) as port:
            ours.append(_rate(port, with_token=True))
        with _server("bench.bare_app:app", fresh_database(), redis_url) as port:
            bare.append(_rate(port, with_token=False))
        ratios.append(ours[-1] / bare[-1])
    figures = f"{statistics.median(ours):.0f}/s against {statistics.median(bare):.0f}/s"
    return [
        Row(f"submissions on {name}, ours / bare", f"{statistics.median(ratios):.2f}", "≥ 0.5"),
        Row(f"… median of {PAIRS} pairs, {CLIENTS} clients", figures),
    ]


def _sqlite_databases(folder: Path) -> Callable[[], str]:
    template = folder / "template.sqlite3"
    _prepare(f"sqlite:///{template}", folder)

    def fresh() -> str:
        path = folder / f"{uuid4()}.sqlite3"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return fresh


def _postgresql_databases(cluster: Cluster) -> Callable[[], str]:
    cluster.create("template_bench")
    with tempfile.TemporaryDirectory() as folder:
        _prepare(cluster.url("template_bench"), Path(folder))

    def fresh() -> str:
        name = f"bench_{uuid4().hex}"
        cluster.create(name, "template_bench")
        return cluster.url(name)

    return fresh


def _prepare(url: str, data_dir: Path) -> None:
    """Migrate a database and store the small city in it."""
    environment = {"ENVIRONMENT": "testing", "DATA_DIR": str(data_dir), "DATABASE_URL": url}
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        city.fill(db.session())
        # The last connection to close brings all of an SQLite database into its one file.
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _server(target: str, database_url: str, redis_url: str) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory() as data_dir:
        environment = {
            **os.environ,
            "ENVIRONMENT": "testing",
            "DATA_DIR": data_dir,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "LIMITS_PERCENT": "100000",  # every citizen of the load has the same address
            "BARE_DATABASE_URL": database_url,
            "SECRET_KEY": uuid4().hex + uuid4().hex,
        }
        command = [sys.executable, "-m", "gunicorn", *SERVER, "-b", f"127.0.0.1:{port}", target]
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            wait_until(lambda: _answers(port), 90, "the server to answer")
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except OSError:
        return False
    return True


def _rate(port: int, *, with_token: bool) -> float:
    """Accepted submissions per second, with every client on one connection."""
    clients = [_Client(port, with_token=with_token) for _ in range(CLIENTS)]
    for client in clients:
        client.send(3)  # connections, caches and compiled statements are there before the clock
    threads = [
        threading.Thread(target=client.send, args=(REQUESTS // CLIENTS,)) for client in clients
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    assert all(client.accepted == 3 + REQUESTS // CLIENTS for client in clients)
    return REQUESTS / seconds


class _Client:
    """One browser: a connection, a session cookie and a form's token where the view wants them."""

    def __init__(self, port: int, *, with_token: bool) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._token = self._open_form() if with_token else ""
        self.accepted = 0

    def _open_form(self) -> str:
        self._connection.request("GET", "/report")
        answer = self._connection.getresponse()
        page = answer.read().decode()
        self._headers["Cookie"] = (answer.headers["Set-Cookie"] or "").partition(";")[0]
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]

    def send(self, count: int) -> None:
        """Send that many different reports, one after the other."""
        for number in range(count):
            form = {
                "csrf_token": self._token,
                "submission_id": str(uuid4()),
                "category_id": "1",
                "latitude": "16.31",
                "longitude": "107.53",
                "place_source": "map",
                "text": f"Đèn đường tắt cả đoạn {number}",
            }
            self._connection.request("POST", "/report", urlencode(form), self._headers)
            answer = self._connection.getresponse()
            answer.read()
            self.accepted += answer.status == 201
