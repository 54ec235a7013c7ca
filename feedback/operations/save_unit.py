"""The administrator sets up a unit, and keeps what is known of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.states import Role, UnitKind
from feedback.operations.city import City
from feedback.operations.reference_changes import Kept
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import Account, Unit
from feedback.storage.queries import units


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """What a form says of a unit. `head_account_id` is one of its own heads, or nobody."""

    name: str
    short_name: str
    name_en: str
    kind: UnitKind | None
    valid_from: date | None
    valid_to: date | None = None
    head_account_id: int | None = None
    duty_phone: str = ""
    duty_email: str = ""
    duty_note: str = ""


def create_unit(
    code: str, draft: UnitDraft, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> int:
    """Set up a unit and return its id.

    Raises NotAllowed, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    fields = Fields()
    code, columns = fields.code("code", code), _columns(fields, draft)
    fields.raise_all()
    with transaction(city) as session:
        if units.by_code(session, code) is not None:
            raise Invalid({"code": "code_taken"})
        unit = Unit(code=code)
        _set(session, unit, columns)
        return UNITS.create(session, unit, by=actor, now=now, note=note)


def change_unit(
    unit_id: int,
    draft: UnitDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Change what is known of a unit; `seen` as in `expect_seen`.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    fields = Fields()
    columns = _columns(fields, draft)
    fields.raise_all()
    with transaction(city) as session:
        unit = UNITS.locked(session, unit_id, seen=seen)
        with UNITS.changing(session, unit, by=actor, now=now, note=note):
            _set(session, unit, columns)


def unit_facts(session: Session, unit: Unit) -> dict[str, Any]:
    """A unit as its history tells it."""
    head = session.get(Account, unit.head_account_id) if unit.head_account_id else None
    successor = session.get(Unit, unit.successor_id) if unit.successor_id else None
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "name_en": unit.name_en,
        "unit_kind": unit.kind.value,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "successor": successor.name if successor else None,
        "head": f"{head.name} ({head.login})" if head else None,
        "duty_phone": unit.duty_phone,
        "duty_email": unit.duty_email,
        "duty_note": unit.duty_note,
    }


UNITS = Kept(ReferenceKind.UNIT, Unit, "unit_not_found", lambda unit: unit.name, unit_facts)
"""How units are kept."""


def _columns(fields: Fields, draft: UnitDraft) -> dict[str, Any]:
    fields.period(draft.valid_from, draft.valid_to)
    return {
        "name": fields.line("name", draft.name, 200),
        "short_name": fields.line("short_name", draft.short_name, 80),
        "name_en": fields.line("name_en", draft.name_en, 200),
        "kind": fields.needed("kind", draft.kind),
        "valid_from": fields.needed("valid_from", draft.valid_from),
        "valid_to": draft.valid_to,
        "head_account_id": draft.head_account_id,
        "duty_phone": fields.phone("duty_phone", draft.duty_phone),
        "duty_email": fields.email("duty_email", draft.duty_email),
        "duty_note": fields.text("duty_note", draft.duty_note, 400),
    }


def _set(session: Session, unit: Unit, columns: dict[str, Any]) -> None:
    head_id = columns["head_account_id"]
    if head_id is not None:
        head = session.get(Account, head_id)
        leads = head is not None and head.active and head.role is Role.HEAD
        if head is None or not leads or head.unit_id != unit.id:
            raise Invalid({"head_account_id": "not_a_head_of_this_unit"})
    for name, value in columns.items():
        setattr(unit, name, value)
