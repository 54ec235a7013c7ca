"""Every change of reference data is written down in its own transaction, and none is overlooked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotFound
from feedback.domain.reference_changes import ChangeAction, Facts, ReferenceKind, difference
from feedback.storage.models import ReferenceChange
from feedback.storage.queries import reference_changes
from feedback.storage.tables import table_of

MAX_NOTE = 1_000
_MAX_LABEL = 200
_APPEND = insert(table_of(ReferenceChange))


def record_change(
    session: Session,
    kind: ReferenceKind,
    object_key: int | str,
    name: str,
    *,
    before: Facts,
    after: Facts,
    by: Actor,
    now: datetime,
    action: ChangeAction = ChangeAction.CHANGED,
    note: str = "",
) -> bool:
    """Write down a change in the transaction that makes it; False when no field differs.

    Call it after the change is flushed. `before` and `after` are the thing's fields as people read
    them; only those that differ are kept. What was created has no `before`. Actions that change no
    field, such as a new password, are always written down.
    """
    was, became = difference(before, after)
    if not became and action is ChangeAction.CHANGED:
        return False
    row: dict[str, Any] = {
        "kind": kind,
        "object_key": str(object_key),
        "name": name[:_MAX_LABEL],
        "action": action,
        "account_id": by.account_id,
        "at": now,
        "before": was if action is not ChangeAction.CREATED else {},
        "after": became,
        "note": note[:MAX_NOTE],
    }
    session.execute(_APPEND, row)
    return True


def expect_seen(
    session: Session, kind: ReferenceKind, object_key: int | str, seen: int | None
) -> None:
    """Refuse a change made to an old view of a thing, which the caller has locked.

    `seen` is the id of the latest change the person was looking at, None for callers without a
    view. Raises Conflict("reference_changed").
    """
    if seen is None:
        return
    if reference_changes.latest_id(session, kind, str(object_key)) != seen:
        raise Conflict("reference_changed")


class Numbered(Protocol):
    """What has a number of its own."""

    @property
    def id(self) -> int:
        """The number."""
        ...


Thing = TypeVar("Thing", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Kept(Generic[Thing]):
    """How one kind of reference data is kept: found to be changed, named and told in its history.

    `missing` is the reason of NotFound where there is no such thing.
    """

    kind: ReferenceKind
    model: type[Thing]
    missing: str
    name_of: Callable[[Thing], str]
    facts_of: Callable[[Session, Thing], Facts]

    def locked(self, session: Session, key: int, *, seen: int | None) -> Thing:
        """One of them, locked until the transaction ends. Raises NotFound, Conflict as
        `expect_seen`."""
        found = session.get(self.model, key, with_for_update=True, populate_existing=True)
        if found is None:
            raise NotFound(self.missing)
        expect_seen(session, self.kind, key, seen)
        return found

    def create(
        self, session: Session, thing: Thing, *, by: Actor, now: datetime, note: str = ""
    ) -> int:
        """Store a new one, write that down, and return its id."""
        session.add(thing)
        session.flush()
        action = ChangeAction.CREATED
        self._record(session, thing, {}, by=by, now=now, action=action, note=note)
        return thing.id

    @contextmanager
    def changing(
        self,
        session: Session,
        thing: Thing,
        *,
        by: Actor,
        now: datetime,
        action: ChangeAction = ChangeAction.CHANGED,
        note: str = "",
    ) -> Iterator[None]:
        """Write down what becomes of one within the block."""
        before = self.facts_of(session, thing)
        yield
        session.flush()
        self._record(session, thing, before, by=by, now=now, action=action, note=note)

    def _record(
        self,
        session: Session,
        thing: Thing,
        before: Facts,
        *,
        by: Actor,
        now: datetime,
        action: ChangeAction,
        note: str,
    ) -> None:
        record_change(
            session,
            self.kind,
            thing.id,
            self.name_of(thing),
            before=before,
            after=self.facts_of(session, thing),
            by=by,
            now=now,
            action=action,
            note=note,
        )
