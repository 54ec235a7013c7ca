"""Sealed values by the key they were sealed with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, inspect, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

Column = InstrumentedAttribute[Any]


def older(
    session: Session, column: Column, newest_mark: str, limit: int, *, with_null: bool
) -> Sequence[Any]:
    """Rows whose value begins differently from the newest ones, locked; or is NULL, `with_null`."""
    query = select(column.class_).where(_is_older(column, newest_mark, with_null))
    return session.scalars(
        query.order_by(*inspect(column.class_).primary_key).limit(limit).with_for_update()
    ).all()


def count_older(session: Session, column: Column, newest_mark: str, *, with_null: bool) -> int:
    """How many rows `older` would come to."""
    query = select(func.count()).select_from(column.class_)
    return session.scalar(query.where(_is_older(column, newest_mark, with_null))) or 0


def _is_older(column: Column, newest_mark: str, with_null: bool) -> ColumnElement[bool]:
    old = and_(column.is_not(None), column.not_like(f"{newest_mark}%"))
    return or_(old, column.is_(None)) if with_null else old
