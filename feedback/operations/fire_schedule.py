"""What the clock asks for goes into the outbox, like everything else that is promised."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from feedback.domain.events import Event
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.operations.transaction import transaction
from feedback.storage.models import ScheduleRun


def fire_schedule(
    name: str, event: Event, payload: Mapping[str, Any], moment: datetime, *, city: City
) -> bool:
    """Promise the event of one line of the schedule for `moment`, unless that was done before.

    Tells whether it was promised. A line seen for the first time is only noted: its first event
    comes at its next moment. Moments missed while nothing ran come to one event. Of several relays
    that try the same moment one succeeds.
    """
    try:
        with transaction(city) as session:
            last = session.get(ScheduleRun, name, with_for_update=True)
            if last is None:
                session.add(ScheduleRun(name=name, last_run_at=moment))
                return False
            if last.last_run_at >= moment:
                return False
            last.last_run_at = moment
            promise(session, event, moment, **payload)
            return True
    except IntegrityError:  # another relay noted the new line first
        return False
