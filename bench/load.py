"""Twenty reports a second for a minute, against a city with every process running.

Reports arrive when their moment has come, whether the ones before are answered or not, and their
time counts from that moment. Some bring a photo, sent ahead as the form does. What happens after
the commit is read from the outbox. The senders run on the same machine and take their share of it.
"""

import io
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from bench.browsers import Browser
from bench.rows import Row, spread
from bench.submissions import prepare
from config import Settings
from feedback.app import create_app
from feedback.delivery.embedded_redis import EmbeddedRedis
from feedback.domain.events import PROCESS_PHOTO, REFRESH_STATISTICS
from feedback.extensions import db
from feedback.storage.models import OutboxRow, OutboxState
from tests.support.postgresql import Cluster
from tests.support.processes import City, free_port
from tests.support.waiting import wait_until

RATE, SECONDS = 20, 60
EACH_SENDS = 8  # reports of one browser; a city lets one send ten within ten minutes
WITH_PHOTO = 5  # one report in so many
PHOTO = (1600, 1200)
AT_ONCE = 24
CATCH_UP_SECONDS = 300


def run(seconds: int = SECONDS) -> list[Row]:
    """Rows of what senders wait for, and of what happens afterwards."""
    cluster = Cluster()
    with tempfile.TemporaryDirectory() as folder, EmbeddedRedis(Path(folder) / "redis") as redis:
        try:
            cluster.start()
            cluster.create("load")
            prepare(cluster.url("load"), Path(folder))
            environment = {
                "ENVIRONMENT": "testing",
                "DATA_DIR": str(Path(folder) / "data"),
                "DATABASE_URL": cluster.url("load"),
                "REDIS_URL": redis.url,
                "PORT": str(free_port()),
            }
            settings = Settings.from_environment(environment)
            city = City(settings, environment, Path(folder))
            try:
                city.start_all()
                times = _send(settings.port, seconds)
                work = _work_done(settings)
            finally:
                _stop(city)
        finally:
            cluster.stop()
    return [
        Row(f"{len(times)} reports, {RATE}/s, one in {WITH_PHOTO} with a photo", "all accepted"),
        Row("submit, photo included: p95 (median, longest)", spread(times)),
        Row("from submit to photo ready: p95 (median, longest)", spread(work[PROCESS_PHOTO.name])),
        Row(
            "from submit to visible in the figures: p95 (median, longest)",
            spread(work[REFRESH_STATISTICS.name]),
        ),
    ]


def _send(port: int, seconds: int) -> list[float]:
    """The seconds each report took from the moment it was to be sent."""
    count = RATE * seconds
    browsers = [Browser(port, number) for number in range(-(-count // EACH_SENDS))]
    photo = _photo()
    began = time.perf_counter() + 1

    def send(number: int) -> float:
        moment = began + number / RATE
        time.sleep(max(0.0, moment - time.perf_counter()))
        # Neighbours in time are different browsers, so that none waits for itself.
        _report(browsers[number % len(browsers)], photo if number % WITH_PHOTO == 0 else b"")
        return time.perf_counter() - moment

    with ThreadPoolExecutor(AT_ONCE) as people:
        return list(people.map(send, range(count)))


def _report(browser: Browser, photo: bytes) -> None:
    more: dict[str, Any] = {}
    if photo:
        file = FileStorage(io.BytesIO(photo), "photo.jpg", content_type="image/jpeg")
        boundary, body = encode_multipart({"csrf_token": browser.token, "photo": file})
        status, answer = browser.post("/photos", body, f"multipart/form-data; boundary={boundary}")
        assert status == 201, answer
        more["photo_ids"] = answer["id"]
    status, answer = browser.submit("Đèn đường tắt cả đoạn", **more)
    assert status == 201, answer
    browser.rest()


def _work_done(settings: Settings) -> dict[str, list[float]]:
    """The seconds from promise to effect of every piece of work, by what it was."""
    app = create_app(settings)
    with app.app_context():
        try:
            wait_until(_nothing_is_left, CATCH_UP_SECONDS, "the workers to catch up")
            rows = db.session.execute(
                select(OutboxRow.subscription, OutboxRow.created_at, OutboxRow.done_at)
            ).all()
        finally:
            db.session.remove()
            db.engine.dispose()
    found: dict[str, list[float]] = {}
    for name, promised, done in rows:
        found.setdefault(name, []).append(_between(promised, done))
    return found


def _stop(city: City) -> None:
    """End every process; one that does not end in time is killed, and is no reason to stop here."""
    while True:
        try:
            return city.stop_all()
        except AssertionError as late:
            print(f"  {str(late).splitlines()[0]}", flush=True)


def _nothing_is_left() -> bool:
    left = select(OutboxRow.id).where(OutboxRow.state != OutboxState.DONE).limit(1)
    found = db.session.scalar(left)
    db.session.rollback()
    return found is None


def _between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _photo() -> bytes:
    target = io.BytesIO()
    Image.effect_noise(PHOTO, 60).save(target, "JPEG", quality=85)
    return target.getvalue()
