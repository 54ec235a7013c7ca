"""Raises the version of reference data whenever it is changed, so that no caller can forget it.

Whoever keeps reference data in memory goes by these versions (see `queries.versions`).
"""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, scoped_session

from feedback.extensions import Model
from feedback.storage.models import (
    Area,
    CalendarBlock,
    CalendarDay,
    Category,
    RoutingRule,
    ServiceLevel,
    Unit,
)
from feedback.storage.queries import versions

_KIND: dict[type[Model], str] = {
    Area: versions.AREAS,
    CalendarBlock: versions.CALENDAR,
    CalendarDay: versions.CALENDAR,
    Category: versions.DIRECTORY,
    RoutingRule: versions.DIRECTORY,
    ServiceLevel: versions.DIRECTORY,
    Unit: versions.DIRECTORY,
}


def watch(sessions: scoped_session[Any]) -> None:
    """Have every session of this kind raise the versions of what it changes; once is enough."""
    for name, listener in (("before_flush", _before_flush), ("do_orm_execute", _before_statement)):
        if not event.contains(sessions, name, listener):
            event.listen(sessions, name, listener)


def _before_flush(session: Session, _context: object, _instances: object) -> None:
    changed = {
        _KIND[type(row)]
        for row in (*session.new, *session.dirty, *session.deleted)
        if type(row) in _KIND and (row not in session.dirty or session.is_modified(row))
    }
    for name in sorted(changed):  # always in one order, so that two writers cannot block each other
        versions.raise_version(session, name)


def _before_statement(state: ORMExecuteState) -> None:
    """The same for statements that change many rows at once."""
    if state.is_select or state.bind_mapper is None:
        return
    name = _KIND.get(state.bind_mapper.class_)
    if name is not None:
        versions.raise_version(state.session, name)
