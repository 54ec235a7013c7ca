"""Work promised, started, done and given up: the outbox is the only record of it.

A row is handed to a queue by `claim_due`; the job that works it starts it here, marks it done in
the transaction of its effect, or gives it back with its error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.events import BY_NAME, SUBSCRIPTIONS, Event
from feedback.operations.city import City
from feedback.operations.transaction import note_promise, transaction
from feedback.storage.models import OutboxRow, OutboxState
from feedback.storage.queries import outbox
from feedback.storage.tables import table_of

LONGEST_ERROR = 2_000
_PROMISE = insert(table_of(OutboxRow))


class WorkAlreadyDone(Exception):
    """The claimed rows are done or were taken up anew; the effect must not happen twice."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Outbox rows a started job holds: each row's id with the start it was taken with."""

    attempts: Mapping[int, int]

    @property
    def attempt(self) -> int:
        """How often the job has been started, this time included; the most of any of its rows."""
        return max(self.attempts.values())

    def holds(self, row: OutboxRow) -> bool:
        """Whether the row is still under this claim: neither done nor taken up anew."""
        return row.state is OutboxState.LEASED and row.attempt == self.attempts[row.id]


@dataclass(frozen=True, slots=True)
class StartedWork:
    """What a job has to do: its claim, and the payload of each claimed row."""

    claim: Claim
    payloads: tuple[Mapping[str, Any], ...]


def promise(session: Session, event: Event, now: datetime, **payload: Any) -> None:
    """Write the outbox rows of an event, one for each subscription, in the caller's transaction."""
    for subscription in SUBSCRIPTIONS[event]:
        session.execute(
            _PROMISE,
            {
                "event": event,
                "subscription": subscription.name,
                "payload": payload,
                "state": OutboxState.PENDING,
                "next_at": now,
                "created_at": now,
            },
        )
        note_promise(session)


def start(attempts: Mapping[int, int], *, city: City, now: datetime) -> StartedWork | None:
    """Count a start of each row and hold it for as long as its job may take.

    `attempts` tells, by row id, how many starts the queue's message knew of. A row that is done,
    given up or was started since is left out; None when nothing is left.
    """
    with transaction(city) as session:
        rows = [
            row
            for row in outbox.held(session, attempts)
            if row.state is OutboxState.LEASED and row.attempt == attempts[row.id]
        ]
        for row in rows:
            row.attempt += 1
            row.next_at = now + city.patience.lease(BY_NAME[row.subscription], row.attempt)
        if not rows:
            return None
        claim = Claim({row.id: row.attempt for row in rows})
        return StartedWork(claim, tuple(row.payload for row in rows))


def complete(session: Session, claim: Claim | None, now: datetime) -> None:
    """Mark claimed rows done in the transaction of their effect.

    None is for effects asked for directly, by a command or a test. Raises WorkAlreadyDone when any
    row is not held under this claim any more: the caller's transaction must then roll back.
    """
    if claim is None:
        return
    rows = outbox.held(session, claim.attempts)
    if len(rows) != len(claim.attempts) or not all(claim.holds(row) for row in rows):
        raise WorkAlreadyDone
    for row in rows:
        row.state = OutboxState.DONE
        row.done_at = now


def fail(claim: Claim, error: str, *, city: City, now: datetime) -> None:
    """Put claimed rows off after an error, each time for longer; give them up after the last try.

    Rows that are not held under this claim any more are left as they are.
    """
    with transaction(city) as session:
        for row in outbox.held(session, claim.attempts):
            if not claim.holds(row):
                continue
            row.last_error = error[:LONGEST_ERROR]
            if row.attempt >= BY_NAME[row.subscription].max_attempts:
                row.state = OutboxState.DEAD
                continue
            row.state = OutboxState.PENDING
            row.next_at = now + city.patience.before_retry(row.attempt)
