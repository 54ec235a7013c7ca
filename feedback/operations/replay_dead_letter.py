"""Work that was given up is tried again, once somebody has mended what stopped it."""

from datetime import datetime

from feedback.domain.errors import Conflict, NotFound
from feedback.operations.city import City
from feedback.operations.transaction import note_promise, transaction
from feedback.storage.models import OutboxState
from feedback.storage.queries import outbox


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
