"""Notices, and who may have to be told."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.notices import GivenUp, NoticeKind, NoticeState, Recipient
from feedback.domain.states import AssignmentState, ReportState, Role
from feedback.storage.models import Account, Assignment, Notice, Report, Round

# What is overdue while it is at one of these is overdue by the unit's doing.
_AT_THE_UNIT = (AssignmentState.DISPATCHED, AssignmentState.IN_PROGRESS, AssignmentState.ANSWERED)


def known_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Which of these keys have a notice."""
    return set(session.scalars(select(Notice.key).where(Notice.key.in_(list(keys)))))


def with_report(session: Session, notice_id: int) -> Notice | None:
    """A notice with the report and the entry it tells of."""
    return session.scalar(
        select(Notice)
        .where(Notice.id == notice_id)
        .options(joinedload(Notice.report), joinedload(Notice.entry))
    )


def for_change(session: Session, notice_id: int) -> Notice | None:
    """A notice, locked until the transaction ends."""
    return session.get(Notice, notice_id, with_for_update=True, populate_existing=True)


def of_report(session: Session, report_id: int) -> Sequence[Notice]:
    """The notices of a report, newest first."""
    query = select(Notice).where(Notice.report_id == report_id)
    return session.scalars(query.order_by(Notice.id.desc())).all()


def counts(session: Session) -> Mapping[tuple[NoticeState, GivenUp | None], int]:
    """How many notices are in each state, those given up by their reason."""
    rows = session.execute(
        select(Notice.state, Notice.problem, func.count()).group_by(Notice.state, Notice.problem)
    )
    return {(state, problem): count for state, problem, count in rows}


def reminded_of(
    session: Session, kind: NoticeKind, since: datetime
) -> Mapping[tuple[Recipient, int], list[Any]]:
    """The cases each person has been reminded of since a moment, as the notices' data name them."""
    rows = session.execute(
        select(Notice.recipient, Notice.recipient_id, Notice.data).where(
            Notice.kind == kind, Notice.created_at >= since
        )
    )
    told: dict[tuple[Recipient, int], list[Any]] = defaultdict(list)
    for recipient, recipient_id, data in rows:
        told[recipient, recipient_id] += data.get("cases", [])
    return told


def duplicates_of(session: Session, report_id: int) -> Sequence[Report]:
    """The reports that repeat a report, with who sent them."""
    return session.scalars(
        select(Report)
        .where(Report.root_id == report_id, Report.state == ReportState.DUPLICATE)
        .options(joinedload(Report.reporter))
        .order_by(Report.id)
    ).all()


def dispatchers(session: Session) -> Sequence[Account]:
    """Everybody of the operations centre."""
    query = select(Account).where(Account.role == Role.DISPATCHER, Account.active)
    return session.scalars(query.order_by(Account.id)).all()


def heads_of(session: Session, unit_id: int) -> Sequence[Account]:
    """Who heads a unit."""
    query = select(Account).where(
        Account.unit_id == unit_id, Account.role == Role.HEAD, Account.active
    )
    return session.scalars(query.order_by(Account.id)).all()


def handler_of(session: Session, assignment_id: int | None) -> Account | None:
    """Who handles an assignment, if somebody does who still works."""
    return session.scalar(
        select(Account)
        .join(Assignment, Assignment.handler_id == Account.id)
        .where(Assignment.id == assignment_id, Account.active)
    )


def open_cases_due_before(session: Session, moment: datetime) -> Sequence[Assignment]:
    """What lies at the units and is due before a moment, the longest due first.

    While the lead waits for the citizen nothing is due.
    """
    return session.scalars(
        select(Assignment)
        .join(Round, Assignment.round_id == Round.id)
        .where(
            Assignment.state.in_(_AT_THE_UNIT),
            Assignment.due < moment,
            Round.closed_at.is_(None),
            Round.waiting_since.is_(None),
        )
        .options(joinedload(Assignment.handler))
        .order_by(Assignment.due, Assignment.id)
    ).all()


def cases_by_id(session: Session, assignment_ids: Collection[int]) -> Mapping[int, Assignment]:
    """These cases with what names them: report, category, area."""
    found = session.scalars(
        select(Assignment)
        .where(Assignment.id.in_(assignment_ids))
        .options(
            joinedload(Assignment.report).joinedload(Report.category),
            joinedload(Assignment.report).joinedload(Report.area),
        )
    )
    return {case.id: case for case in found}
