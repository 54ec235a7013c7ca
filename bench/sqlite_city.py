"""A city of 100,000 reports on SQLite: its figures anew, its pages, and a change in them.

The city is made on PostgreSQL, as the others are, and copied row by row. The small city beside it
has a tenth of the reports.
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import create_engine, insert, select

from bench import many_reports
from bench.changes import Chain
from bench.rebuilds import rebuilt
from bench.rows import Row, spread
from bench.supervisor_pages import addresses_of, compared
from config import ROOT
from feedback.delivery.garbage import spare_what_is_there
from feedback.extensions import Model, db
from feedback.operations.refresh_statistics import refresh_statistics
from feedback.operations.verify_statistics import verify_statistics
from tests.support.postgresql import Cluster

LIVES, WEEKS = 500, 104
SIZES = {"small": {"times": 23, "one_open_in": 1}, "large": {"times": 250, "one_open_in": 10}}
ROUNDS = 20
CHANGES = 20
ROWS_AT_ONCE = 5_000


def run(rounds: int = ROUNDS) -> list[Row]:
    """The rebuild, two rows a page, and how long one change takes to stand in the figures."""
    with tempfile.TemporaryDirectory() as folder:
        cities, rows = [], []
        for name, count in _fill(Path(folder)).items():
            app = many_reports.open_city(_url(Path(folder), name), Path(folder))
            rows += rebuilt(app, count, "")
            cities.append(app)
        size = _path(Path(folder), "large").stat().st_size / 2**20
        rows.append(Row("size of the large city's file", f"{size:,.0f} MiB"))
        spare_what_is_there()  # as the server does
        for name, addresses in addresses_of(cities).items():
            rows += compared(name, addresses, cities, rounds)
        for app, name in zip(cities, SIZES, strict=True):
            rows.append(_change(app, name))
        return rows


def _fill(folder: Path) -> dict[str, int]:
    """Make both files; how many reports each has."""
    cluster = Cluster()
    counts = {}
    try:
        cluster.start()
        cluster.create("lives")
        app = many_reports.load_lives(cluster.url("lives"), folder, LIVES)
        with app.app_context():
            db.engine.dispose()
        for name, size in SIZES.items():
            cluster.create(name, "lives")
            app = many_reports.open_city(cluster.url(name), folder)
            with app.app_context():
                counts[name] = many_reports.multiply(weeks=WEEKS, **size)
                _copy(folder, name)
                db.session.remove()
                db.engine.dispose()
    finally:
        cluster.stop()
    return counts


def _copy(folder: Path, name: str) -> None:
    """Every row of the application's database, put into a new file."""
    app = many_reports.open_city(_url(folder, name), folder)
    with app.app_context():
        flask_migrate.upgrade(directory=str(ROOT / "migrations"))
        db.engine.dispose()
    file = create_engine(_url(folder, name))  # checks no references, for some point to each other
    tables = Model.metadata.sorted_tables
    with file.begin() as into, db.engine.connect() as source:
        for table in reversed(tables):
            into.execute(table.delete())
        for table in tables:
            found = source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table))
            for some in found.mappings().partitions():
                into.execute(insert(table), [dict(row) for row in some])
    with file.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    file.dispose()


def _change(app: Flask, name: str) -> Row:
    """Reports that come in one after the other, each followed by the refresh it causes."""
    with app.app_context():
        times = []
        for number in range(CHANGES):
            Chain(app, number).step(0)
            began = time.perf_counter()
            refresh_statistics(city=app.extensions["city"], now=datetime.now(UTC))
            times.append(time.perf_counter() - began)
        wrong = verify_statistics(city=app.extensions["city"])
        assert wrong == [], wrong[:3]
        db.session.remove()
        db.engine.dispose()
    return Row(f"refresh after one change, {name} city: p95 (median, longest)", spread(times))


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.db"


def _url(folder: Path, name: str) -> str:
    return f"sqlite:///{_path(folder, name)}"
