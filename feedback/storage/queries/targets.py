"""Finding targets."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.share_measures import ShareMeasure
from feedback.storage.models import Target


def of_period(session: Session, period: str) -> Sequence[Target]:
    """Every unit's targets for one month, quarter or year."""
    query = select(Target).where(Target.period == period)
    loading = query.options(joinedload(Target.unit), joinedload(Target.signed_by))
    return session.scalars(loading.order_by(Target.unit_id, Target.id)).all()


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
