"""The reports that may stand behind a figure, and what a list of them needs."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Date, and_, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload

from feedback.domain.measures import STANDING, Figure
from feedback.domain.periods import Window
from feedback.domain.states import ReportState
from feedback.storage.models import Area, Assignment, Category, Rating, Report, Round, Unit
from feedback.storage.queries.statistics import OPEN_STATES, Span

Value = TypeVar("Value")
Column = InstrumentedAttribute[Value] | InstrumentedAttribute[Value | None]


def cases_in(
    session: Session,
    figure: Figure,
    window: Window,
    span: Span,
    as_of: datetime,
    *,
    unit_id: int | None,
    category_id: int | None,
    area_id: int | None,
) -> list[int]:
    """Reports that may have added to a figure in a window, given as a span too, at `as_of`.

    A report changed since may have stood elsewhere then, and the due moment of a waiting one
    stands in no column, so these are always looked at.
    """
    unit = _unit_of(figure)
    wanted = ((unit, unit_id), (Report.category_id, category_id), (Report.area_id, area_id))
    there: list[ColumnElement[bool]] = [
        column == value for column, value in wanted if value is not None
    ]
    there.append(_counted_in(figure, window, span))
    query = select(Report.id).outerjoin(Round, Round.report_id == Report.id)
    if figure.startswith("rated"):
        query = query.outerjoin(Rating, Rating.round_id == Round.id)
    if figure.startswith(_BY_DISPATCH):
        query = query.outerjoin(Assignment, Assignment.report_id == Report.id)
    unsure = or_(Report.changed_at > as_of, Report.state == ReportState.WAITING)
    return sorted(session.scalars(query.where(or_(and_(*there), unsure)).distinct()))


_BY_REPORT = ("received", "excluded", "open", "overdue", "dispatched", "first_answered", "felt")
_BY_DISPATCH = ("given", "accepted", "lost")
_BY_FIRST_ROUND = ("to_fix", "fixed", "nothing_to_fix", "both_clocks")


def _unit_of(figure: Figure) -> Column[int]:
    """Whose the figure's cases are."""
    if figure.startswith(_BY_DISPATCH):
        return Assignment.unit_id
    whole = figure.startswith((*_BY_REPORT, *_BY_FIRST_ROUND))
    return Report.unit_id if whole else Round.unit_id


def _counted_in(figure: Figure, window: Window, span: Span) -> ColumnElement[bool]:
    """The moment a figure counts at lies in the window, by the columns that hold such moments."""
    if figure in STANDING:
        return Report.state.in_(OPEN_STATES)
    if figure.startswith("promised"):
        return cast(Round.promised_on, Date).between(window.first, window.last)
    moment = next(column for prefixes, column in _MOMENTS if figure.startswith(prefixes))
    return and_(moment >= span[0], moment < span[1])


_MOMENTS: tuple[tuple[tuple[str, ...], Column[datetime]], ...] = (
    (_BY_REPORT, Report.received_at),
    (_BY_DISPATCH, Assignment.dispatched_at),
    (("started", "finished", *_BY_FIRST_ROUND), Round.started_at),
    (("due_original",), Round.original_due),
    (("due",), Round.due),
    (("closed",), Round.closed_at),
    (("rated",), Rating.rated_at),
)


def listed_reports(session: Session, report_ids: Sequence[int]) -> dict[int, Report]:
    """Reports for a list, by id."""
    rows = session.scalars(
        select(Report)
        .where(Report.id.in_(report_ids))
        .options(joinedload(Report.category), joinedload(Report.area))
    )
    return {report.id: report for report in rows}


# Names


def units(session: Session) -> Sequence[Unit]:
    """Every unit there is or was."""
    return session.scalars(select(Unit)).all()


def categories(session: Session) -> Sequence[Category]:
    """Every category there is or was."""
    return session.scalars(select(Category)).all()


def unit(session: Session, unit_id: int | None) -> Unit | None:
    """The unit of a scope."""
    return session.get(Unit, unit_id) if unit_id is not None else None


def category(session: Session, category_id: int | None) -> Category | None:
    """The category of a scope."""
    return session.get(Category, category_id) if category_id is not None else None


def area(session: Session, area_id: int | None) -> Area | None:
    """The area of a scope."""
    return session.get(Area, area_id) if area_id is not None else None


def areas(session: Session) -> Sequence[Area]:
    """Every area there is or was, without its outline."""
    return session.scalars(select(Area).options(defer(Area.geometry))).all()
