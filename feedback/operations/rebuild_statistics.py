"""Figures are computed again from the beginning, though nothing says that they are wrong."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from feedback.operations.city import City
from feedback.operations.figures import bring_up_to_date
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.queries import statistics


def rebuild_statistics(days: int, *, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Recompute the last `days` local days, today included, and every ready row.

    Raises WorkAlreadyDone when the claim is not held any more; nothing is stored then.
    """
    today = now.astimezone(city.zone).date()
    wanted = _days_between(today - timedelta(days=days - 1), today)
    with transaction(city) as session:
        bring_up_to_date(session, city, now, days=wanted, every_scope=True)
        complete(session, claim, now)


def rebuild_all(city: City, now: datetime) -> None:
    """Recompute every day there is; a load of many reports ends with this."""
    with transaction(city) as session:
        wanted = every_day(session, city, now)
        bring_up_to_date(session, city, now, days=wanted, every_scope=True)


def every_day(session: Session, city: City, now: datetime) -> set[date]:
    """Every local day that has figures or could have some."""
    first = statistics.first_received(session)
    days = set(statistics.known_days(session))
    if first is not None:
        days |= _days_between(first.astimezone(city.zone).date(), now.astimezone(city.zone).date())
    return days


def _days_between(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}
