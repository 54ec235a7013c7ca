"""The doorbell between a commit and the relay: a hint, never the record.

A ring that is lost costs a few seconds, because the relay also comes by on its own.
"""

import time

import structlog
from redis import Redis
from redis.exceptions import RedisError

KEY = "feedback:doorbell"
PATIENCE_SECONDS = 0.25
SILENCE_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 10.0
log = structlog.get_logger(__name__)


class Doorbell:
    """Wakes the relay through Redis; with Redis gone it stays silent instead of failing."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
        )
        # Waiting may take as long as it is asked to, ringing may not; a server that has stopped
        # answering is noticed a little later all the same.
        self._patient = Redis.from_url(
            redis_url,
            socket_timeout=LONGEST_WAIT_SECONDS + 5,
            socket_connect_timeout=PATIENCE_SECONDS,
        )
        self._silent_until = 0.0

    def ring(self) -> None:
        """Wake the relay. Never raises; after a failure it does not try again for a while."""
        if time.monotonic() < self._silent_until:
            return
        try:
            with self._redis.pipeline(transaction=False) as pipeline:
                # One waiting ring is enough, however many commits there were.
                pipeline.lpush(KEY, 1)
                pipeline.ltrim(KEY, 0, 0)
                pipeline.execute()
        except (RedisError, OSError) as error:
            self._silent_until = time.monotonic() + SILENCE_SECONDS
            log.warning("relay_not_woken", why=str(error))

    def wait(self, seconds: float) -> bool:
        """Wait for a ring, ten seconds at most; True when there was one.

        Raises RedisError when Redis is gone.
        """
        timeout = min(seconds, LONGEST_WAIT_SECONDS)
        return self._patient.blpop([KEY], timeout=timeout) is not None
