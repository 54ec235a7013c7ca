"""Cases that may be about the same thing as a report: of its category, near it, in its days."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.geography import box_around
from feedback.domain.states import ReportState
from feedback.storage.models import Area, Report

NOT_ONE = (ReportState.REJECTED, ReportState.WITHDRAWN, ReportState.DUPLICATE)


def candidates(
    session: Session, report: Report, *, metres: float, period: timedelta, limit: int
) -> Sequence[Report]:
    """Reports that came in at most `period` before or after this one, the latest first.

    Of the same category where the report has one; within a square of `metres` round its point, or
    else of the same area. Refused, withdrawn and merged ones are left out. Nothing for a report
    without point and area.
    """
    query: Any = select(Report).where(
        Report.id != report.id,
        Report.state.not_in(NOT_ONE),
        Report.received_at.between(report.received_at - period, report.received_at + period),
    )
    if report.category_id is not None:
        query = query.where(
            or_(Report.category_id == report.category_id, Report.category_id.is_(None))
        )
    if report.latitude is not None and report.longitude is not None:
        south, west, north, east = box_around(report.latitude, report.longitude, metres)
        query = query.where(
            Report.latitude.between(south, north), Report.longitude.between(west, east)
        )
    elif report.area_id is not None:
        query = query.where(Report.area_id == report.area_id)
    else:
        return []
    return session.scalars(
        query.options(joinedload(Report.area).defer(Area.geometry), joinedload(Report.category))
        .order_by(Report.received_at.desc(), Report.id.desc())
        .limit(limit)
    ).all()


def duplicates_of(session: Session, report_id: int) -> Sequence[Report]:
    """The reports that repeat a report, oldest first."""
    return session.scalars(
        select(Report).where(Report.root_id == report_id).order_by(Report.received_at, Report.id)
    ).all()
