"""A month is over: its ratings are published, once, in tables that tell of nobody."""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from feedback.domain.day_figures import StoredDay
from feedback.domain.disclosure import Levels, protected
from feedback.domain.measures import CITY, RATED_AS
from feedback.domain.periods import PeriodKind, Window, periods_since
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.database import take_turn
from feedback.storage.models import PublishedRatings
from feedback.storage.queries import published_ratings, statistics

KINDS = ("unit", "category", "area")
REST = timedelta(days=7)  # so that what came late is counted


def publish_ratings(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Publish every month that has been over for a week and is not published yet.

    What is published stays as it is, whatever is rated anew later. Raises WorkAlreadyDone when the
    claim is not held any more; nothing is stored then.
    """
    with transaction(city) as session:
        take_turn(session, "published_ratings")
        first = statistics.first_received(session)
        if first is not None and statistics.data_time(session) is not None:
            today = now.astimezone(city.zone).date()
            known = published_ratings.months(session)
            for period in periods_since(first.astimezone(city.zone).date(), today):
                ripe = period.kind is PeriodKind.MONTH and period.window.last + REST < today
                if ripe and period.name not in known:
                    _publish(session, period.name, period.window, now)
        complete(session, claim, now)


def _publish(session: Session, month: str, window: Window, now: datetime) -> None:
    levels = _levels(session, window)
    tables = {}
    for kind in KINDS:
        rows = {scope: counts for scope, counts in levels.items() if scope.startswith(f"{kind}:")}
        whole = protected(rows)
        tables[kind] = dict(sorted(whole.rows.items()))
    city = protected({CITY: levels[CITY]}) if CITY in levels else None
    document = {"levels": [level.value for level in RATED_AS], "city": city and city.total}
    session.add(PublishedRatings(month=month, tables={**document, **tables}, published_at=now))


def _levels(session: Session, window: Window) -> dict[str, Levels]:
    """How many ratings of each level each scope got in a month, unit × category left out."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * len(RATED_AS))
    for scope, _day, counts in statistics.counts_between(session, window.first, window.last):
        if "/" in scope:
            continue
        for at, figure in enumerate(RATED_AS.values()):
            found[scope][at] += StoredDay.from_json(counts).counts.get(figure, 0)
    return {scope: tuple(counts) for scope, counts in found.items() if any(counts)}
