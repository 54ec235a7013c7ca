"""Works one queue: `python worker.py photos`. One worker process per queue, because a worker of two
queues that is killed between taking a job and starting it loses that job for good.

Retries are not RQ's business: what a killed worker leaves undone is taken up by the outbox.
"""

import argparse
import os
import signal
import time

import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Worker, worker_registration
from rq.serializers import JSONSerializer

from config import Settings
from feedback.app import create_app
from feedback.delivery.garbage import spare_what_is_there
from feedback.delivery.lifelines import end_with_parent
from feedback.domain.events import QUEUES
from feedback.extensions import db

# With RQ's own values the job of a dead worker counts as running for more than ten minutes.
WORKER_TTL_SECONDS = 30
MONITORING_SECONDS = 5
MAINTENANCE_SECONDS = 30
PAUSE_SECONDS = 1.0

log = structlog.get_logger("feedback.worker")


class QueueWorker(Worker):
    """A forking worker whose child never outlives it and never shares its database connections."""

    max_connection_wait_time = 5.0  # a Redis that comes back is noticed within these seconds

    def setup_work_horse_signals(self) -> None:
        """Called by RQ in the child, first thing after the fork."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        end_with_parent(self.pid or 0, signal.SIGKILL)
        for engine in db.engines.values():
            engine.dispose(close=False)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Says each time anew that it works its queue: an emptied Redis has forgotten it."""
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)

    @property
    def was_stopped(self) -> bool:
        """Whether a signal asked it to end, as against an end of its own."""
        return self._shutdown_requested_date is not None


def work(queue: str, redis_url: str) -> None:
    """Work the queue until a signal asks to stop; a Redis that is away is waited for."""
    while not _works_until_stopped(queue, redis_url):
        # The ended worker's handlers must not catch a signal that comes before the next one's.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        time.sleep(PAUSE_SECONDS)


def _works_until_stopped(queue: str, redis_url: str) -> bool:
    """Run one worker; false when it ended without being asked, as when Redis goes away."""
    worker = None
    try:
        with Redis.from_url(redis_url) as connection:
            worker = QueueWorker(
                [queue],
                connection=connection,
                serializer=JSONSerializer,
                worker_ttl=WORKER_TTL_SECONDS,
                job_monitoring_interval=MONITORING_SECONDS,
                maintenance_interval=MAINTENANCE_SECONDS,
            )
            worker.work(logging_level="WARNING")
    except RedisError as error:
        log.warning("redis_cannot_be_reached", why=str(error))
    return worker is not None and worker.was_stopped


def main() -> None:
    """Read which queue from the command line and work it inside an application."""
    parser = argparse.ArgumentParser(description="Works one queue until it is told to stop.")
    parser.add_argument("queue", choices=QUEUES)
    queue = parser.parse_args().queue
    settings = Settings.from_environment(os.environ)
    app = create_app(settings)
    spare_what_is_there()
    with app.app_context():
        work(queue, settings.redis_url)


if __name__ == "__main__":
    main()
