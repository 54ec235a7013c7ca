"""The relay as a process: it outlives outages and ends when asked."""

from collections.abc import Callable

import pytest
from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from feedback.jobs import relay
from feedback.jobs.relay import Relay
from feedback.jobs.stopping import Stop
from feedback.operations.transaction import reading
from feedback.storage.models import Heartbeat
from tests.support.processes import City
from tests.support.waiting import wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Rounds(Stop):
    """Lets a relay go round so many times, and takes no signals."""

    def __init__(self, rounds: int) -> None:
        self._left = rounds
        self.pauses: list[float] = []

    @property
    def asked(self) -> bool:  # type: ignore[override]
        self._left -= 1
        return self._left < 0

    def wait(self, waiting: Callable[[], object]) -> None:
        """Go on at once."""

    def sleep(self, seconds: float) -> None:
        """Note the pause, and go on at once."""
        self.pauses.append(seconds)


def test_it_is_heard_from_and_ends_well_when_asked(app: Flask, city: City) -> None:
    process = city.start("relay")
    with app.app_context():
        wait_until(has_beaten, 60, "the relay to be heard from")
    assert process.stop() == 0


def has_beaten() -> bool:
    with reading() as session:
        return session.get(Heartbeat, "relay") is not None


def test_outages_are_waited_out_with_growing_pauses(
    app: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = [
        OperationalError("SELECT 1", {}, Exception("the database is gone")),
        RedisError("Redis is gone"),
        *[ConnectionRefusedError()] * 5,
    ]

    def turn(_relay: Relay, _now: object) -> int:
        if troubles:
            raise troubles.pop(0)
        return 0

    monkeypatch.setattr(Relay, "turn", turn)
    rounds = Rounds(8)
    Relay(app, redis_url).run(rounds)
    assert rounds.pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert max(rounds.pauses) == relay.LONGEST_PAUSE_SECONDS
