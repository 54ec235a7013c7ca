"""Finding targets."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.share_measures import ShareMeasure
from feedback.storage.models import CommitmentSheet, Target


def of_period(session: Session, period: str) -> Sequence[Target]:
    """Every unit's targets for one month, quarter or year."""
    query = select(Target).where(Target.period == period)
    loading = query.options(joinedload(Target.unit), joinedload(Target.signed_by))
    return session.scalars(loading.order_by(Target.unit_id, Target.id)).all()


def newest_period(session: Session) -> str | None:
    """The period of the target proposed last; None without any."""
    return session.scalar(
        select(Target.period).order_by(Target.proposed_at.desc(), Target.id.desc()).limit(1)
    )


def of_unit(session: Session, unit_id: int) -> Sequence[Target]:
    """A unit's targets, the latest period first."""
    query = select(Target).where(Target.unit_id == unit_id)
    loading = query.options(joinedload(Target.unit), joinedload(Target.signed_by))
    return session.scalars(loading.order_by(Target.period.desc(), Target.id)).all()


def one_of(session: Session, unit_id: int, measure: ShareMeasure, period: str) -> Target | None:
    """The target for one share of a unit in a period, locked until the transaction ends."""
    query = select(Target).where(
        Target.unit_id == unit_id, Target.measure == measure, Target.period == period
    )
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def of_sheet(session: Session, unit_id: int, period: str) -> Sequence[Target]:
    """A unit's targets for one period with everybody who had a hand in them."""
    query = select(Target).where(Target.unit_id == unit_id, Target.period == period)
    loading = query.options(
        joinedload(Target.unit), joinedload(Target.proposed_by), joinedload(Target.signed_by)
    )
    return session.scalars(loading.order_by(Target.id)).all()


def sheet(session: Session, unit_id: int, period: str, state: str) -> CommitmentSheet | None:
    """The sheet of a unit's targets for a period as they stand in a state."""
    query = select(CommitmentSheet).where(
        CommitmentSheet.unit_id == unit_id,
        CommitmentSheet.period == period,
        CommitmentSheet.state == state,
    )
    return session.scalar(query)


def sheets_of_unit(session: Session, unit_id: int) -> Sequence[CommitmentSheet]:
    """Every sheet of a unit, the newest first."""
    query = select(CommitmentSheet).where(CommitmentSheet.unit_id == unit_id)
    return session.scalars(query.order_by(CommitmentSheet.id.desc())).all()


def sheets_of_period(session: Session, period: str) -> Sequence[CommitmentSheet]:
    """Every unit's sheets for a period, the newest first."""
    query = select(CommitmentSheet).where(CommitmentSheet.period == period)
    return session.scalars(query.order_by(CommitmentSheet.id.desc())).all()
