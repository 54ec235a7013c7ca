"""Every page of the supervisors at 10,000 and at 1,000,000 reports, and what lies behind them.

The large city is filled first, then every figure of it is computed from the beginning by another
process, whose memory is watched. Both cities answer in turns, from one process.
"""

import tempfile
import time
from pathlib import Path

from flask import Flask

from bench import many_reports
from bench.rebuilds import rebuilt
from bench.rows import Row
from bench.supervisor_pages import addresses_of, compared
from feedback.delivery.garbage import spare_what_is_there
from feedback.extensions import db
from tests.support.postgresql import Cluster

LIVES = 500
WEEKS = 104
# Of what is open the large city has about three times as much, not a hundred times.
SMALL = {"times": 23, "one_open_in": 1}
LARGE = {"times": 2_500, "one_open_in": 40}
ROUNDS = 40


def run(rounds: int = ROUNDS) -> list[Row]:
    """The rebuild of the large city, and two rows a page."""
    cluster = Cluster()
    with tempfile.TemporaryDirectory() as folder:
        try:
            cluster.start()
            cluster.create("lives")
            lives = many_reports.load_lives(cluster.url("lives"), Path(folder), LIVES)
            with lives.app_context():
                db.engine.dispose()
            cities, rows = [], []
            for name, size in (("small", SMALL), ("large", LARGE)):
                cluster.create(name, "lives")
                app = many_reports.open_city(cluster.url(name), Path(folder))
                rows += _filled(app, size)
                cities.append(app)
            spare_what_is_there()  # as the server does
            for name, addresses in addresses_of(cities).items():
                rows += compared(name, addresses, cities, rounds)
            for app in cities:
                with app.app_context():
                    db.engine.dispose()
            return rows
        finally:
            cluster.stop()


def _filled(app: Flask, size: dict[str, int]) -> list[Row]:
    """Fill a city and compute its figures; rows of that."""
    with app.app_context():
        began = time.perf_counter()
        count = many_reports.multiply(weeks=WEEKS, **size)
        print(f"  {count:,} reports in {time.perf_counter() - began:.0f} s", flush=True)
        db.session.remove()
        db.engine.dispose()
    return rebuilt(app, count, "≤ 600 s of 1,000,000")
