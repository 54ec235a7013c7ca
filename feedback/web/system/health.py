"""Whether the installation is ready."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from feedback.delivery.queues import queue_states
from feedback.domain.events import QUEUES
from feedback.extensions import db
from feedback.operations.keep_heartbeat import RELAY
from feedback.storage.queries import health as queries

pages = Blueprint("system", __name__)

RELAY_SILENCE = timedelta(seconds=15)


@pages.get("/healthz")
def health() -> ResponseReturnValue:
    """200 once the whole is ready, else 503; `missing` names what is not, and why.

    How far the work is behind is told, but is no reason to be unready: the pages work meanwhile.
    """
    now = datetime.now(UTC)
    work: dict[str, Any] = {}
    missing = {**_database_problems(now, work), **_queue_problems(now)}
    status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
    answer = jsonify({"ready": not missing, "missing": missing, "work": work})
    answer.headers["Cache-Control"] = "no-store"
    return answer, status


def _database_problems(now: datetime, work: dict[str, Any]) -> dict[str, str]:
    """What of the database and the relay is not ready; fills in how the work stands."""
    try:
        session = db.session()
        if not queries.schema_is_newest(session, current_app.extensions["migrate"].directory):
            return {"migrations": "not all of them have been run"}
        state = queries.work_state(session, RELAY)
    except SQLAlchemyError:
        return {"database": "cannot be reached"}
    oldest = state.oldest_undone
    work["oldest_undone_seconds"] = round((now - oldest).total_seconds()) if oldest else 0
    work["dead_letters"] = state.dead_letters
    if state.relay_heard_at is None or now - state.relay_heard_at > RELAY_SILENCE:
        return {"relay": "has not been heard from"}
    return {}


def _queue_problems(now: datetime) -> dict[str, str]:
    settings: Settings = current_app.extensions["settings"]
    try:
        queues = queue_states(settings.redis_url, QUEUES)
    except RedisError:
        return {"redis": "does not answer"}
    return {
        f"worker-{queue.name}": "has not been heard from"
        for queue in queues
        if not queue.is_worked(now)
    }
