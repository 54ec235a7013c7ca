"""What a change of a report makes others do, promised in the change's own transaction."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.domain.events import Event
from feedback.domain.histories import HistoryKind
from feedback.domain.notices import anybody_is_told
from feedback.operations.city import City
from feedback.operations.outbox import promise
from feedback.storage.models import Report

_TELL_CATEGORY = frozenset({HistoryKind.RECEIVED, HistoryKind.CATEGORISED})


def promise_work_on(
    session: Session, city: City, report: Report, kinds: Collection[HistoryKind], now: datetime
) -> None:
    """Promise what follows from the kinds of entry a change has just written.

    Somebody may have to be told; and once category and place are known, the report may repeat
    what was closed.
    """
    if city.channels and anybody_is_told(kinds):
        told_of = {"report_id": report.id, "version": report.version}
        promise(session, Event.HISTORY_WRITTEN, now, **told_of)
    placed = report.category_id is not None and report.latitude is not None
    if placed and not _TELL_CATEGORY.isdisjoint(kinds):
        promise(session, Event.CATEGORY_KNOWN, now, report_id=report.id)
