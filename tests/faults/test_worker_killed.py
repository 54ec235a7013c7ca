"""A photo worker and its children are killed at random moments."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask

from tests.faults.citizens import Citizens
from tests.faults.outcomes import (
    assert_nothing_was_lost_or_doubled,
    wait_until_all_is_done,
)
from tests.support.processes import City, CityProcess
from tests.support.waiting import wait_until

SEED = 7
PHOTOS_A_KILL = 2
WORKERS = 3
LONGEST_MOMENT_SECONDS = 0.25
PHOTO_SIZE = (1600, 1200)


@pytest.mark.parametrize(
    ("database_url", "kills"), [("sqlite", 12), ("postgresql", 8)], indirect=["database_url"]
)
def test_photos_survive_a_worker_killed_at_random_moments(
    app: Flask, city: City, citizens: Citizens, kills: int
) -> None:
    moments = random.Random(SEED)  # noqa: S311 (repeatable, not secret)
    for part in ("web", "relay", "worker-statistics"):
        city.start(part)
    workers = [city.start("worker-photos") for _ in range(WORKERS)]
    for _ in range(kills):
        for _ in range(PHOTOS_A_KILL):
            citizens.send(size=PHOTO_SIZE)
        victim = wait_until(lambda pool=workers: at_work(pool), 60, "a photo to be worked on")
        time.sleep(moments.uniform(0, LONGEST_MOMENT_SECONDS))  # the moment itself is the test
        kill_all(victim)
        # Another one starts up while those that are left go on.
        workers = [worker for worker in workers if worker is not victim]
        workers.append(city.start("worker-photos"))
    wait_until_all_is_done(app)
    assert_nothing_was_lost_or_doubled(app, citizens)


def at_work(workers: list[CityProcess]) -> CityProcess | None:
    """A worker that has a job under way, if any has."""
    return next((worker for worker in workers if descendants(worker.pid)), None)


def descendants(pid: int) -> list[int]:
    """The processes a process has started, and theirs."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in map(int, children):
            found += [child, *descendants(child)]
    return found


def kill_all(worker: CityProcess) -> None:
    """End a worker and everything it has started, at once and without a word."""
    family = [worker.pid, *descendants(worker.pid)]
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not worker.is_running, what="the worker to be gone")
