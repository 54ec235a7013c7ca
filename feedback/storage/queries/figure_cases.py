"""The reports that may stand behind a figure, and what a list of them needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    and_,
    cast,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload

from feedback.domain.measures import CLOSED_AS, RATED_AS, STANDING, Figure
from feedback.domain.periods import Window
from feedback.domain.states import EXCLUDED_REPORT_STATES, ReportState
from feedback.storage.models import Area, Assignment, Category, Rating, Report, Round, Unit
from feedback.storage.queries.statistics import Span, is_open
from feedback.storage.types import UtcDateTime

Value = TypeVar("Value")
Column = InstrumentedAttribute[Value] | InstrumentedAttribute[Value | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A figure of a scope over a window, which is given as a span of moments too, at `as_of`."""

    figure: Figure
    window: Window
    span: Span
    as_of: datetime
    unit_id: int | None = None
    category_id: int | None = None
    area_id: int | None = None


def cases_in(session: Session, wanted: Wanted) -> list[int]:
    """Reports that may have added to the figure.

    A report changed since may have stood elsewhere then, and the due moment of a waiting one
    stands in no column, so these are always looked at.
    """
    query = _from(wanted.figure).where(or_(_certain(wanted), _unsure(wanted)))
    return sorted(session.scalars(query.with_only_columns(Report.id).distinct()))


def unsure_cases(session: Session, wanted: Wanted) -> list[int]:
    """Of these, the ones no column tells the truth of."""
    return sorted(session.scalars(select(Report.id).where(_unsure(wanted))))


def latest_cases(
    session: Session, wanted: Wanted, before: tuple[datetime, int] | None, limit: int
) -> list[tuple[datetime, int]]:
    """Of the others, moment and report of the latest that may have added to the figure.

    Only those that come behind moment and report of `before`; one may come twice, since sorting all
    to find that out would take longest. What is open has no moment of its own and is given that of
    the data.
    """
    query = _from(wanted.figure).where(_certain(wanted), not_(_unsure(wanted)))
    query = query.limit(limit)
    if wanted.figure in STANDING:
        if before is not None:
            query = query.where(Report.id < before[1])
        ids = session.scalars(query.order_by(Report.id.desc()))
        return [(wanted.as_of, report_id) for report_id in ids]
    moment = _moment_of(wanted.figure)
    if before is not None:
        start = tuple_(literal(before[0], UtcDateTime()), before[1])
        query = query.where(tuple_(moment, Report.id) < start)
    rows = session.execute(
        query.with_only_columns(moment, Report.id).order_by(moment.desc(), Report.id.desc())
    )
    return [(at, report_id) for at, report_id in rows if at is not None]


def _from(figure: Figure) -> Select[Any]:
    """The tables a figure is found in."""
    query = select(Report.id)
    if figure.startswith(_BY_REPORT):
        return query
    if figure.startswith(_BY_DISPATCH):
        return query.join(Assignment, Assignment.report_id == Report.id)
    query = query.join(Round, Round.report_id == Report.id)
    if figure.startswith("rated"):
        return query.join(Rating, Rating.round_id == Round.id)
    return query


def _certain(wanted: Wanted) -> ColumnElement[bool]:
    """What the columns of every report say that counts and has not changed since."""
    asked = (
        (_unit_of(wanted.figure), wanted.unit_id),
        (Report.category_id, wanted.category_id),
        (Report.area_id, wanted.area_id),
    )
    there = [column == value for column, value in asked if value is not None]
    return and_(
        *there, _can_be(wanted.figure), _counted_in(wanted.figure, wanted.window, wanted.span)
    )


def _unsure(wanted: Wanted) -> ColumnElement[bool]:
    changed = Report.changed_at > wanted.as_of
    if not wanted.figure.startswith("due"):
        return changed
    return or_(changed, Report.state == ReportState.WAITING)


def _can_be(figure: Figure) -> ColumnElement[bool]:
    """What must hold of every case, so that few are looked at in vain."""
    excluded = Report.state.in_(EXCLUDED_REPORT_STATES)
    if figure.startswith("excluded"):
        return excluded
    closed_as = {of: outcome for outcome, of in CLOSED_AS.items()}
    rated_as = {of: level for level, of in RATED_AS.items()}
    there = {
        **{of: Round.outcome == outcome for of, outcome in closed_as.items()},
        **{of: Rating.level == level for of, level in rated_as.items()},
        Figure.FIRST_ANSWERED: Report.first_answered_at.is_not(None),
    }
    return and_(not_(excluded), there.get(figure, true()))


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
        return is_open()
    if figure.startswith("promised"):
        return cast(Round.promised_on, Date).between(window.first, window.last)
    moment = _moment_of(figure)
    return and_(moment >= span[0], moment < span[1])


def _moment_of(figure: Figure) -> Column[datetime]:
    """The column of the moment whose day a figure counts on."""
    return next(column for prefixes, column in _MOMENTS if figure.startswith(prefixes))


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
