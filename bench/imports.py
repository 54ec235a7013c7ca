"""Rows of another system's file taken over a second, beside a bare COPY of the same file.

The bare one puts words into a table of text columns and checks nothing. Ours reads what they mean,
writes a report with its round, assignment and history, and marks the days whose figures change.
"""

import csv
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
from sqlalchemy import text

from bench import city
from bench.many_reports import open_city
from bench.rows import Row
from config import ROOT
from feedback.domain.imported import read_mapping
from feedback.extensions import db
from feedback.operations.import_reports import Imported, import_reports
from feedback.operations.imported_files import rows_of
from tests.support.postgresql import Cluster

ROWS = 20_000
COPIES = 5
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FIELDS = ("id", "sent", "done", "due", "topic", "office", "state", "lat", "lon", "where")
STATES = ("Closed",) * 8 + ("Cancelled", "Open")
MAPPING = {
    "source": "old system",
    "time_zone": "Asia/Ho_Chi_Minh",
    "clock": "working",
    "service_level": "standard",
    "create_missing": True,
    "columns": {
        **{"id": "id", "received": "sent", "closed": "done", "due": "due", "status": "state"},
        **{"category": "topic", "unit": "office", "address": "where"},
        **{"latitude": "lat", "longitude": "lon"},
    },
    "statuses": {"Closed": "fixed", "Cancelled": "withdrawn", "Open": "open"},
}


def run() -> list[Row]:
    """Rates of a dry run, of the import and of a bare COPY, each in a database of its own kind."""
    cluster = Cluster()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "old.csv"
        _write(path)
        try:
            cluster.start()
            cluster.create("imports")
            app = open_city(cluster.url("imports"), Path(folder))
            with app.app_context():
                flask_migrate.upgrade(directory=str(ROOT / "migrations"))
                city.fill(db.session())
                bare = statistics.median(_copied(path) for _ in range(COPIES))
                dry, told = _imported(app, path, dry_run=True)
                ours, done = _imported(app, path, dry_run=False)
                assert done == told
                db.session.remove()
                db.engine.dispose()
        finally:
            cluster.stop()
    what = f"… {done.stored:,} of {ROWS:,} rows stored, {len(done.refused):,} refused"
    return [
        Row("import rows/s, ours", f"{ROWS / ours:,.0f}"),
        Row(what, f"{ours:.1f} s"),
        Row("import rows/s, ours, dry run", f"{ROWS / dry:,.0f}"),
        Row("bare COPY rows/s", f"{ROWS / bare:,.0f}"),
        Row("import, ours / bare COPY", f"{bare / ours:.4f}"),
    ]


def _write(path: Path) -> None:
    """A file with some dirt: closed before sent, never closed, ids that come twice."""
    chance = random.Random("another system")  # noqa: S311 - the same file every time
    span = city.SIDE * city.GRID
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(FIELDS)
        for number in range(ROWS):
            sent = datetime(2026, 1, 1) + timedelta(minutes=chance.randrange(300 * 24 * 60))  # noqa: DTZ001 (a file's local time)
            state = chance.choice(STATES)
            done = sent + timedelta(minutes=chance.randint(-500 if number % 25 == 0 else 0, 9_000))
            writer.writerow(
                (
                    number if number % 200 else number // 2,
                    sent.isoformat(),
                    "" if state == "Open" or number % 100 == 1 else done.isoformat(),
                    (sent + timedelta(days=chance.choice((-1, 3, 5)))).isoformat(),
                    f"Lĩnh vực {chance.randrange(12)}",
                    f"Đơn vị {chance.randrange(40)}",
                    state,
                    f"{city.SOUTH + chance.random() * span:.5f}",
                    f"{city.WEST + chance.random() * span:.5f}",
                    f"{number % 300} Nguyễn Trãi",
                )
            )


def _imported(app, path: Path, *, dry_run: bool) -> tuple[float, Imported]:
    mapping, surroundings = read_mapping(MAPPING), app.extensions["city"]
    began = time.perf_counter()
    with path.open("rb") as stream, rows_of(stream, packed=False) as rows:
        done = import_reports(rows, mapping, city=surroundings, now=NOW, dry_run=dry_run)
    return time.perf_counter() - began, done


def _copied(path: Path) -> float:
    """Seconds of a bare COPY into a table that is new each time."""
    columns = ", ".join(f'"{name}" text' for name in FIELDS)
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bare"))
        connection.execute(text(f"CREATE TABLE bare ({columns})"))
    began = time.perf_counter()
    with db.engine.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(path.read_bytes())
        cursor.close()
    return time.perf_counter() - began
