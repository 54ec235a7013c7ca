"""Several relays and jobs at the same moment, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

from flask import Flask

from feedback.domain.events import PHOTOS_QUEUE, Event
from feedback.extensions import db
from feedback.operations.claim_due import claim_due
from feedback.operations.fire_schedule import fire_schedule
from feedback.operations.outbox import start
from feedback.storage.models import OutboxState
from tests.factories import MONDAY, the_city
from tests.operations.outbox_rows import create_work, work

Result = TypeVar("Result")
AT_ONCE = 4
MINUTE = timedelta(minutes=1)


def at_once(app: Flask, do: Callable[[], Result]) -> list[Result]:
    """What the function gives in each of several threads that begin together."""
    together = Barrier(AT_ONCE)

    def one() -> Result:
        with app.app_context():
            db.session().connection()
            db.session().rollback()
            together.wait()
            return do()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [future.result() for future in [threads.submit(one) for _ in range(AT_ONCE)]]


def test_several_relays_at_once_hand_out_each_row_once(app: Flask) -> None:
    with app.app_context():
        row_ids = create_work(times=40)
    handed_out = [
        job
        for _ in range(4)
        for jobs in at_once(
            app, lambda: claim_due(PHOTOS_QUEUE, city=the_city(), now=MONDAY, limit=3)
        )
        for job in jobs
    ]
    taken = [row_id for job in handed_out for row_id in job.attempts]
    assert sorted(taken) == row_ids


def test_of_several_equal_messages_one_starts_the_work(app: Flask) -> None:
    with app.app_context():
        (row_id,) = create_work()
        claim_due(PHOTOS_QUEUE, city=the_city(), now=MONDAY, limit=1)
    begun = at_once(app, lambda: start({row_id: 0}, city=the_city(), now=MONDAY))
    assert len([one for one in begun if one]) == 1
    with app.app_context():
        assert [(row.attempt, row.state) for row in work()] == [(1, OutboxState.LEASED)]


def test_of_several_relays_one_fires_a_moment_of_the_schedule(app: Flask) -> None:
    def fire(moment: int) -> list[bool]:
        at = MONDAY + moment * MINUTE
        event = Event.DUE_MOMENTS_PASSED
        return at_once(app, lambda: fire_schedule("due", event, {}, at, city=the_city()))

    assert fire(0) == [False] * AT_ONCE  # a new line is noted, and begins with its next moment
    assert sorted(fire(1)) == [False] * (AT_ONCE - 1) + [True]
    assert sorted(fire(2)) == [False] * (AT_ONCE - 1) + [True]
    with app.app_context():
        assert [row.created_at for row in work()] == [MONDAY + MINUTE, MONDAY + 2 * MINUTE]
