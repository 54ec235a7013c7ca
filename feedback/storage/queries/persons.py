"""Everything of one person, by the reporter rows that are theirs."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback.storage.models import Area, Assignment, Report


def reports_of(session: Session, reporter_ids: Sequence[int]) -> Sequence[Report]:
    """The reports these reporters sent, oldest first, with what their pages show."""
    return session.scalars(
        select(Report)
        .where(Report.reporter_id.in_(reporter_ids))
        .options(
            joinedload(Report.category),
            joinedload(Report.area).defer(Area.geometry),
            joinedload(Report.reporter),
            selectinload(Report.rounds),
            selectinload(Report.assignments).joinedload(Assignment.unit),
        )
        .order_by(Report.id)
    ).all()
