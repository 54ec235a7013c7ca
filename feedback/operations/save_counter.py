"""The administrator sets up the counters that people rate."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.codes import make_code
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ReferenceKind
from feedback.operations.city import City
from feedback.operations.reference_changes import Kept
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import Counter, Unit
from feedback.storage.queries import counters

MAX_COUNTER_NAME = 160


@dataclass(frozen=True, slots=True)
class CounterDraft:
    """What a form says of a counter."""

    name_vi: str
    name_en: str
    unit_id: int | None
    active: bool = True


def create_counter(
    draft: CounterDraft, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> int:
    """Set up a counter with a new public code, and return its id.

    Raises NotAllowed, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        columns = _columns(session, draft)
        counter = Counter(code=_free_code(session), created_at=now, **columns)
        return COUNTERS.create(session, counter, by=actor, now=now, note=note)


def change_counter(
    counter_id: int,
    draft: CounterDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Change what is known of a counter, or close it; its code stays. `seen` as in `expect_seen`.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        counter = COUNTERS.locked(session, counter_id, seen=seen)
        with COUNTERS.changing(session, counter, by=actor, now=now, note=note):
            for name, value in _columns(session, draft).items():
                setattr(counter, name, value)


def _columns(session: Session, draft: CounterDraft) -> dict[str, Any]:
    fields = Fields()
    columns = {
        "name_vi": fields.line("name_vi", draft.name_vi, MAX_COUNTER_NAME),
        "name_en": fields.line("name_en", draft.name_en, MAX_COUNTER_NAME),
        "unit_id": fields.needed("unit_id", draft.unit_id),
        "active": draft.active,
    }
    if draft.unit_id is not None and session.get(Unit, draft.unit_id) is None:
        fields.refuse("unit_id", "unknown_unit")
    fields.raise_all()
    return columns


def _facts(session: Session, counter: Counter) -> dict[str, Any]:
    unit = session.get_one(Unit, counter.unit_id)
    return {
        "code": counter.code,
        "name": counter.name_vi,
        "name_en": counter.name_en,
        "unit": unit.name,
        "open": counter.active,
    }


COUNTERS = Kept(
    ReferenceKind.COUNTER, Counter, "counter_not_found", lambda counter: counter.name_vi, _facts
)
"""How counters are kept."""


def _free_code(session: Session) -> str:
    """A code no counter has. Two administrators may draw the same one once in 28 million times."""
    code = make_code(secrets.randbelow)
    while counters.by_code(session, code) is not None:
        code = make_code(secrets.randbelow)
    return code
