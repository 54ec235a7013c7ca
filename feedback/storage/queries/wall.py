"""What the wall of the operations centre is made of, and the snapshot itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload, load_only

from feedback.domain.states import ReportState
from feedback.storage.models import Report, Round, Unit, WallSnapshot

_S = ReportState
AT_UNITS = (_S.DISPATCHED, _S.IN_PROGRESS, _S.WAITING, _S.ANSWERED)
OPEN = (_S.RECEIVED, *AT_UNITS)
CITY = "city"


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """The open reports a unit leads, and how many of them are late."""

    unit_id: int
    name: str
    name_en: str
    open: int
    late: int


def received_since(session: Session, since: datetime) -> Sequence[datetime]:
    """When each report since a moment came in."""
    return session.scalars(select(Report.received_at).where(Report.received_at >= since)).all()


def closed_since(session: Session, since: datetime) -> list[datetime]:
    """When each round since a moment was closed."""
    found = session.scalars(select(Round.closed_at).where(Round.closed_at >= since))
    return [moment for moment in found if moment is not None]


def loads(session: Session, now: datetime) -> list[UnitLoad]:
    """The open work of each unit that has any, the most late first.

    A case that waits for its citizen is not late: its clock stands still.
    """
    is_late = case(((Report.due < now) & (Report.state != _S.WAITING), 1), else_=0)
    open_, late = func.count(), func.sum(is_late)
    rows = session.execute(
        select(Unit.id, Unit.name, Unit.name_en, open_, late)
        .join(Report, Report.unit_id == Unit.id)
        .where(Report.state.in_(AT_UNITS))
        .group_by(Unit.id, Unit.name, Unit.name_en)
        .order_by(late.desc(), open_.desc(), Unit.name)
    )
    return [UnitLoad(*row) for row in rows]


def open_by_area(session: Session) -> Mapping[int, int]:
    """How many reports are open in each area that has any."""
    rows = session.execute(
        select(Report.area_id, func.count())
        .where(Report.state.in_(OPEN), Report.area_id.is_not(None))
        .group_by(Report.area_id)
    )
    return {area_id: count for area_id, count in rows if area_id is not None}


def count_undecided(session: Session) -> int:
    """How many reports wait for the dispatchers."""
    query = select(func.count()).where(Report.state == _S.RECEIVED)
    return session.scalars(query).one()


def newest(session: Session, limit: int) -> Sequence[Report]:
    """The reports that came last, with what they are about, without what their reporters wrote."""
    return session.scalars(
        select(Report)
        .options(
            load_only(Report.code, Report.state, Report.outcome, Report.received_at),
            joinedload(Report.category),
            joinedload(Report.area),
            joinedload(Report.unit),
        )
        .order_by(Report.received_at.desc(), Report.id.desc())
        .limit(limit)
    ).all()


def snapshot(session: Session, *, lock: bool = False) -> WallSnapshot | None:
    """The city's snapshot; None before the first."""
    return session.get(WallSnapshot, CITY, with_for_update=lock, populate_existing=True)


def data_time(session: Session) -> datetime | None:
    """When the city's snapshot was made."""
    return session.scalar(select(WallSnapshot.data_time).where(WallSnapshot.name == CITY))
