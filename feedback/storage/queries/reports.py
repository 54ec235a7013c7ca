"""Reports as operations need them."""

import hmac
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from feedback.domain.states import ReportState
from feedback.storage.database import memory_of
from feedback.storage.models import Report

_LOCKED = "locked_reports"


def for_change(session: Session, report_id: int) -> Report | None:
    """A report with its rounds and assignments, locked until the transaction ends.

    These are read after the lock is held: joined in the same statement they would be those of the
    moment before it was waited for. Nobody else can have changed a report since this transaction
    has locked it: asked for again, it is as it stands here.
    """
    locked: dict[int, Report] = memory_of(session).setdefault(_LOCKED, {})
    if report_id in locked:
        return locked[report_id]
    report: Report | None = session.scalar(
        select(Report)
        .where(Report.id == report_id)
        .options(selectinload(Report.rounds), selectinload(Report.assignments))
        .with_for_update(of=Report)
        .execution_options(populate_existing=True)
    )
    if report is not None:
        locked[report_id] = report
    return report


def hold(session: Session, report: Report) -> None:
    """Count a report that this transaction has stored as locked by it, which it is."""
    memory_of(session).setdefault(_LOCKED, {})[report.id] = report


def by_code(session: Session, code: str) -> Report | None:
    """A report by its public code in canonical spelling."""
    return session.scalar(select(Report).where(Report.code == code))


def by_secret_link(session: Session, code: str, token: str) -> Report | None:
    """A report by the two parts of its secret link; the token is compared in constant time."""
    report = by_code(session, code)
    known = report.token if report is not None else "-" * 32
    matches = hmac.compare_digest(known.encode(), token.encode())
    return report if matches else None


def ids_of_duplicates(session: Session, report_id: int) -> Sequence[int]:
    """The ids of the reports that repeat a report, in order."""
    query = select(Report.id).where(Report.root_id == report_id).order_by(Report.id)
    return session.scalars(query).all()


def by_submission(session: Session, submission_id: str) -> Report | None:
    """The report a submission id has already made, if any."""
    return session.scalar(select(Report).where(Report.submission_id == submission_id))


def counts(session: Session) -> Mapping[ReportState, int]:
    """How many reports are in each state."""
    rows = session.execute(select(Report.state, func.count()).group_by(Report.state))
    return {state: count for state, count in rows}  # noqa: C416 (rows are no pairs to mypy)
