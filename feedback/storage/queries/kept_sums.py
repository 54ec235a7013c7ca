"""What ready rows keep of their windows' sums, for whoever makes the rows anew."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from feedback.storage.models import StatisticsReady


def ready_sums(
    session: Session, scopes: Sequence[str], periods: Sequence[str]
) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Figures and sums of the ready rows of some scopes for some windows, by both."""
    rows = session.execute(
        select(
            StatisticsReady.scope,
            StatisticsReady.period,
            StatisticsReady.figures,
            StatisticsReady.sums,
        ).where(StatisticsReady.scope.in_(scopes), StatisticsReady.period.in_(periods))
    )
    return {(scope, period): (figures, sums) for scope, period, figures, sums in rows}


def ready_sums_before(
    session: Session, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Any]:
    """The sums of the windows before, of some scopes and windows."""
    rows = session.execute(
        select(StatisticsReady.scope, StatisticsReady.period, StatisticsReady.sums_before).where(
            tuple_(StatisticsReady.scope, StatisticsReady.period).in_(keys)
        )
    )
    return {(scope, period): sums for scope, period, sums in rows}


def forget_ready_rows(session: Session, scopes: Sequence[str], periods: Sequence[str]) -> None:
    """Remove the ready rows of some scopes and windows."""
    session.execute(
        delete(StatisticsReady).where(
            StatisticsReady.scope.in_(scopes), StatisticsReady.period.in_(periods)
        )
    )
