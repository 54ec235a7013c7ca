"""The relay's turns, with a real Redis and real databases."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from feedback.domain.events import PHOTOS_QUEUE, STATISTICS_QUEUE, Event
from feedback.domain.patience import QUEUED
from feedback.jobs import relay
from feedback.jobs.relay import Relay
from feedback.operations.transaction import reading
from feedback.storage.models import Heartbeat, ScheduleRun
from tests.operations.outbox_rows import create_work, work

pytestmark = pytest.mark.usefixtures("app_context")
NOW = datetime(2026, 3, 2, 2, 0, 30, tzinfo=UTC)
GONE = "redis://127.0.0.1:1"


def queued(redis_url: str, name: str = PHOTOS_QUEUE) -> list[tuple[str, list[object], int | None]]:
    with Redis.from_url(redis_url) as connection:
        jobs = Queue(name, connection=connection, serializer=JSONSerializer).jobs
        return [(job.id, job.args, job.timeout) for job in jobs]


def test_promised_work_is_put_into_its_queue(app: Flask, redis_url: str) -> None:
    create_work(now=NOW + timedelta(seconds=1))
    assert Relay(app, redis_url).turn(NOW) == 0
    (row_id,) = create_work(now=NOW)
    assert Relay(app, redis_url).turn(NOW) == 1
    assert queued(redis_url) == [
        (f"process_photo-{row_id}-0", ["process_photo", [[row_id, 0]]], 120)
    ]


def test_many_changes_make_one_batch(app: Flask, redis_url: str) -> None:
    row_ids = create_work(Event.FIGURES_CHANGED, times=5, now=NOW)
    assert Relay(app, redis_url).turn(NOW) == 1
    ((_, args, _),) = queued(redis_url, STATISTICS_QUEUE)
    assert args == ["refresh_statistics", [[row_id, 0] for row_id in row_ids]]


def test_work_of_an_emptied_redis_is_sent_again(app: Flask, redis_url: str) -> None:
    create_work(now=NOW)
    one = Relay(app, redis_url)
    one.turn(NOW)
    (sent,) = queued(redis_url)
    with Redis.from_url(redis_url) as connection:
        connection.flushall()
    one.turn(NOW + QUEUED)
    assert queued(redis_url) == [sent]


def test_a_backlog_waits_in_the_outbox(
    app: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "QUEUE_DEPTH", 3)
    create_work(times=10, now=NOW)
    one = Relay(app, redis_url)
    for later in (NOW, NOW, NOW + QUEUED):
        one.turn(later)
        assert len(queued(redis_url)) == 3


def test_without_redis_nothing_is_claimed_and_the_clock_goes_on(app: Flask) -> None:
    create_work(now=NOW)
    with pytest.raises(RedisError):
        Relay(app, GONE).turn(NOW)
    assert work()[0].next_at == NOW
    with reading() as session:
        assert session.get_one(Heartbeat, "relay").at == NOW
        assert session.get_one(ScheduleRun, "due_moments").last_run_at == NOW.replace(second=0)


def test_each_minute_due_moments_are_looked_at(app: Flask, redis_url: str) -> None:
    one = Relay(app, redis_url)
    for seconds in range(0, 180, 10):
        one.turn(NOW + timedelta(seconds=seconds))
    events = [row.event for row in work()]
    assert events.count(Event.DUE_MOMENTS_PASSED) == 3
    assert set(events) == {
        *(Event.DUE_MOMENTS_PASSED, Event.WAITING_LIMITS_PASSED, Event.MINUTE_PASSED)
    }
