"""`/metrics` for a collector that shows the token; without a token in the settings, for nobody."""

import hmac
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, current_app, make_response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import Metric
from redis.exceptions import RedisError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from config import Settings
from feedback.delivery.metrics import exposition, gauge
from feedback.delivery.queues import queue_states
from feedback.domain.events import QUEUES
from feedback.extensions import db
from feedback.operations.keep_heartbeat import RELAY
from feedback.storage.queries import health, notices, outbox, reports

pages = Blueprint("metrics", __name__)


def with_token() -> Response | None:
    """The guard of this page: whoever does not show the token is told that there is nothing."""
    settings: Settings = current_app.extensions["settings"]
    shown = request.headers.get("Authorization", "").encode()
    wanted = f"Bearer {settings.metrics_token}".encode()
    if not settings.metrics_token or not hmac.compare_digest(shown, wanted):
        raise NotFound
    return None


@pages.get("/metrics")
def show() -> ResponseReturnValue:
    """How requests, work, queues, workers, reports and the disk stand, for Prometheus."""
    settings: Settings = current_app.extensions["settings"]
    now = datetime.now(UTC)
    gauges = [*_of_work(now), *_of_queues(settings.redis_url, now), *_of_disk(settings)]
    response = make_response(exposition(gauges))
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response


def _of_work(now: datetime) -> Iterator[Metric]:
    session = db.session()
    state = health.work_state(session, RELAY)
    yield gauge(
        "outbox_rows",
        "Promised work that is not done, by subscription and state.",
        [
            ({"subscription": name, "state": state.value}, count)
            for (name, state), count in outbox.counts(session).items()
        ],
    )
    yield gauge(
        "notices",
        "Notices by state, those given up by their reason.",
        [
            ({"state": state.value, "problem": problem.value if problem else ""}, count)
            for (state, problem), count in notices.counts(session).items()
        ],
    )
    oldest = state.oldest_undone
    age = (now - oldest).total_seconds() if oldest else 0
    yield gauge("outbox_oldest_seconds", "Age of the oldest promised work.", [({}, age)])
    if state.relay_heard_at:
        silence = (now - state.relay_heard_at).total_seconds()
        yield gauge("relay_silence_seconds", "Since the relay was heard from.", [({}, silence)])
    yield gauge(
        "reports",
        "Reports by state.",
        [({"state": state.value}, count) for state, count in reports.counts(session).items()],
    )


def _of_queues(redis_url: str, now: datetime) -> Iterator[Metric]:
    try:
        queues = queue_states(redis_url, QUEUES)
    except RedisError:
        queues = []
    yield gauge("redis_up", "Whether Redis answers.", [({}, float(bool(queues)))])
    yield gauge("queue_jobs", "Jobs waiting.", [({"queue": q.name}, q.waiting) for q in queues])
    yield gauge(
        "queue_worked",
        "Whether a worker of the queue was heard from.",
        [({"queue": q.name}, float(q.is_worked(now))) for q in queues],
    )


def _of_disk(settings: Settings) -> Iterator[Metric]:
    free = shutil.disk_usage(settings.data_dir).free
    yield gauge("disk_free_bytes", "Free space where the data lies.", [({}, free)])
