"""The relay: hands promised work to the queues, keeps the clock, and sweeps up what was lost.

It holds nothing that matters: kill it, run two, or empty Redis, and the outbox still says what is
to be done.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from feedback.delivery.doorbell import Doorbell
from feedback.domain.events import BY_NAME, QUEUES
from feedback.jobs import running
from feedback.jobs.schedule import SCHEDULE
from feedback.jobs.stopping import Stop
from feedback.operations.city import City
from feedback.operations.claim_due import Job, claim_due
from feedback.operations.fire_schedule import fire_schedule
from feedback.operations.keep_heartbeat import RELAY, keep_heartbeat
from feedback.operations.transaction import reading
from feedback.storage.queries import outbox

WAIT_SECONDS = 3.0  # how late the relay comes by when no doorbell rings
REST_SECONDS = 0.1  # of many rings in a row, those that come so soon are answered together
BEAT_EVERY = timedelta(seconds=3)
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0
# The backlog waits in the outbox, not in Redis: less to lose, less to send again.
QUEUE_DEPTH = 50
FAILURE_TTL_SECONDS = 3600
REDIS_PATIENCE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Relay:
    """One relay on one application; it does not matter how many there are."""

    def __init__(self, app: Flask, redis_url: str) -> None:
        self._app = app
        self._city: City = app.extensions["city"]
        self._doorbell = Doorbell(redis_url)
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=REDIS_PATIENCE_SECONDS,
            socket_connect_timeout=REDIS_PATIENCE_SECONDS,
        )
        self._beaten_at: datetime | None = None
        self._fired_at: dict[str, datetime] = {}

    def run(self, stop: Stop) -> None:
        """Go round until asked to stop; an outage is waited out, for up to five seconds a time."""
        pause = 0.0
        while not stop.asked:
            try:
                self.turn(datetime.now(UTC))
                stop.wait(self._rest)
                pause = 0.0
            except (RedisError, SQLAlchemyError, OSError) as error:
                pause = min(max(pause * 2, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
                log.warning("relay_paused", seconds=pause, why=_first_line(error))
                stop.sleep(pause)

    def _rest(self) -> None:
        time.sleep(REST_SECONDS)
        self._doorbell.wait(WAIT_SECONDS)

    def turn(self, now: datetime) -> int:
        """Beat, look at the clock, and hand out what is due; returns how many jobs that made.

        What needs only the database comes first, so that it is done while Redis is away.
        """
        with self._app.app_context():
            self._beat(now)
            self._tick(now)
            return sum(self._hand_out(queue, now) for queue in QUEUES)

    def _beat(self, now: datetime) -> None:
        if self._beaten_at is None or now - self._beaten_at >= BEAT_EVERY:
            keep_heartbeat(RELAY, city=self._city, now=now)
            self._beaten_at = now

    def _tick(self, now: datetime) -> None:
        for line in SCHEDULE:
            moment = line.rhythm.latest(now, self._city.zone)
            if self._fired_at.get(line.name) != moment:
                fire_schedule(line.name, line.event, line.payload, moment, city=self._city)
                self._fired_at[line.name] = moment

    def _hand_out(self, queue_name: str, now: datetime) -> int:
        queue = Queue(queue_name, connection=self._redis, serializer=JSONSerializer)
        # Asked before anything is claimed: what is claimed while Redis is away would have to wait.
        room = QUEUE_DEPTH - queue.count
        if room * 2 < QUEUE_DEPTH:  # filled up in few large steps, not after every job
            return 0
        names = {name for name, subscription in BY_NAME.items() if subscription.queue == queue_name}
        with reading() as session:  # first, because a claim makes every writer wait
            if not outbox.due_exists(session, names, now):
                return 0
        jobs = claim_due(queue_name, city=self._city, now=now, limit=room)
        self._enqueue(queue, jobs)
        return len(jobs)

    def _enqueue(self, queue: Queue, jobs: Sequence[Job]) -> None:
        messages = [
            Queue.prepare_data(
                running.PATH,
                args=[job.subscription.name, [[*row] for row in job.attempts.items()]],
                job_id=job.id,
                timeout=ceil(self._city.patience.timeout(job.subscription).total_seconds()),
                result_ttl=0,
                failure_ttl=FAILURE_TTL_SECONDS,
                description=job.id,
            )
            for job in jobs
        ]
        if messages:
            queue.enqueue_many(messages)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
