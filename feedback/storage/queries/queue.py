"""The work that lies at units: what is due first, narrowed and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from feedback.domain.states import AssignmentState, Clock
from feedback.domain.text import fold
from feedback.storage.models import Account, Area, Assignment, Category, Report, Round, Unit

COUNT_CAP = 1_000
_A = AssignmentState
# Approved ones are live until the round closes, but there is nothing left to do about them.
OPEN_STATES = (_A.DISPATCHED, _A.IN_PROGRESS, _A.WAITING, _A.ANSWERED)
RUNNING_STATES = (_A.DISPATCHED, _A.IN_PROGRESS, _A.ANSWERED)
_Handler = aliased(Account)


class View(StrEnum):
    """The views of a queue."""

    OPEN = "open"
    MINE = "mine"
    SOON = "soon"
    OVERDUE = "overdue"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a queue is narrowed to.

    `unit_id` None is the whole city, `handler_id` 0 the cases nobody has taken. `words` are free
    text or the beginning of a code. `assignment_ids` are the only ones looked at.
    """

    unit_id: int | None
    words: str = ""
    category_id: int | None = None
    area_id: int | None = None
    handler_id: int | None = None
    assignment_ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """How much open work one person of a unit has; nobody's has no name."""

    handler_id: int | None
    name: str | None
    open: int
    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Moments:
    """What the views go by: now, and until when a due moment counts as soon, by clock."""

    now: datetime
    soon: Mapping[Clock, datetime]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after the assignment with this due moment and id."""

    due: datetime
    assignment_id: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case as a queue shows it."""

    assignment_id: int
    report_id: int
    version: int
    code: str
    text: str
    received_at: datetime
    state: AssignmentState
    due: datetime
    clock: Clock
    waiting: bool
    replied: bool
    round_number: int
    category: Category | None
    area_name: str | None
    area_name_en: str | None
    address_text: str
    unit_name: str
    unit_name_en: str
    handler_id: int | None
    handler_name: str | None


def rows(
    session: Session,
    view: View,
    wanted: Wanted,
    moments: Moments,
    *,
    account_id: int | None,
    after: Position | None,
    limit: int,
) -> list[QueueRow]:
    """A page of a view, what is due first."""
    query: Any = select(
        Assignment.id,
        Assignment.report_id,
        Report.version,
        Report.code,
        Report.text,
        Report.received_at,
        Assignment.state,
        Assignment.due,
        Round.clock,
        Round.number,
        Report.address_text,
        Area.full_name,
        Area.name_en.label("area_name_en"),
        Category,
        Unit.short_name,
        Unit.name_en.label("unit_name_en"),
        Assignment.replied_at,
        Assignment.handler_id,
        _Handler.name.label("handler_name"),
    )
    query = _from(query).outerjoin(_Handler, Assignment.handler_id == _Handler.id)
    query = query.join(Unit, Assignment.unit_id == Unit.id)
    query = query.where(*_narrowed(wanted), _in_view(view, moments, account_id))
    if after is not None:
        later = and_(Assignment.due == after.due, Assignment.id > after.assignment_id)
        query = query.where(or_(Assignment.due > after.due, later))
    query = query.order_by(Assignment.due, Assignment.id).limit(limit)
    return [_row(row) for row in session.execute(query)]


def counts(
    session: Session, wanted: Wanted, moments: Moments, account_id: int | None
) -> dict[View, int]:
    """How many cases each view has, counted to just above `COUNT_CAP`; one query."""
    columns = []
    for view in View:
        query: Any = select(Assignment.id).select_from(Assignment)
        if view is View.SOON:
            query = query.join(Round, Assignment.round_id == Round.id)
        if wanted.words or wanted.category_id is not None or wanted.area_id is not None:
            query = _with_reports(query)
        query = query.where(*_narrowed(wanted), _in_view(view, moments, account_id))
        capped = query.limit(COUNT_CAP + 1).subquery()
        columns.append(select(func.count()).select_from(capped).scalar_subquery().label(view.value))
    found = session.execute(select(*columns)).one()
    return {view: getattr(found, view.value) for view in View}


def loads(session: Session, unit_id: int, now: datetime) -> list[Load]:
    """The open work of a unit by who has it, most of it first; one query."""
    late = and_(_running(), Assignment.due < now)
    waits = Assignment.state == _A.WAITING
    rows = session.execute(
        select(
            Assignment.handler_id,
            _Handler.name,
            func.count(),
            func.sum(case((waits, 1), else_=0)),
            func.sum(case((late, 1), else_=0)),
        )
        .select_from(Assignment)
        .outerjoin(_Handler, Assignment.handler_id == _Handler.id)
        .where(Assignment.unit_id == unit_id, _open())
        .group_by(Assignment.handler_id, _Handler.name)
        .order_by(func.count().desc(), Assignment.handler_id)
    )
    return [Load(*row) for row in rows]


def _from(query: Any) -> Any:
    query = query.select_from(Assignment).join(Round, Assignment.round_id == Round.id)
    return _with_reports(query)


def _with_reports(query: Any) -> Any:
    return (
        query.join(Report, Assignment.report_id == Report.id)
        .outerjoin(Category, Report.category_id == Category.id)
        .outerjoin(Area, Report.area_id == Area.id)
    )


def _in_view(view: View, moments: Moments, account_id: int | None) -> ColumnElement[bool]:
    if view is View.APPROVAL:
        return and_(_open(), Assignment.state == _A.ANSWERED)
    if view is View.MINE:
        return and_(_open(), Assignment.handler_id == account_id)
    if view is View.OVERDUE:
        return and_(_running(), Assignment.due < moments.now)
    if view is View.SOON:
        soon = [
            and_(Round.clock == clock, Assignment.due <= until)
            for clock, until in moments.soon.items()
        ]
        # The last bound follows from the ones before, and lets the index end there.
        latest = max(moments.soon.values())
        span = and_(Assignment.due >= moments.now, Assignment.due <= latest)
        return and_(_running(), span, or_(*soon))
    return _open()


def _open() -> ColumnElement[bool]:
    """Not ended. Spelt with the words themselves, or no index of the open ones would be used."""
    words: Any = bindparam("open_states", OPEN_STATES, expanding=True, literal_execute=True)
    return Assignment.state.in_(words)


def _running() -> ColumnElement[bool]:
    """The round's clock is not stopped: nobody is late while the citizen has to answer.

    The few rounds that wait are looked up once, instead of the round of every case.
    """
    waiting = select(Round.id).where(Round.waiting_since.is_not(None))
    return and_(_open(), Assignment.state.in_(RUNNING_STATES), Assignment.round_id.not_in(waiting))


def _narrowed(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.unit_id is not None:
        conditions.append(Assignment.unit_id == wanted.unit_id)
    if wanted.category_id is not None:
        conditions.append(Report.category_id == wanted.category_id)
    if wanted.area_id is not None:
        conditions.append(Report.area_id == wanted.area_id)
    if wanted.handler_id is not None:
        nobody = Assignment.handler_id.is_(None)
        conditions.append(
            Assignment.handler_id == wanted.handler_id if wanted.handler_id else nobody
        )
    if wanted.assignment_ids is not None:
        conditions.append(Assignment.id.in_(wanted.assignment_ids))
    conditions += [_has_word(word) for word in fold(wanted.words).split()]
    return conditions


def _has_word(word: str) -> ColumnElement[bool]:
    return or_(
        Report.folded_text.contains(word, autoescape=True),
        Area.folded_name.contains(word, autoescape=True),
        Category.keywords.contains(word, autoescape=True),
        Report.code.startswith(word.upper(), autoescape=True),
        func.replace(Report.code, "-", "", type_=String).startswith(word.upper(), autoescape=True),
    )


def _row(row: Any) -> QueueRow:
    return QueueRow(
        assignment_id=row.id,
        report_id=row.report_id,
        version=row.version,
        code=row.code,
        text=row.text,
        received_at=row.received_at,
        state=row.state,
        due=row.due,
        clock=row.clock,
        waiting=row.state is AssignmentState.WAITING,
        replied=row.replied_at is not None,
        round_number=row.number,
        category=row.Category,
        area_name=row.full_name,
        area_name_en=row.area_name_en,
        address_text=row.address_text,
        unit_name=row.short_name,
        unit_name_en=row.unit_name_en,
        handler_id=row.handler_id,
        handler_name=row.handler_name,
    )
