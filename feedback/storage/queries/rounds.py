"""Open rounds, as a correction of the calendar finds them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from feedback.storage.models import Report, Round

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class OpenRound:
    """What an open round's due moments follow from, without the rest of its report."""

    report_id: int
    code: str
    service_level_id: int
    started_at: datetime
    original_due: datetime
    due: datetime
    calendar_version: int
    waiting: bool


def open_rounds(session: Session, *, but_version: int | None = None) -> list[OpenRound]:
    """Every round that is not closed, or those under another version of the calendar."""
    query = (
        select(
            Report.id,
            Report.code,
            Round.service_level_id,
            Round.started_at,
            Round.original_due,
            Round.due,
            Round.calendar_version,
            Round.waiting_since,
        )
        .join(Round, Round.report_id == Report.id)
        .where(Round.closed_at.is_(None))
        .order_by(Report.id)
    )
    if but_version is not None:
        query = query.where(Round.calendar_version != but_version)
    return [OpenRound(*row[:-1], row[-1] is not None) for row in session.execute(query)]


def reports_for_change(session: Session, report_ids: Sequence[int]) -> Iterator[Report]:
    """Some reports with their rounds and assignments, locked in the order of their ids."""
    for start in range(0, len(report_ids), AT_ONCE):
        yield from session.scalars(
            select(Report)
            .where(Report.id.in_(report_ids[start : start + AT_ONCE]))
            .options(selectinload(Report.rounds), selectinload(Report.assignments))
            .order_by(Report.id)
            .with_for_update(of=Report)
            .execution_options(populate_existing=True)
        ).all()


def put_under_version(session: Session, version: int) -> None:
    """Note that every open round agrees with a version of the calendar."""
    session.execute(
        update(Round)
        .where(Round.closed_at.is_(None), Round.calendar_version != version)
        .values(calendar_version=version)
        .execution_options(synchronize_session=False)
    )
