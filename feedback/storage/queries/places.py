"""What the store knows of areas."""

from collections.abc import Sequence
from datetime import date

from shapely import from_geojson
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, defer

from feedback.domain.geography import AreaShape, AreaSpan
from feedback.storage.models import Area, AreaDraft
from feedback.storage.types import can_be_key


def valid_on(day: date) -> ColumnElement[bool]:
    """The condition that an area is in force on a day; `valid_from` and `valid_to` both count."""
    return (Area.valid_from <= day) & or_(Area.valid_to.is_(None), Area.valid_to >= day)


def areas_on(session: Session, day: date) -> Sequence[Area]:
    """The areas in force on a day, by name."""
    return session.scalars(select(Area).where(valid_on(day)).order_by(Area.folded_name)).all()


def names_on(session: Session, day: date) -> Sequence[Area]:
    """The same without their borders, which are heavy, for lists to choose from."""
    return session.scalars(
        select(Area).where(valid_on(day)).options(defer(Area.geometry)).order_by(Area.folded_name)
    ).all()


def every_name(session: Session) -> Sequence[Area]:
    """Every area there has been, without its border."""
    return session.scalars(
        select(Area).options(defer(Area.geometry)).order_by(Area.folded_name, Area.valid_from)
    ).all()


def listed(session: Session, day: date, *, ended: bool) -> Sequence[Area]:
    """The areas in force on a day or later, or those that have ended, without their borders."""
    over = Area.valid_to < day
    query = select(Area).where(over if ended else or_(Area.valid_to.is_(None), ~over))
    return session.scalars(
        query.options(defer(Area.geometry)).order_by(Area.folded_name, Area.valid_from)
    ).all()


def draft_of(session: Session, account_id: int | None) -> AreaDraft | None:
    """The file of areas an administrator has sent and not taken over yet, its content unread."""
    query = select(AreaDraft).where(AreaDraft.account_id == account_id)
    return session.scalar(query.options(defer(AreaDraft.content)))


def area_on(session: Session, area_id: int, day: date) -> Area | None:
    """One area, if it is in force on a day, without its border."""
    if not can_be_key(area_id):
        return None
    query = select(Area).where(Area.id == area_id, valid_on(day)).options(defer(Area.geometry))
    return session.scalar(query)


def spans(session: Session) -> list[AreaSpan]:
    """The polygons of every area there has been, with the days it is in force."""
    rows = session.execute(select(Area.id, Area.geometry, Area.valid_from, Area.valid_to))
    return [
        AreaSpan(AreaShape(row.id, from_geojson(row.geometry)), row.valid_from, row.valid_to)
        for row in rows
    ]
