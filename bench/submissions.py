"""Submissions per second through gunicorn, against a bare view with the same inserts.

Ours and the bare one run in turns on fresh copies of the same migrated database, with the same
server settings; no worker runs beside either. Ours rings a real Redis after each commit, as it does
in a city. The figure is the median of the pairs' ratios.
"""

import os
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
from uuid import uuid4

import flask_migrate

from bench import city
from bench.browsers import Browser
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
WARM_UP = 3
EACH_SENDS = 9
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
            ours.append(_rate(port, with_form=True))
        with _server("bench.bare_app:app", fresh_database(), redis_url) as port:
            bare.append(_rate(port, with_form=False))
        ratios.append(ours[-1] / bare[-1])
    figures = f"{statistics.median(ours):.0f}/s against {statistics.median(bare):.0f}/s"
    return [
        Row(f"submissions on {name}, ours / bare", f"{statistics.median(ratios):.2f}", "≥ 0.5"),
        Row(f"… median of {PAIRS} pairs, {CLIENTS} clients", figures),
    ]


def _sqlite_databases(folder: Path) -> Callable[[], str]:
    template = folder / "template.sqlite3"
    prepare(f"sqlite:///{template}", folder)

    def fresh() -> str:
        path = folder / f"{uuid4()}.sqlite3"
        shutil.copy(template, path)
        return f"sqlite:///{path}"

    return fresh


def _postgresql_databases(cluster: Cluster) -> Callable[[], str]:
    cluster.create("template_bench")
    with tempfile.TemporaryDirectory() as folder:
        prepare(cluster.url("template_bench"), Path(folder))

    def fresh() -> str:
        name = f"bench_{uuid4().hex}"
        cluster.create(name, "template_bench")
        return cluster.url(name)

    return fresh


def prepare(url: str, data_dir: Path) -> None:
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
        # A line for each request, thousands of them, would drown the table.
        with (Path(data_dir) / "server.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)
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


def _rate(port: int, *, with_form: bool) -> float:
    """Accepted submissions per second, with every client on one connection."""
    clients = [_Client(port, number, with_form=with_form) for number in range(CLIENTS)]
    for client in clients:
        client.send(
            WARM_UP
        )  # connections, caches and compiled statements are there before the clock
    threads = [
        threading.Thread(target=client.send, args=(REQUESTS // CLIENTS,)) for client in clients
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    assert all(client.accepted == WARM_UP + REQUESTS // CLIENTS for client in clients)
    return REQUESTS / seconds


class _Client:
    """One person with enough browsers: a city takes ten reports of one within ten minutes."""

    def __init__(self, port: int, number: int, *, with_form: bool) -> None:
        self._browsers = [
            Browser(port, number, with_form=with_form)
            for _ in range(-(-(WARM_UP + REQUESTS // CLIENTS) // EACH_SENDS))
        ]
        self._sent = 0
        self.accepted = 0

    def send(self, count: int) -> None:
        """Send that many different reports, one after the other."""
        for _ in range(count):
            browser = self._browsers[self._sent // EACH_SENDS]
            status, _answer = browser.submit(f"Đèn đường tắt cả đoạn {self._sent}")
            self._sent += 1
            self.accepted += status == 201
