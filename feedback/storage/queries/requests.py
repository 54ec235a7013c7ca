"""What units have asked the operations centre for."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.states import CaseRequestState
from feedback.storage.models import CaseRequest


def open_of_cases(session: Session, assignment_ids: Iterable[int]) -> Sequence[CaseRequest]:
    """The requests of units' cases that nobody has decided yet, oldest first."""
    query = select(CaseRequest).where(
        CaseRequest.assignment_id.in_(assignment_ids), CaseRequest.state == CaseRequestState.OPEN
    )
    return session.scalars(query.order_by(CaseRequest.id)).all()


def of_report(session: Session, report_id: int) -> Sequence[CaseRequest]:
    """Everything that units have asked for about a report, newest first, with who did it."""
    return session.scalars(
        select(CaseRequest)
        .where(CaseRequest.report_id == report_id)
        .options(
            joinedload(CaseRequest.wanted_unit),
            joinedload(CaseRequest.asked_by),
            joinedload(CaseRequest.decided_by),
        )
        .order_by(CaseRequest.id.desc())
    ).all()


def of_case(session: Session, report_id: int, request_id: int) -> CaseRequest | None:
    """One request about a report; its life is locked with the report's."""
    return session.scalar(
        select(CaseRequest).where(CaseRequest.id == request_id, CaseRequest.report_id == report_id)
    )
