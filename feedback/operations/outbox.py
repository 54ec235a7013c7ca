"""Work promised, started, done and given up: the outbox is the only record of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.domain.events import SUBSCRIPTIONS, Event
from feedback.operations.transaction import note_promise
from feedback.storage.models import OutboxRow, OutboxState


class WorkAlreadyDone(Exception):
    """The claimed rows are done or were taken up anew; the effect must not happen twice."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Outbox rows a started job holds; `attempt` is the start they were taken with."""

    row_ids: tuple[int, ...]
    attempt: int


def promise(session: Session, event: Event, now: datetime, **payload: Any) -> None:
    """Write the outbox rows of an event, one for each subscription, in the caller's transaction."""
    for subscription in SUBSCRIPTIONS[event]:
        session.add(
            OutboxRow(
                event=event,
                subscription=subscription.name,
                payload=payload,
                state=OutboxState.PENDING,
                next_at=now,
                created_at=now,
            )
        )
        note_promise(session)


def complete(session: Session, claim: Claim | None, now: datetime) -> None:
    """Mark claimed rows done in the transaction of their effect.

    None is for effects asked for directly, by a command or a test. Raises WorkAlreadyDone when any
    row is not held under this claim any more: the caller's transaction must then roll back.
    """
    if claim is None:
        return
    rows = _held(session, claim.row_ids)
    if len(rows) != len(claim.row_ids) or any(
        row.state is not OutboxState.LEASED or row.attempt != claim.attempt for row in rows
    ):
        raise WorkAlreadyDone
    for row in rows:
        row.state = OutboxState.DONE
        row.done_at = now


def _held(session: Session, row_ids: Sequence[int]) -> Sequence[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.id.in_(row_ids)).order_by(OutboxRow.id)
    return session.scalars(query.with_for_update()).all()
