"""Redis is killed and emptied while reports come in."""

import shutil
import threading
from pathlib import Path

from flask import Flask

from feedback.delivery.embedded_redis import EmbeddedRedis
from tests.faults.citizens import Citizens
from tests.faults.outcomes import assert_nothing_was_lost_or_doubled, wait_until_all_is_done
from tests.support.processes import City
from tests.support.waiting import wait_until

REPORTS = 200
KILLED_AFTER = 50
BACK_AFTER = 130


def test_reports_are_accepted_without_redis_and_all_work_is_done_when_it_is_back(
    app: Flask, city: City, citizens: Citizens, own_redis: EmbeddedRedis, tmp_path: Path
) -> None:
    city.start_all()
    sending = threading.Thread(
        target=citizens.send_many, args=(REPORTS,), kwargs={"photo_in_each": 4}
    )
    sending.start()
    wait_until(lambda: len(citizens.accepted) >= KILLED_AFTER, 60, "the first reports")
    own_redis.kill()
    wait_until(lambda: len(citizens.accepted) >= BACK_AFTER, 60, "reports without Redis")
    shutil.rmtree(tmp_path / "own" / "redis" / "appendonlydir")
    own_redis.start()
    sending.join()
    assert len(citizens.accepted) == REPORTS  # each at the first try
    wait_until_all_is_done(app)
    assert_nothing_was_lost_or_doubled(app, citizens)
    wait_until(city.is_ready, 30, "the city to be ready again")
