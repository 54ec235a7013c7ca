"""Whether the queues are worked, as the workers' own signs of life in Redis tell."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue, worker_registration
from rq.utils import utcparse

PATIENCE_SECONDS = 0.5


def queues_without_worker(
    redis_url: str, names: Iterable[str], now: datetime, alive_within: timedelta
) -> list[str]:
    """Those of the queues that no worker has been heard from within the given time.

    Raises RedisError, after half a second at most, when Redis does not answer.
    """
    with Redis.from_url(
        redis_url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    ) as connection:
        return [
            name
            for name in names
            if not any(now - at <= alive_within for at in _heartbeats(Queue(name, connection)))
        ]


def _heartbeats(queue: Queue) -> Iterable[datetime]:
    for key in worker_registration.get_keys(queue=queue):
        written = queue.connection.hget(key, "last_heartbeat")
        if isinstance(written, bytes):
            yield utcparse(written.decode())
