"""Figures are computed again from the beginning, though nothing says that they are wrong."""

from datetime import datetime

from feedback.delivery.asides import processors
from feedback.delivery.garbage import rarely_collected
from feedback.domain.periods import Window
from feedback.operations.city import City
from feedback.operations.figures import bring_up_to_date, every_day
from feedback.operations.outbox import Claim, complete
from feedback.operations.reference import working_calendar
from feedback.operations.transaction import reading, transaction
from feedback.storage.queries import statistics


def rebuild_statistics(days: int, *, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Recompute the last `days` local days, today included, and every ready row.

    Raises WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    today = now.astimezone(city.zone).date()
    wanted = Window.ending(today, days).days
    with rarely_collected(), transaction(city) as session:
        bring_up_to_date(session, city, now, days=wanted, every_scope=True)
        complete(session, claim, now)


def build_if_missing(city: City, now: datetime) -> bool:
    """Compute every figure where there are reports and no figures at all; whether it was needed.

    So after an upgrade that gives figures a new form.
    """
    with reading() as session:
        first, told = statistics.first_received(session), statistics.data_time(session)
    if first is None or told is not None:
        return False
    rebuild_all(city, now)
    return True


def rebuild_all(city: City, now: datetime) -> None:
    """Recompute every day there is, with all processors; a load of many reports ends with this."""
    with rarely_collected(), transaction(city) as session:
        wanted = every_day(session, working_calendar(session, city), now)
        bring_up_to_date(session, city, now, days=wanted, every_scope=True, processes=processors())
