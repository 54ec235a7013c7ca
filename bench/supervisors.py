"""Every page of the supervisors at 10,000 and at 1,000,000 reports, and what lies behind them.

The large city is filled first, then every figure of it is computed from the beginning by another
process, whose memory is watched. Both cities answer in turns, from one process.
"""

import multiprocessing
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from bench import city, many_reports
from bench.memory import Peak
from bench.pages import sign_in
from bench.rows import Row
from bench.visits import compare, seconds
from feedback.demo.logins import EXAMPLES
from feedback.domain.measures import CITY
from feedback.extensions import db
from feedback.operations.rebuild_statistics import rebuild_all
from feedback.storage.models import Report, StatisticsReady, Unit
from feedback.web.supervisor.topics import Topic
from tests.support.postgresql import Cluster

LIVES = 500
WEEKS = 104
# Of what is open the large city has about three times as much, not a hundred times.
SMALL = {"times": 23, "one_open_in": 1}
LARGE = {"times": 2_500, "one_open_in": 40}
ROUNDS = 40
WANTED = 1.5
SUPERVISOR = next(login for login, role in EXAMPLES.items() if role == "supervisor")


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
            for name, addresses in _addresses(cities).items():
                rows += _compared(name, addresses, cities, rounds)
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
    child = multiprocessing.get_context("fork").Process(target=_rebuild, args=(app,))
    began = time.perf_counter()
    child.start()
    assert child.pid is not None
    with Peak(child.pid) as peak:
        child.join()
    assert child.exitcode == 0
    took = time.perf_counter() - began
    return [
        Row(f"every figure of {count:,} reports anew", f"{took:.0f} s", "≤ 600 s of 1,000,000"),
        Row("… most memory of its processes together", f"{peak.mib:.0f} MiB", "≤ 500 MB"),
    ]


def _rebuild(app: Flask) -> None:
    with app.app_context():
        rebuild_all(app.extensions["city"], city.now())


def _addresses(cities: list[Flask]) -> dict[str, list[str]]:
    """Every page, by what it is called, with its address in each city."""
    found: dict[str, list[str]] = {}
    for app in cities:
        with app.app_context():
            unit = db.session.scalar(
                select(Report.unit_id).group_by(Report.unit_id).order_by(func.count().desc())
            )
            assert db.session.get(Unit, unit)
            row = db.session.get_one(StatisticsReady, (CITY, "30"))
            moment = row.data_time.isoformat().replace("+", "%2B")
            db.session.remove()
        own = {
            "overview": "/supervisor",
            "overview of a year": "/supervisor?window=365",
            "a unit": f"/supervisor?scope=unit:{unit}",
            **{topic.value: f"/supervisor/topics/{topic.value}?by=unit" for topic in Topic},
            "times by area, a year": "/supervisor/topics/times?by=area&window=365",
            "against the year before": "/supervisor?against=year",
            "targets": "/supervisor/targets",
            "period reports": "/supervisor/reports",
            "surveys": "/supervisor/surveys",
            "letters": "/supervisor/letters",
            "counters": "/supervisor/counters",
            **{
                f"cases: {figure}, {window} days": f"/supervisor/cases?figure={figure}"
                f"&scope={CITY}&window={window}&as_of={moment}"
                for figure in ("received", "closed", "due_on_time", "open")
                for window in ("30", "365")
            },
            "wall": "/supervisor/wall/data",
        }
        for name, address in own.items():
            found.setdefault(name, []).append(address)
    return found


def _compared(name: str, addresses: list[str], cities: list[Flask], rounds: int) -> list[Row]:
    small, large = (
        (sign_in(app, SUPERVISOR), address) for app, address in zip(cities, addresses, strict=True)
    )
    for visit in (small, large):
        seconds(*visit)
    return compare(f"{name}: p95 of large ÷ small", (small, large), rounds, WANTED)
