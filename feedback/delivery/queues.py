"""How the queues stand: what waits in them, and whether workers have been heard from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, worker_registration
from rq.utils import utcparse

PATIENCE_SECONDS = 0.5
# An idle worker is heard from every 15 seconds.
WORKER_SILENCE = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class QueueState:
    """One queue: how many jobs wait, and when its workers were last heard from (UTC)."""

    name: str
    waiting: int
    workers_heard_at: tuple[datetime, ...]

    def is_worked(self, now: datetime) -> bool:
        """Whether any worker gave a sign of life lately."""
        return any(now - at <= WORKER_SILENCE for at in self.workers_heard_at)


def queue_states(redis_url: str, names: Iterable[str]) -> list[QueueState]:
    """How these queues stand, as the workers' own signs of life in Redis tell.

    Raises RedisError, after half a second at most, when Redis does not answer.
    """
    with Redis.from_url(
        redis_url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    ) as connection:
        return [_state(Queue(name, connection)) for name in names]


def _state(queue: Queue) -> QueueState:
    return QueueState(queue.name, queue.count, tuple(_heartbeats(queue)))


def _heartbeats(queue: Queue) -> Iterable[datetime]:
    for key in worker_registration.get_keys(queue=queue):
        written = queue.connection.hget(key, "last_heartbeat")
        if isinstance(written, bytes):
            yield utcparse(written.decode())
