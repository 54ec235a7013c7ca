"""The worker process: its child never outlives it, and Redis may come and go."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from feedback.delivery.embedded_redis import EmbeddedRedis
from tests.support.leftovers import processes_of
from tests.support.processes import CityProcess
from tests.support.waiting import wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server that this test may kill."""
    with EmbeddedRedis(tmp_path / "own") as server:
        yield server


@pytest.fixture
def worker(
    environment: dict[str, str], own_redis: EmbeddedRedis, tmp_path: Path
) -> Iterator[CityProcess]:
    """A worker of the photo queue."""
    own = {**os.environ, **environment, "REDIS_URL": own_redis.url}
    process = CityProcess(["worker.py", "photos"], own, tmp_path / "worker.log", afresh=True)
    yield process
    process.kill()


def enqueue_sleep(redis: EmbeddedRedis, seconds: float) -> Job:
    connection = Redis.from_url(redis.url)
    queue = Queue("photos", connection=connection, serializer=JSONSerializer)
    return queue.enqueue("time.sleep", seconds, result_ttl=60)


def status(job: Job) -> str | None:
    """The job's state as Redis has it at this moment."""
    state = job.get_status()
    return state.value if state else None


def test_a_killed_worker_takes_its_child_along(
    worker: CityProcess, own_redis: EmbeddedRedis, tmp_path: Path
) -> None:
    job = enqueue_sleep(own_redis, 300)
    wait_until(lambda: status(job) == "started", 60, "the job to start")
    assert len(processes_of(tmp_path / "data")) == 2
    os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: not processes_of(tmp_path / "data"), what="the child to end")


def test_a_worker_goes_on_when_redis_is_back(worker: CityProcess, own_redis: EmbeddedRedis) -> None:
    first = enqueue_sleep(own_redis, 0)
    wait_until(lambda: status(first) == "finished", 60, "the first job")
    own_redis.kill()
    wait_until(lambda: "redis" in worker.log.read_text(), 60, "the worker to notice")
    own_redis.start()
    second = enqueue_sleep(own_redis, 0)
    wait_until(lambda: status(second) == "finished", 60, "the second job")
    assert worker.is_running


def test_a_worker_waits_for_a_redis_that_is_late(
    worker: CityProcess, own_redis: EmbeddedRedis
) -> None:
    own_redis.kill()
    wait_until(lambda: "redis" in worker.log.read_text(), 60, "the worker to notice")
    own_redis.start()
    job = enqueue_sleep(own_redis, 0)
    wait_until(lambda: status(job) == "finished", 60, "the job")


def test_a_stopped_worker_finishes_its_job_first(
    worker: CityProcess, own_redis: EmbeddedRedis
) -> None:
    job = enqueue_sleep(own_redis, 2)
    wait_until(lambda: status(job) == "started", 60, "the job to start")
    assert worker.stop() == 0, worker.log.read_text()
    assert status(job) == "finished"
