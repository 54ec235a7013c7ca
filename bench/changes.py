"""Twenty changes a second, and how long each takes to stand in the figures a page reads.

A city of some ten thousand reports on PostgreSQL with its relay and its worker of statistics. The
changes are made by the product's operations from this process: a report comes in, is taken up, is
told of. A figure tells a change once its row stands at a moment after the commit of the change.
"""

import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from bench import many_reports
from bench.rows import Row, spread
from config import Settings
from feedback.app import create_app
from feedback.delivery.embedded_redis import EmbeddedRedis
from feedback.domain.actors import Actor
from feedback.domain.measures import CITY
from feedback.domain.states import ActorKind, PlaceSource, Role
from feedback.extensions import db
from feedback.operations.add_note import Note, add_note
from feedback.operations.city import City
from feedback.operations.rebuild_statistics import rebuild_all
from feedback.operations.submit_report import ReportDraft, submit_report
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.operations.verify_statistics import verify_statistics
from feedback.storage.models import Account, Assignment, Report, StatisticsReady
from tests.support import processes
from tests.support.postgresql import Cluster
from tests.support.waiting import wait_until

LIVES, TIMES, WEEKS = 500, 23, 104
RATE, SECONDS = 20, 45
STEPS = 3  # of one report: sent, taken up, told of
APART_SECONDS = 2  # between two steps of a report, so that none waits for another
AT_ONCE = 8
LOOK_EVERY_SECONDS = 0.05
CATCH_UP_SECONDS = 60
WANTED = "≤ 2 s"
PERIODS = ("7", "365")


def run(seconds: int = SECONDS) -> list[Row]:
    """What it takes until a change stands in the city's figures, of a week and of a year."""
    cluster = Cluster()
    with tempfile.TemporaryDirectory() as folder, EmbeddedRedis(Path(folder) / "redis") as redis:
        try:
            cluster.start()
            cluster.create("changes")
            url = cluster.url("changes")
            app = many_reports.load_lives(url, Path(folder), LIVES)
            with app.app_context():
                count = many_reports.multiply(TIMES, weeks=WEEKS)
                db.session.remove()
                rebuild_all(app.extensions["city"], datetime.now(UTC))
                db.session.remove()
                db.engine.dispose()
            environment = {
                "ENVIRONMENT": "testing",
                "DATA_DIR": str(folder),
                "DATABASE_URL": url,
                "REDIS_URL": redis.url,
                "PORT": str(processes.free_port()),
            }
            settings = Settings.from_environment(environment)
            running = processes.City(settings, environment, Path(folder))
            try:
                for name in ("worker-statistics", "relay"):
                    running.start(name)
                times = _changes(create_app(settings), seconds)
            finally:
                running.stop_all()
        finally:
            cluster.stop()
    what = f"{RATE} changes/s for {seconds} s, {count:,} reports, visible in the city's last"
    return [
        Row(f"{what} {name} days: p95 (median, longest)", spread(found), WANTED)
        for name, found in times.items()
    ]


def _changes(app: Flask, seconds: int) -> dict[str, list[float]]:
    """The seconds from the commit of each change to the figures, by window."""
    with app.app_context():
        chains = [Chain(app, number) for number in range(RATE * seconds // STEPS)]
        watch = _Watch(app)
        began = time.perf_counter() + 1

        def make(change: tuple[float, int, int]) -> datetime:
            due, number, step = change
            time.sleep(max(0.0, began + due - time.perf_counter()))
            with app.app_context():
                chains[number].step(step)
                db.session.remove()
            return datetime.now(UTC)

        changes = [
            (number * STEPS / RATE + step * (APART_SECONDS + 1 / RATE), number, step)
            for number in range(len(chains))
            for step in range(STEPS)
        ]
        with watch, ThreadPoolExecutor(AT_ONCE) as people:
            committed = list(people.map(make, sorted(changes)))
            wait_until(lambda: watch.told(max(committed)), CATCH_UP_SECONDS, "the figures")
        took = {name: [watch.seconds(name, one) for one in committed] for name in PERIODS}
        print({name: spread(found) for name, found in took.items()}, flush=True)
        wrong = verify_statistics(city=app.extensions["city"])
        assert wrong == [], wrong[:3]
        db.engine.dispose()
    return took


class Chain:
    """One report and what happens to it."""

    def __init__(self, app: Flask, number: int) -> None:
        self._city: City = app.extensions["city"]
        self._report_id = 0
        with reading() as session:
            like = session.scalars(
                select(Report)
                .join(Assignment, Assignment.report_id == Report.id)
                .where(Assignment.rule_id.is_not(None), Report.latitude.is_not(None))
                .order_by(Report.id, Assignment.id)
                .offset(number % LIVES)
                .limit(1)
            ).one()
            self._place = like.latitude, like.longitude
            self._category_id = like.category_id

    def step(self, number: int) -> None:
        """The first, second or third change."""
        steps: tuple[Callable[[], None], ...] = (self._send, self._take, self._tell)
        steps[number]()

    def _send(self) -> None:
        draft = ReportDraft(
            submission_id=uuid4(),
            category_id=self._category_id,
            latitude=self._place[0],
            longitude=self._place[1],
            place_source=PlaceSource.MAP,
            text="Đèn đường tắt cả đoạn",
        )
        receipt = submit_report(draft, city=self._city, now=datetime.now(UTC))
        self._report_id = receipt.report_id

    def _take(self) -> None:
        assignment, actor = self._at_hand()
        take_case(
            self._report_id,
            assignment,
            version=None,
            actor=actor,
            city=self._city,
            now=datetime.now(UTC),
        )

    def _tell(self) -> None:
        assignment, actor = self._at_hand()
        add_note(
            self._report_id,
            assignment,
            Note(text="Tổ kỹ thuật đang trên đường đến", public=True),
            actor=actor,
            city=self._city,
            now=datetime.now(UTC),
        )

    def _at_hand(self) -> tuple[int, Actor]:
        with reading() as session:
            assignment = session.scalars(
                select(Assignment).where(Assignment.report_id == self._report_id).limit(1)
            ).one()
            handler = session.scalars(
                select(Account).where(
                    Account.unit_id == assignment.unit_id, Account.role == Role.HANDLER
                )
            ).first()
            assert handler is not None
            actor = Actor(
                ActorKind.STAFF, handler.id, role=Role.HANDLER, unit_id=assignment.unit_id
            )
            return assignment.id, actor


class _Watch:
    """Reads the city's rows again and again, as pages do, and notes when they moved on."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._seen: dict[str, list[tuple[datetime, datetime]]] = {name: [] for name in PERIODS}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        query = select(StatisticsReady.period, StatisticsReady.data_time).where(
            StatisticsReady.scope == CITY, StatisticsReady.period.in_(PERIODS)
        )
        while not self._over.wait(LOOK_EVERY_SECONDS):
            with self._app.app_context(), reading() as session:
                rows = session.execute(query).all()
                looked = datetime.now(UTC)
            for name, data_time in rows:
                seen = self._seen[name]
                if not seen or seen[-1][1] != data_time:
                    seen.append((looked, data_time))

    def told(self, moment: datetime) -> bool:
        """Whether every row tells of a moment."""
        return all(seen and seen[-1][1] >= moment for seen in self._seen.values())

    def seconds(self, name: str, moment: datetime) -> float:
        """From a moment to the first look at a row that tells of it."""
        return next(
            (looked - moment).total_seconds() for looked, data in self._seen[name] if data >= moment
        )
