"""Figures follow what has happened."""

from datetime import datetime

from feedback.delivery.garbage import rarely_collected
from feedback.operations.city import City
from feedback.operations.figures import bring_up_to_date
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import reading, transaction
from feedback.storage.queries import figure_marks


def refresh_statistics(*, city: City, now: datetime, claim: Claim | None = None) -> None:
    """Have the rows tell what has changed, and which due moments have passed.

    Doing it again, late, or at once with another changes nothing. Raises WorkAlreadyDone when the
    claim is not held any more; nothing is stored then.
    """
    with rarely_collected(), transaction(city) as session:
        bring_up_to_date(session, city, now)
        complete(session, claim, now)


def figures_lag() -> bool:
    """Whether something has changed that the rows do not tell yet."""
    with reading() as session:
        return figure_marks.anything_marked(session)
