"""Who follows which report."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from feedback.domain.states import FINISHED_REPORT_STATES, ReportState
from feedback.storage.models import Follower, Report


def counts(session: Session, report_ids: Collection[int]) -> Mapping[int, int]:
    """How many others each of these reports concerns, by report id; nobody is not listed.

    That is the devices that follow it or one of its duplicates, each counted once, and the
    duplicates themselves: whoever sent one follows its root.
    """
    if not report_ids:
        return {}
    root = func.coalesce(Report.root_id, Report.id)
    devices = (
        select(root, func.count(func.distinct(Follower.device)))
        .join(Report, Follower.report_id == Report.id)
        .where(or_(Report.id.in_(report_ids), Report.root_id.in_(report_ids)))
        .group_by(root)
    )
    repeats = (
        select(Report.root_id, func.count())
        .where(Report.root_id.in_(report_ids), Report.state == ReportState.DUPLICATE)
        .group_by(Report.root_id)
    )
    found: dict[int, int] = {}
    rows: Sequence[Any] = session.execute(union_all(devices, repeats)).all()
    for row in rows:
        found[row[0]] = found.get(row[0], 0) + row[1]
    return found


def of_device(session: Session, report_id: int, device: str) -> Follower | None:
    """What a device follows of a report or of one of its duplicates, the report itself first."""
    return session.scalar(
        select(Follower)
        .join(Report, Follower.report_id == Report.id)
        .where(Follower.device == device, or_(Report.id == report_id, Report.root_id == report_id))
        .order_by(Report.root_id.is_not(None), Follower.id)
        .limit(1)
    )


def by_token(session: Session, token: str) -> Follower | None:
    """The following that a link in a letter confirms or ends."""
    return session.scalar(select(Follower).where(Follower.token == token))


def with_address(session: Session, report_id: int, *, confirmed: bool = True) -> Sequence[Follower]:
    """Who wants news by e-mail of a report: its followers, and those of its duplicates.

    Those who have confirmed it, or those who have yet to.
    """
    return session.scalars(
        select(Follower)
        .join(Report, Follower.report_id == Report.id)
        .where(
            or_(Report.id == report_id, Report.root_id == report_id),
            Follower.sealed.is_not(None),
            Follower.confirmed_at.is_not(None) if confirmed else Follower.confirmed_at.is_(None),
        )
        .order_by(Follower.id)
    ).all()


def never_confirmed(session: Session, asked_before: datetime, limit: int) -> Sequence[Follower]:
    """Whose address was left before a moment and never confirmed."""
    query = select(Follower).where(
        Follower.sealed.is_not(None),
        Follower.confirmed_at.is_(None),
        Follower.consented_at < asked_before,
    )
    return session.scalars(query.order_by(Follower.id).limit(limit)).all()


def without_news_to_come(session: Session, limit: int) -> Sequence[Follower]:
    """Whose address is kept for a report that was anonymised and is over, as is its root."""
    root = aliased(Report)
    query = (
        select(Follower)
        .join(Report, Follower.report_id == Report.id)
        .outerjoin(root, Report.root_id == root.id)
        .where(
            Follower.sealed.is_not(None),
            Report.anonymised_at.is_not(None),
            Report.state.in_(FINISHED_REPORT_STATES),
            or_(Report.root_id.is_(None), root.state.in_(FINISHED_REPORT_STATES)),
        )
    )
    return session.scalars(query.order_by(Follower.id).limit(limit)).all()


def with_index(session: Session, email_indexes: Sequence[str]) -> Sequence[Follower]:
    """Followings whose address has one of these blind indexes, oldest first."""
    query = select(Follower).where(Follower.email_index.in_(email_indexes))
    return session.scalars(query.order_by(Follower.id)).all()
