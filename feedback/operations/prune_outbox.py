"""Work done long ago is forgotten."""

from datetime import datetime, timedelta

from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.queries import outbox

KEPT = timedelta(days=7)


def prune_outbox(*, city: City, now: datetime, claim: Claim | None = None) -> int:
    """Delete outbox rows done more than a week ago; returns how many. Dead letters stay."""
    with transaction(city) as session:
        removed = outbox.remove_done(session, now - KEPT)
        complete(session, claim, now)
    return removed
