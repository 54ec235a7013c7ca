"""Time passes, and rounds become due: a change of figures that nobody makes."""

from datetime import datetime

from feedback.operations.city import City
from feedback.operations.dirty_days import mark_days
from feedback.operations.figures import days_passed
from feedback.operations.outbox import Claim, complete
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import transaction
from feedback.storage.queries import statistics


def mark_due_days(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Mark the days on which a due moment has passed since the figures were last refreshed.

    Before the first refresh nothing is marked: each change has marked its own days. Raises
    WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        before = statistics.data_time(session)
        if before is not None:
            days = days_passed(session, working_calendar(session, city), before, now)
            if days:
                mark_days(session, days, now)
        complete(session, claim, now)
