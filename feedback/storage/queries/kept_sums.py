"""What ready rows keep of their windows' sums, for whoever makes the rows anew."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy.orm import Session

from feedback.storage.models import StatisticsReady
from feedback.storage.tables import table_of

# Rows are many and nobody needs them as objects: the table is faster to write by.
_READY = table_of(StatisticsReady)
_KEY = ("scope", "period")


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


def forget_ready_rows(session: Session, scope: str, periods: Collection[str]) -> None:
    """Remove the ready rows of a scope for some windows."""
    if periods:
        session.execute(
            delete(_READY).where(_READY.c.scope == scope, _READY.c.period.in_(sorted(periods)))
        )


def overwrite_ready_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Overwrite rows that are there, all with values for the same columns."""
    if rows:
        values: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in rows[0] if name not in _KEY
        }
        statement = update(_READY).where(
            *(_READY.c[name] == bindparam(f"new_{name}") for name in _KEY)
        )
        session.execute(
            statement.values(values),
            [{f"new_{name}": value for name, value in row.items()} for row in rows],
        )
