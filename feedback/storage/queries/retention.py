"""Reports that have been kept for as long as they may be."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from feedback.domain.states import FINISHED_REPORT_STATES
from feedback.storage.models import Category, Report, Round

Due = tuple[int, int | None]  # report, category


def asked_for(session: Session, limit: int) -> Sequence[Due]:
    """Finished reports whose reporter asked for their erasure while they were open."""
    query = select(Report.id, Report.category_id).where(
        Report.erasure_wanted_at.is_not(None),
        Report.anonymised_at.is_(None),
        Report.state.in_(FINISHED_REPORT_STATES),
    )
    return [(row.id, row.category_id) for row in session.execute(query.limit(limit))]


def kept_long_enough(
    session: Session, usual_days: int | None, shortest_days: int, now: datetime, limit: int
) -> Sequence[Due]:
    """Finished reports past their category's days, oldest first; (report, category) of each.

    A category without days of its own, and a report without category, go by `usual_days`; None
    keeps them. Nothing goes before `shortest_days`, nor so soon after a promised date.
    """
    days = session.execute(select(Category.id, Category.retention_days))
    of_category: dict[int | None, int | None] = {row.id: row.retention_days for row in days}
    found: list[Due] = []
    for category_id, own in {**of_category, None: None}.items():
        kept = own if own is not None else usual_days
        if kept is None or len(found) >= limit:
            continue
        cutoff = now - timedelta(days=max(kept, shortest_days))
        query = _due(category_id, cutoff).limit(limit - len(found))
        found += [(report_id, category_id) for report_id in session.scalars(query)]
    return found


def _due(category_id: int | None, cutoff: datetime) -> Any:
    promise_open = (
        select(Round.id)
        .where(Round.report_id == Report.id, Round.promised_on > cutoff.date())
        .exists()
    )
    finished: ColumnElement[bool] = or_(
        and_(Report.closed_at.is_not(None), Report.closed_at <= cutoff),
        and_(Report.closed_at.is_(None), Report.changed_at <= cutoff),
    )
    same = (
        Report.category_id.is_(None) if category_id is None else Report.category_id == category_id
    )
    return (
        select(Report.id)
        .where(
            same,
            Report.anonymised_at.is_(None),
            Report.state.in_(FINISHED_REPORT_STATES),
            finished,
            ~promise_open,
        )
        .order_by(Report.id)
    )
