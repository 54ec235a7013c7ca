"""Reports as the pages about one report, and the public lists, need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback.domain.codes import parse_code
from feedback.domain.states import PhotoPurpose, PhotoState, ReportState, Visibility
from feedback.domain.text import fold
from feedback.storage.models import Assignment, Category, Photo, Rating, Report, Round

COUNT_CAP = 1_000


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a public list is narrowed to; `state` is a report state, `words` are free text."""

    words: str = ""
    category_id: int | None = None
    area_id: int | None = None
    state: ReportState | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a list begins: after the report with this moment and id."""

    received_at: datetime
    report_id: int


def with_all(session: Session, report_id: int) -> Report | None:
    """A report with everything its page shows, but for its history and photos."""
    return session.scalar(
        select(Report)
        .where(Report.id == report_id)
        .options(
            joinedload(Report.category).joinedload(Category.group),
            joinedload(Report.area),
            joinedload(Report.unit),
            selectinload(Report.rounds).joinedload(Round.service_level),
            selectinload(Report.assignments).joinedload(Assignment.unit),
        )
    )


def public_by_code(session: Session, code: str) -> int | None:
    """The id of a published report, or of a duplicate, whose page points to its root."""
    return session.scalar(
        select(Report.id).where(Report.code == code, Report.visibility == Visibility.PUBLIC)
    )


def code_of(session: Session, report_id: int) -> str:
    """The public code of a report."""
    return session.scalar(select(Report.code).where(Report.id == report_id)) or ""


def published_code_of(session: Session, report_id: int | None) -> str:
    """The code of a report the public sees; empty for any other, and for none."""
    if report_id is None:
        return ""
    query = select(Report.code).where(
        Report.id == report_id, Report.visibility == Visibility.PUBLIC
    )
    return session.scalar(query) or ""


def latest_rating(session: Session, round_id: int) -> Rating | None:
    """The rating of a close that counts."""
    return session.scalar(
        select(Rating).where(Rating.round_id == round_id).order_by(Rating.id.desc()).limit(1)
    )


def public_list(
    session: Session, wanted: ListFilter, after: Position | None, limit: int
) -> Sequence[Report]:
    """A page of published reports, newest first."""
    query: Any = _narrowed(select(Report), wanted)
    if after is not None:
        query = query.where(
            or_(
                Report.received_at < after.received_at,
                and_(Report.received_at == after.received_at, Report.id < after.report_id),
            )
        )
    return session.scalars(
        query.options(joinedload(Report.area), joinedload(Report.category))
        .order_by(Report.received_at.desc(), Report.id.desc())
        .limit(limit)
    ).all()


def public_count(session: Session, wanted: ListFilter) -> int:
    """How many published reports there are, counted to just above `COUNT_CAP`."""
    capped = _narrowed(select(Report.id), wanted).limit(COUNT_CAP + 1).subquery()
    return session.scalar(select(func.count()).select_from(capped)) or 0


def thumbnails(session: Session, report_ids: Sequence[int]) -> dict[int, str]:
    """The small picture of each report's first finished photo, by report id."""
    rows = session.execute(
        select(Photo.report_id, Photo.small_key)
        .where(
            Photo.report_id.in_(report_ids),
            Photo.purpose == PhotoPurpose.REPORT,
            Photo.state == PhotoState.READY,
        )
        .order_by(Photo.position.desc(), Photo.id.desc())
    )
    return {row.report_id: row.small_key for row in rows}


def _narrowed(query: Any, wanted: ListFilter) -> Any:
    query = query.where(Report.visibility == Visibility.PUBLIC)
    if wanted.category_id is not None:
        query = query.where(Report.category_id == wanted.category_id)
    if wanted.area_id is not None:
        query = query.where(Report.area_id == wanted.area_id)
    if wanted.state is not None:
        query = query.where(Report.state == wanted.state)
    code = parse_code(wanted.words)
    if code is not None:
        return query.where(Report.code == code)
    for word in fold(wanted.words).split():
        query = query.where(Report.folded_text.contains(word, autoescape=True))
    return query
