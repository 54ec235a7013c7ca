"""What a worker runs: one job of the outbox, from its start to its end or its error."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from flask import Flask, current_app

from feedback.jobs.subscriptions import WORK
from feedback.operations.city import City
from feedback.operations.outbox import StartedWork, WorkAlreadyDone, fail, start

log = logging.getLogger(__name__)
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
    try:
        with app.app_context():
            WORK[name](started.payloads, city, datetime.now(UTC), started.claim)
    except WorkAlreadyDone:
        log.info("%s: taken up by another job meanwhile", _named(name, started))
    except Exception as error:
        log.exception("%s failed", _named(name, started))
        with app.app_context():
            reason = f"{type(error).__name__}: {error}"
            fail(started.claim, reason, city=city, now=datetime.now(UTC))
    # There is room in the queue now, or a next batch to be made up.
    city.ring()


def _named(name: str, started: StartedWork) -> str:
    rows = ", ".join(f"{row_id}.{attempt}" for row_id, attempt in started.claim.attempts.items())
    return f"{name} [{rows}]"
