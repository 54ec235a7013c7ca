"""What waits for a dispatcher: reports without a unit, and decisions nobody else may take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, exists, func, or_, select, union
from sqlalchemy.orm import Session, joinedload

from feedback.domain.histories import HistoryKind
from feedback.domain.states import (
    FINISHED_REPORT_STATES,
    CaseRequestState,
    ReportState,
    Visibility,
)
from feedback.domain.text import fold
from feedback.storage.models import (
    Area,
    Assignment,
    CaseRequest,
    Category,
    HistoryEntry,
    Report,
)

COUNT_CAP = 1_000
_UNPUBLISHED = tuple(
    state
    for state in ReportState
    if state not in {*FINISHED_REPORT_STATES, ReportState.RECEIVED} or state is ReportState.CLOSED
)


class View(StrEnum):
    """Why reports wait for a dispatcher. `ALL` is every other one together."""

    ALL = "all"
    NEW = "new"  # no unit has had it yet
    RETURNED = "returned"  # a unit gave it back, and nobody has decided what next
    REQUESTS = "requests"  # a unit asks for a transfer or for more time
    PUBLISHING = "publishing"  # dispatched, and the public does not see it until somebody looks
    AGAIN = "again"  # refused, and its reporter asked for a second look


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; `words` are free text or the beginning of a code."""

    words: str = ""
    category_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after the report with this moment and id."""

    received_at: datetime
    report_id: int


def waiting(
    session: Session, view: View, wanted: Wanted, after: Position | None, limit: int
) -> Sequence[Report]:
    """A page of the reports of a view, oldest first."""
    query: Any = _narrowed(select(Report), wanted).where(_in_view(view))
    if after is not None:
        later = and_(Report.received_at == after.received_at, Report.id > after.report_id)
        query = query.where(or_(Report.received_at > after.received_at, later))
    return session.scalars(
        query.options(joinedload(Report.category), joinedload(Report.area).defer(Area.geometry))
        .order_by(Report.received_at, Report.id)
        .limit(limit)
    ).all()


def counts(session: Session, wanted: Wanted) -> dict[View, int]:
    """How many reports each view has, counted to just above `COUNT_CAP`; one query."""
    columns = []
    for view in View:
        found = _narrowed(select(Report.id), wanted).where(_in_view(view))
        capped = found.limit(COUNT_CAP + 1).subquery()
        columns.append(select(func.count()).select_from(capped).scalar_subquery().label(view.value))
    row = session.execute(select(*columns)).one()
    return {view: getattr(row, view.value) for view in View}


def views_of(session: Session, report_ids: Sequence[int]) -> dict[int, set[View]]:
    """Which of the views each of these reports stands in."""
    views = [view for view in View if view is not View.ALL]
    columns = [_in_view(view).label(view.value) for view in views]
    rows = session.execute(select(Report.id, *columns).where(Report.id.in_(report_ids)))
    return {row.id: {view for view in views if getattr(row, view.value)} for row in rows}


def entries_of(
    session: Session, report_ids: Sequence[int], kinds: Iterable[HistoryKind]
) -> dict[int, list[HistoryEntry]]:
    """The entries of these kinds of each report, oldest first, with their units."""
    found: dict[int, list[HistoryEntry]] = {report_id: [] for report_id in report_ids}
    query = (
        select(HistoryEntry)
        .where(HistoryEntry.report_id.in_(report_ids), HistoryEntry.kind.in_(kinds))
        .options(joinedload(HistoryEntry.unit))
        .order_by(HistoryEntry.id)
    )
    for entry in session.scalars(query):
        found[entry.report_id].append(entry)
    return found


def _in_view(view: View) -> ColumnElement[bool]:
    """The condition of a view.

    Each is read by an index of its own; together they are a union, so that the database need not
    look through every report for one of five reasons.
    """
    if view is View.ALL:
        parts = [select(Report.id).where(_in_view(one)) for one in View if one is not View.ALL]
        return Report.id.in_(union(*parts))
    return {
        View.NEW: and_(Report.state == ReportState.RECEIVED, ~_returned()),
        View.RETURNED: _returned(),
        View.REQUESTS: Report.id.in_(
            select(CaseRequest.report_id).where(CaseRequest.state == CaseRequestState.OPEN)
        ),
        View.PUBLISHING: and_(
            Report.visibility == Visibility.PENDING, Report.state.in_(_UNPUBLISHED)
        ),
        View.AGAIN: and_(Report.asked_again_at.is_not(None), Report.state == ReportState.REJECTED),
    }[view]


def _returned() -> ColumnElement[bool]:
    return Report.id.in_(select(Assignment.report_id).where(Assignment.return_undecided))


def _narrowed(query: Any, wanted: Wanted) -> Any:
    if wanted.category_id is not None:
        query = query.where(Report.category_id == wanted.category_id)
    if wanted.area_id is not None:
        query = query.where(Report.area_id == wanted.area_id)
    for word in fold(wanted.words).split():
        query = query.where(_has_word(word))
    return query


def _has_word(word: str) -> ColumnElement[bool]:
    in_area = exists().where(
        Area.id == Report.area_id, Area.folded_name.contains(word, autoescape=True)
    )
    in_category = exists().where(
        Category.id == Report.category_id, Category.keywords.contains(word, autoescape=True)
    )
    return or_(
        Report.folded_text.contains(word, autoescape=True),
        Report.code.startswith(word.upper(), autoescape=True),
        func.replace(Report.code, "-", "", type_=String).startswith(word.upper(), autoescape=True),
        in_area,
        in_category,
    )
