"""The pages people look at all day, at 1,000 and at 100,000 reports on PostgreSQL.

Both cities answer in turns, from one process, without a network between: what differs is what the
database has to do. Every list is a full page at both sizes.
"""

import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench import many_reports
from bench.pages import count_queries, examples, sign_in
from bench.rows import Row
from bench.visits import compare
from feedback.demo.logins import EXAMPLES
from feedback.extensions import db
from feedback.storage.models import StatisticsReady
from tests.support.postgresql import Cluster

LIVES = 250
SMALL, LARGE = 1_000, 100_000
ROUNDS = 60
WANTED = 1.5
HEAD, DISPATCHER, SUPERVISOR = (
    next(login for login, role in EXAMPLES.items() if role == wanted)
    for wanted in ("head of a unit", "dispatcher", "supervisor")
)
PAGES = {
    "queue of a unit": ("/staff/queue", HEAD),
    "queue of the whole city": ("/staff/queue", DISPATCHER),
    "page of a case": ("/staff/reports/<code>", DISPATCHER),
    "public list": ("/reports", None),
    "supervisor's page": ("/supervisor", SUPERVISOR),
}


def run(rounds: int = ROUNDS, large: int = LARGE) -> list[Row]:
    """Two rows a page: time at both sizes, and queries."""
    cluster = Cluster()
    with tempfile.TemporaryDirectory() as folder:
        try:
            cluster.start()
            cluster.create("lives")
            lives = many_reports.load_lives(
                cluster.url("lives"), Path(folder), LIVES, busy_unit=True
            )
            with lives.app_context():
                db.engine.dispose()
            cities = []
            for size in (SMALL, large):
                cluster.create(f"city_{size}", "lives")
                app = many_reports.open_city(cluster.url(f"city_{size}"), Path(folder))
                with app.app_context():
                    began = time.perf_counter()
                    count = many_reports.multiply(size // LIVES)
                    print(f"  {count:,} reports in {time.perf_counter() - began:.0f} s", flush=True)
                    assert db.session.scalars(select(StatisticsReady)).first()
                    db.session.remove()
                cities.append(app)
            rows = [row for name in PAGES for row in _compared(name, cities, rounds)]
            for app in cities:
                with app.app_context():
                    db.engine.dispose()
            return rows
        finally:
            cluster.stop()


def _compared(name: str, cities: list[Flask], rounds: int) -> list[Row]:
    address, login = PAGES[name]
    visits = []
    for app in cities:
        with app.app_context():
            code, _link = examples()
            db.session.remove()
        visits.append((app, sign_in(app, login), address.replace("<code>", code)))
    queries = [count_queries(*visit) for visit in visits]
    pages = [visit[1].get(visit[2]).text for visit in visits]
    sizes = [page.count("<li") + page.count("<tr") for page in pages]
    small, large = (visit[1:] for visit in visits)
    return [
        *compare(f"{name}: p95 at many ÷ at 1,000", (small, large), rounds, WANTED),
        Row(
            "… queries, list items shown",
            f"{queries[0]} and {queries[1]}, {sizes[0]} and {sizes[1]}",
            "the same",
        ),
    ]
