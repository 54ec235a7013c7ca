"""A citizen says how satisfied they are with a result."""

from collections.abc import Sequence
from datetime import datetime

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import Conflict, Invalid
from feedback.domain.histories import HistoryKind
from feedback.domain.states import PhotoPurpose, RatingLevel, ReportState
from feedback.domain.text import normalise
from feedback.operations.city import City
from feedback.operations.lifecycle import Life
from feedback.operations.photos import attach, find_uploads
from feedback.operations.transaction import transaction
from feedback.storage.models import Rating

MAX_COMMENT = 2_000


def rate_report(
    report_id: int,
    *,
    level: RatingLevel | None,
    comment: str = "",
    photo_ids: Sequence[str] = (),
    city: City,
    now: datetime,
) -> None:
    """Rate the latest close of a report; a later rating of the same close counts instead.

    The caller has checked the secret link. Raises NotFound, Conflict when the report is not
    closed, Invalid naming `level`, `comment` or `photos`.
    """
    comment = normalise(comment)
    if level is None:
        raise Invalid({"level": "required"})
    if len(comment) > MAX_COMMENT:
        raise Invalid({"comment": "too_long"})
    with transaction(city) as session:
        life = Life.open(session, city, report_id, CITIZEN, now)
        closed = life.round
        if life.report.state is not ReportState.CLOSED or closed is None:
            raise Conflict("not_closed")
        uploads = find_uploads(session, photo_ids, PhotoPurpose.RATING)
        rating = Rating(
            report_id=report_id, round_id=closed.id, level=level, comment=comment, rated_at=now
        )
        session.add(rating)
        session.flush()
        attach(uploads, life.report, rating=rating)
        life.record(HistoryKind.RATED, data={"level": level.value, "number": closed.number})
        life.settle()
