"""Time passes, and rounds become due: a change of figures that nobody makes."""

from datetime import datetime

from feedback.domain.events import Event
from feedback.operations.city import City
from feedback.operations.day_rows import moved_by_the_clock
from feedback.operations.outbox import Claim, complete, promise
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import transaction
from feedback.storage.queries import statistics


def note_passed_dues(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Promise a refresh when time alone has changed a figure since the last one.

    Before the first refresh nothing is promised: each change has done so itself. Raises
    WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        before = statistics.data_time(session)
        if before is not None:
            calendar = working_calendar(session, city)
            if moved_by_the_clock(session, calendar, before, now):
                promise(session, Event.FIGURES_CHANGED, now)
        complete(session, claim, now)
