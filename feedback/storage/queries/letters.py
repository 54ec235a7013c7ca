"""Letters of apology: what has none yet, what waits for a signature, and the register's counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.letters import UNSIGNED, VALID, LetterFigure, LetterState
from feedback.domain.states import EXCLUDED_REPORT_STATES, AssignmentState, ReportState
from feedback.storage.models import Assignment, Letter, LetterTemplate, Report, Round

# Reports that somebody still owes a result; an answered one waits for its head.
_AT_WORK = (
    ReportState.RECEIVED,
    ReportState.DISPATCHED,
    ReportState.IN_PROGRESS,
    ReportState.ANSWERED,
)


def templates(session: Session) -> Sequence[LetterTemplate]:
    """Every version of the text, the latest first."""
    return session.scalars(select(LetterTemplate).order_by(LetterTemplate.valid_from.desc())).all()


def template_on(session: Session, day: date) -> LetterTemplate | None:
    """The version in force on a day."""
    query = select(LetterTemplate).where(LetterTemplate.valid_from <= day)
    return session.scalars(query.order_by(LetterTemplate.valid_from.desc()).limit(1)).first()


def template_is_used(session: Session, template_id: int) -> bool:
    """Whether any letter was made from a version."""
    return bool(session.scalar(select(exists().where(Letter.template_id == template_id))))


def rounds_without(
    session: Session, before: datetime, now: datetime, after_id: int, limit: int
) -> Sequence[Round]:
    """Open rounds due before a moment that have no letter for it, with their reports, by id.

    One that waits for the citizen is not counted on, nor one that is answered and not yet late.
    """
    has_one = exists().where(
        Letter.round_id == Round.id,
        Letter.due == Round.due,
        Letter.state != LetterState.DISCARDED,
    )
    query = (
        select(Round)
        .join(Report, Round.report_id == Report.id)
        .where(
            Round.id > after_id,
            Round.closed_at.is_(None),
            Round.waiting_since.is_(None),
            Round.due < before,
            Report.state.in_(_AT_WORK),
            or_(Report.state != ReportState.ANSWERED, Round.due < now),
            ~has_one,
        )
        .options(joinedload(Round.report))
        .order_by(Round.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def discarded_for(
    session: Session, round_ids: Collection[int]
) -> Mapping[tuple[int, datetime], Letter]:
    """Discarded letters of some rounds by round and due moment: they are taken up again."""
    query = select(Letter).where(
        Letter.round_id.in_(list(round_ids)), Letter.state == LetterState.DISCARDED
    )
    return {(one.round_id, one.due): one for one in session.scalars(query)}


def signed_counts(session: Session, report_ids: Collection[int]) -> Mapping[int, int]:
    """How many letters of each of some reports have been signed."""
    rows = session.execute(
        select(Letter.report_id, func.count())
        .where(Letter.report_id.in_(list(report_ids)), Letter.state.in_(VALID))
        .group_by(Letter.report_id)
    )
    return {row[0]: row[1] for row in rows}


def unsigned_and_overtaken(session: Session) -> Sequence[Letter]:
    """Unsigned letters whose round has closed, moved its due moment or its unit, or lost its
    report."""
    query = (
        select(Letter)
        .join(Round, Letter.round_id == Round.id)
        .join(Report, Letter.report_id == Report.id)
        .where(
            Letter.state.in_(UNSIGNED),
            or_(
                Round.closed_at.is_not(None),
                Round.due != Letter.due,
                Round.unit_id != Letter.unit_id,
                Report.state.in_(EXCLUDED_REPORT_STATES),
            ),
        )
        .options(joinedload(Letter.round), joinedload(Letter.report))
    )
    return session.scalars(query).all()


def for_change(session: Session, letter_id: int) -> Letter | None:
    """A letter, locked until the transaction ends."""
    return session.get(Letter, letter_id, with_for_update=True, populate_existing=True)


def with_all(session: Session, letter_id: int) -> Letter | None:
    """A letter with what its page says of it."""
    return session.scalar(select(Letter).where(Letter.id == letter_id).options(*_whole()))


def of_report(session: Session, report_id: int) -> Sequence[Letter]:
    """Every letter of a report, in the order they were drafted."""
    query = select(Letter).where(Letter.report_id == report_id)
    return session.scalars(query.order_by(Letter.id).options(joinedload(Letter.unit))).all()


def to_sign(session: Session, unit_id: int, limit: int) -> Sequence[Letter]:
    """What waits for the signature of a unit's head, the earliest due moment first."""
    query = select(Letter).where(Letter.unit_id == unit_id, Letter.state.in_(UNSIGNED))
    query = query.order_by(Letter.due, Letter.id).limit(limit).options(*_whole())
    return session.scalars(query).all()


def count_to_sign(session: Session, unit_id: int) -> int:
    """How many letters wait for the signature of a unit's head."""
    query = select(func.count()).select_from(Letter)
    query = query.where(Letter.unit_id == unit_id, Letter.state.in_(UNSIGNED))
    return session.scalar(query) or 0


def signed_by_unit(session: Session, unit_id: int, limit: int) -> Sequence[Letter]:
    """The letters a unit has signed, the latest first."""
    query = select(Letter).where(Letter.unit_id == unit_id, Letter.signed_at.is_not(None))
    query = query.order_by(Letter.signed_at.desc(), Letter.id.desc()).limit(limit)
    return session.scalars(query.options(*_whole())).all()


def unsigned_of(session: Session, report_id: int, unit_id: int | None) -> Letter | None:
    """The letter of a report that waits for the signature of a unit's head."""
    query = select(Letter).where(
        Letter.report_id == report_id, Letter.unit_id == unit_id, Letter.state.in_(UNSIGNED)
    )
    return session.scalars(query.order_by(Letter.due).limit(1)).first()


def lead_of(session: Session, letter: Letter) -> Assignment | None:
    """The assignment of the letter's unit in its round, if it is not ended."""
    query = select(Assignment).where(
        Assignment.round_id == letter.round_id,
        Assignment.unit_id == letter.unit_id,
        Assignment.state.in_(
            (AssignmentState.DISPATCHED, AssignmentState.IN_PROGRESS, AssignmentState.WAITING)
        ),
    )
    return session.scalars(query.order_by(Assignment.id.desc()).limit(1)).first()


def _whole() -> tuple[Any, ...]:
    report = joinedload(Letter.report)
    return (
        report.joinedload(Report.category),
        report.joinedload(Report.area),
        joinedload(Letter.round),
        joinedload(Letter.unit),
        joinedload(Letter.template),
        joinedload(Letter.signed_by),
    )


# The register: what `domain.letters` says in words.


@dataclass(frozen=True, slots=True)
class Span:
    """Due moments from `start` on, before `end`, as they stand at `now`."""

    start: datetime
    end: datetime
    now: datetime


def register(session: Session, span: Span) -> Mapping[int, Mapping[LetterFigure, int]]:
    """The counts of each unit that has any."""
    columns = [func.sum(case((_is_counted(figure), 1), else_=0)) for figure in LetterFigure]
    rows = session.execute(_late(select(Round.unit_id, *columns), span).group_by(Round.unit_id))
    return {
        unit_id: dict(zip(LetterFigure, map(int, counts), strict=True)) for unit_id, *counts in rows
    }


def counted(
    session: Session,
    span: Span,
    figure: LetterFigure,
    *,
    unit_id: int | None,
    after_id: int,
    limit: int,
) -> Sequence[tuple[Round, Letter | None]]:
    """The rounds behind a count, each with its signed letter, by id; of one unit or of all."""
    query = _late(select(Round, Letter), span).where(_is_counted(figure), Round.id > after_id)
    if unit_id is not None:
        query = query.where(Round.unit_id == unit_id)
    whole = joinedload(Round.report)
    query = query.options(
        whole.joinedload(Report.category), whole.joinedload(Report.area), joinedload(Round.unit)
    )
    rows = session.execute(query.order_by(Round.id).limit(limit))
    return [(late, letter) for late, letter in rows]


def _late(query: Any, span: Span) -> Any:
    """Rounds whose due moment lies in the span and passed, with the signed letter for it."""
    has_passed = and_(
        Round.due < span.now,
        or_(Round.closed_at.is_(None), Round.due < Round.closed_at),
        or_(Round.waiting_since.is_(None), Round.due < Round.waiting_since),
    )
    return (
        query.select_from(Round)
        .join(Report, Round.report_id == Report.id)
        .outerjoin(
            Letter,
            and_(
                Letter.round_id == Round.id,
                Letter.due == Round.due,
                Letter.state.in_(VALID),
                Letter.signed_at <= span.now,
            ),
        )
        .where(
            Round.due >= span.start,
            Round.due < span.end,
            has_passed,
            Report.state.not_in(EXCLUDED_REPORT_STATES),
        )
    )


def _is_counted(figure: LetterFigure) -> ColumnElement[bool]:
    """Whether a late round is part of one of the counts."""
    return {
        LetterFigure.LATE: Round.id.is_not(None),
        LetterFigure.WITHOUT_LETTER: Letter.id.is_(None),
        LetterFigure.AFTER_DUE: Letter.signed_at > Round.due,
        LetterFigure.REPEATED: Letter.number >= 2,
    }[figure]
