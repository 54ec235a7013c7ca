"""Due work is handed out to the queues, each row to one relay only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.domain.events import BY_NAME, Subscription
from feedback.operations.city import City
from feedback.operations.transaction import transaction
from feedback.storage.models import OutboxRow, OutboxState
from feedback.storage.queries import outbox

ROWS_AT_ONCE = 1_000
NEVER_ENDED = "it was started, and neither ended nor failed: its worker may have been killed"


@dataclass(frozen=True, slots=True)
class Job:
    """One message for a queue: rows of one subscription, each with the starts it has had."""

    subscription: Subscription
    attempts: Mapping[int, int]

    @property
    def id(self) -> str:
        """The same for the same rows until they are started, so that a queue holds it once."""
        first = min(self.attempts)
        return f"{self.subscription.name}-{first}-{self.attempts[first]}"


def claim_due(queue: str, *, city: City, now: datetime, limit: int) -> list[Job]:
    """Take up to `limit` jobs of due rows for a queue, and hold them until they should have begun.

    Due are rows whose moment has come, and rows whose lease ended without an end of their job; one
    of the latter that has had its last start is given up. Subscriptions that take rows in batches
    have one job at a time: what comes in meanwhile makes up the next batch.
    """
    names = {name for name, subscription in BY_NAME.items() if subscription.queue == queue}
    with transaction(city) as session:
        batching = {name for name in names if BY_NAME[name].batch > 1}
        names -= outbox.subscriptions_at_work(session, batching, now)
        if not names:
            return []
        enough = min(limit * max(BY_NAME[name].batch for name in names), ROWS_AT_ONCE)
        rows = outbox.due_for_claim(session, names, now, enough)
        jobs = _batches([row for row in rows if not _was_given_up(row)])[:limit]
        by_id = {row.id: row for row in rows}
        for job in jobs:
            for row_id in job.attempts:
                by_id[row_id].state = OutboxState.LEASED
                by_id[row_id].next_at = now + city.patience.queued
    return jobs


def _was_given_up(row: OutboxRow) -> bool:
    """Give up a row whose last start has come to nothing."""
    if row.attempt < BY_NAME[row.subscription].max_attempts:
        return False
    row.state = OutboxState.DEAD
    row.last_error = row.last_error or NEVER_ENDED
    return True


def _batches(rows: Sequence[OutboxRow]) -> list[Job]:
    """The rows as jobs, in the order of each job's first row."""
    jobs: list[dict[int, int]] = []
    filling: dict[str, dict[int, int]] = {}
    names: list[str] = []
    for row in rows:
        batch = filling.get(row.subscription)
        size = BY_NAME[row.subscription].batch
        if batch is None or len(batch) >= size:
            if batch is not None and size > 1:
                continue
            batch = filling[row.subscription] = {}
            jobs.append(batch)
            names.append(row.subscription)
        batch[row.id] = row.attempt
    return [Job(BY_NAME[name], batch) for name, batch in zip(names, jobs, strict=True)]
