"""Work that was given up is tried again, once somebody has mended what stopped it."""

from datetime import datetime

import structlog

from feedback.domain.errors import Conflict, NotFound
from feedback.domain.events import BY_NAME
from feedback.operations.city import City
from feedback.operations.transaction import note_promise, transaction
from feedback.storage.models import OutboxState
from feedback.storage.queries import outbox

log = structlog.get_logger()


def replay_dead_letter(row_id: int, *, city: City, now: datetime) -> None:
    """Make a dead row due at once, with all its tries before it.

    Its last error stays to be read. Raises NotFound, or Conflict when the row is not dead.
    """
    with transaction(city) as session:
        rows = outbox.held(session, [row_id])
        if not rows:
            raise NotFound("outbox_row_not_found")
        (row,) = rows
        if row.state is not OutboxState.DEAD:
            raise Conflict("not_a_dead_letter", state=row.state.value)
        row.state, row.attempt, row.next_at = OutboxState.PENDING, 0, now
        note_promise(session)


def replay_dead_letters(subscription: str, *, city: City, now: datetime) -> int:
    """Make every dead row of one kind of work due at once; returns how many there were.

    Raises NotFound for a kind of work that there is not.
    """
    if subscription not in BY_NAME:
        raise NotFound("no_such_work")
    with transaction(city) as session:
        rows = outbox.dead_of(session, subscription)
        for row in rows:
            row.state, row.attempt, row.next_at = OutboxState.PENDING, 0, now
        if rows:
            note_promise(session)
            log.info("dead_letters_replayed", subscription=subscription, count=len(rows))
    return len(rows)
