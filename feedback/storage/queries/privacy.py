"""The privacy record, and whose contact a report has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.privacy import PrivacyDeed
from feedback.storage.models import Account, PrivacyEntry, Report, Reporter


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which lines of the record are wanted; None asks for all. `before` is not included."""

    deed: PrivacyDeed | None = None
    account_id: int | None = None
    report_code: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def record(
    session: Session, wanted: RecordFilter, after_id: int | None = None, limit: int | None = None
) -> Sequence[PrivacyEntry]:
    """Lines of the record, newest first, with who did it and the report; older than `after_id`."""
    query: Any = select(PrivacyEntry).options(
        joinedload(PrivacyEntry.account),
        joinedload(PrivacyEntry.report).load_only(Report.code),
    )
    if wanted.deed is not None:
        query = query.where(PrivacyEntry.deed == wanted.deed)
    if wanted.account_id is not None:
        query = query.where(PrivacyEntry.account_id == wanted.account_id)
    if wanted.report_code is not None:
        reports = select(Report.id).where(Report.code == wanted.report_code)
        query = query.where(PrivacyEntry.report_id.in_(reports))
    if wanted.since is not None:
        query = query.where(PrivacyEntry.at >= wanted.since)
    if wanted.before is not None:
        query = query.where(PrivacyEntry.at < wanted.before)
    if after_id is not None:
        query = query.where(PrivacyEntry.id < after_id)
    return session.scalars(query.order_by(PrivacyEntry.id.desc()).limit(limit)).all()


def openings_of(session: Session, report_id: int) -> Sequence[PrivacyEntry]:
    """Each time somebody looked at who sent a report, oldest first."""
    return session.scalars(
        select(PrivacyEntry)
        .where(
            PrivacyEntry.report_id == report_id,
            PrivacyEntry.deed == PrivacyDeed.IDENTITY_OPENED,
        )
        .options(joinedload(PrivacyEntry.account))
        .order_by(PrivacyEntry.id)
    ).all()


def line_of_the_day(session: Session, deed: PrivacyDeed, midnight: datetime) -> PrivacyEntry | None:
    """The line of a deed that was begun since midnight, locked."""
    query = select(PrivacyEntry).where(PrivacyEntry.deed == deed, PrivacyEntry.at >= midnight)
    return session.scalar(query.order_by(PrivacyEntry.id.desc()).limit(1).with_for_update())


def actors(session: Session) -> Sequence[tuple[int, str]]:
    """Id and name of everybody who stands in the record."""
    from_record = select(PrivacyEntry.account_id).distinct()
    rows = session.execute(
        select(Account.id, Account.name).where(Account.id.in_(from_record)).order_by(Account.name)
    )
    return [(row.id, row.name) for row in rows]


def given_contact(session: Session, report_id: int) -> Reporter | None:
    """The sealed row of who sent a report, if a contact was left."""
    return session.scalar(
        select(Reporter)
        .join(Report, Report.reporter_id == Reporter.id)
        .where(Report.id == report_id)
    )
