"""What the figures' rows do not tell yet: marked days and marked changes of reports."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback.storage.models import StatisticsChange, StatisticsDirty

AT_ONCE = 1_000  # ids in one statement
_CHANGES = select(StatisticsChange.id, StatisticsChange.report_id, StatisticsChange.version)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a refresh has to do: days to recompute whole, and reports with the first version of
    each that the rows do not tell yet. `ids` are the marks themselves, of days and of reports."""

    days: frozenset[date] = frozenset()
    reports: Mapping[int, int] = field(default_factory=dict)
    ids: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())


def marks(session: Session) -> Marks:
    """Every mark there is."""
    days = {
        row.id: row.day for row in session.execute(select(StatisticsDirty.id, StatisticsDirty.day))
    }
    changes = session.execute(_CHANGES).all()
    ids = frozenset(days), frozenset(row.id for row in changes)
    return Marks(frozenset(days.values()), _first_versions(changes), ids)


def anything_marked(session: Session) -> bool:
    """Whether there is any mark."""
    return any(
        session.scalar(select(column).limit(1)) is not None
        for column in (StatisticsChange.id, StatisticsDirty.id)
    )


def forget_marks(session: Session, done: Marks) -> None:
    """Remove exactly these marks."""
    columns = (StatisticsDirty.id, StatisticsChange.id)
    for column, ids in zip(columns, done.ids, strict=True):
        in_order = sorted(ids)
        for start in range(0, len(in_order), AT_ONCE):
            some = in_order[start : start + AT_ONCE]
            session.execute(delete(column.class_).where(column.in_(some)))


def later_changes(session: Session, report_ids: Sequence[int], taken_on: Marks) -> dict[int, int]:
    """The first version of each of some reports that is marked, but not among the marks given."""
    rows = session.execute(_CHANGES.where(StatisticsChange.report_id.in_(report_ids)))
    return _first_versions(row for row in rows if row.id not in taken_on.ids[1])


def _first_versions(changes: Iterable[Any]) -> dict[int, int]:
    found: dict[int, int] = {}
    for _, report_id, version in changes:
        found[report_id] = min(version, found.get(report_id, version))
    return found
