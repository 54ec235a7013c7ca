"""A day has ended: every rolling window moves on."""

from datetime import datetime

from feedback.operations.city import City
from feedback.operations.figures import bring_up_to_date
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction


def refresh_windows(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Make the ready rows of every scope anew, after recomputing what is out of date.

    Raises WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        bring_up_to_date(session, city, now, every_scope=True)
        complete(session, claim, now)
