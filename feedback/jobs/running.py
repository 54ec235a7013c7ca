"""What a worker runs: one job of the outbox, from its start to its end or its error."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

import structlog
from flask import Flask, current_app

from feedback.jobs.subscriptions import WORK
from feedback.operations.city import City
from feedback.operations.outbox import StartedWork, WorkAlreadyDone, fail, start

log = structlog.get_logger(__name__)
PATH = f"{__name__}.run"


def run(name: str, rows: Sequence[Sequence[int]]) -> None:
    """Work rows of the subscription `name`; each is a row id with the starts it has had.

    Needs an application context, which `worker.py` makes once: a job is run in a fork of it. Never
    raises for an error of the work itself: that is kept in the outbox, which is what tries again.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    city: City = app.extensions["city"]
    attempts = {row[0]: row[1] for row in rows}
    # Each step has a context, and so a database session, of its own: none meets another's ruins.
    with app.app_context():
        started = start(attempts, city=city, now=datetime.now(UTC))
    if started is None:
        return
    structlog.contextvars.bind_contextvars(job=name, rows=_named(started))
    began = time.perf_counter()
    try:
        with app.app_context():
            WORK[name](started.payloads, city, datetime.now(UTC), started.claim)
        log.info("job_done", milliseconds=round((time.perf_counter() - began) * 1000, 1))
    except WorkAlreadyDone:
        log.info("job_taken_up_by_another")
    except Exception as error:
        log.exception("job_failed")
        with app.app_context():
            reason = f"{type(error).__name__}: {error}"
            fail(started.claim, reason, city=city, now=datetime.now(UTC))
    finally:
        structlog.contextvars.clear_contextvars()
    # There is room in the queue now, or a next batch to be made up.
    city.ring()


def _named(started: StartedWork) -> str:
    """The rows of a job, each with its attempt; a large batch by its first ones."""
    rows = [f"{row_id}.{attempt}" for row_id, attempt in started.claim.attempts.items()]
    return " ".join(rows[:10]) + (f" and {len(rows) - 10} more" if len(rows) > 10 else "")
