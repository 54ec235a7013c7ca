"""Every change of reference data is written down in its own transaction, and none is overlooked."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict
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
