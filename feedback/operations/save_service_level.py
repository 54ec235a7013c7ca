"""What is promised changes by a new version of a service level; a past one is never edited."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.deadlines import ServiceLevelTerms
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.states import Clock
from feedback.operations.city import City
from feedback.operations.reference_changes import expect_seen, record_change
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import ServiceLevel
from feedback.storage.queries import categories

MAX_MINUTES = 366 * 24 * 60
MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """What a form says of one version of a service level."""

    name_vi: str
    name_en: str
    clock: Clock | None
    accept_minutes: int | None
    resolve_days: int | None
    resolve_minutes: int | None
    waiting_limit_minutes: int | None
    approval_needed: bool
    evidence_needed: bool
    valid_from: date | None


def add_service_level_version(
    code: str,
    draft: LevelDraft,
    *,
    new: bool,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Promise something from a day on: a `new` level, or the next version of one there is.

    Rounds under way keep the version they began with. A version begins today or later, and after
    the ones before it. Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that
    cannot be.
    """
    require_administrator(actor)
    fields = Fields()
    if new:
        code = fields.code("code", code)
    columns = _columns(fields, draft)
    if not new and draft.valid_from and draft.valid_from < now.astimezone(city.zone).date():
        fields.refuse("valid_from", "begins_in_the_past")
    fields.raise_all()
    terms_of_draft(draft)
    with transaction(city) as session:
        versions = categories.level_versions(session, code, lock=True)
        if new and versions:
            raise Invalid({"code": "code_taken"})
        if not new and not versions:
            raise NotFound("level_not_found")
        expect_seen(session, ReferenceKind.SERVICE_LEVEL, code, seen)
        latest = versions[-1] if versions else None
        if latest is not None and columns["valid_from"] <= latest.valid_from:
            raise Invalid({"valid_from": "before_latest_version"})
        level = ServiceLevel(code=code, **columns)
        session.add(level)
        before = level_facts(latest) if latest else {}
        action = ChangeAction.CREATED if new else ChangeAction.CHANGED
        _record(session, level, before, action, actor=actor, now=now, note=note)


def withdraw_service_level_version(
    level_id: int, *, seen: int | None, actor: Actor, city: City, now: datetime, note: str = ""
) -> None:
    """Take back a version that has not begun yet, and that therefore nothing is promised by.

    Raises NotAllowed, NotFound, and Conflict when it has begun or is the level's only one.
    """
    require_administrator(actor)
    with transaction(city) as session:
        level = session.get(ServiceLevel, level_id, with_for_update=True, populate_existing=True)
        if level is None:
            raise NotFound("level_not_found")
        expect_seen(session, ReferenceKind.SERVICE_LEVEL, level.code, seen)
        versions = categories.level_versions(session, level.code)
        if level.valid_from <= now.astimezone(city.zone).date() or len(versions) == 1:
            raise Conflict("version_has_begun")
        before = level_facts(level)
        after = level_facts(next(v for v in reversed(versions) if v.id != level.id))
        session.delete(level)
        _record(
            session,
            level,
            before,
            ChangeAction.REMOVED,
            after=after,
            actor=actor,
            now=now,
            note=note,
        )


def terms_of_draft(draft: LevelDraft) -> ServiceLevelTerms:
    """The terms a draft would promise. Raises Invalid naming what contradicts itself."""
    if draft.clock is None or draft.accept_minutes is None or draft.waiting_limit_minutes is None:
        raise Invalid({"clock": "required"})
    return ServiceLevelTerms(
        clock=draft.clock,
        accept_minutes=draft.accept_minutes,
        resolve_days=draft.resolve_days,
        resolve_minutes=draft.resolve_minutes,
        waiting_limit_minutes=draft.waiting_limit_minutes,
        approval_needed=draft.approval_needed,
        evidence_needed=draft.evidence_needed,
    )


def level_facts(level: ServiceLevel) -> dict[str, Any]:
    """A version as the history tells it."""
    return {
        "code": level.code,
        "name_vi": level.name_vi,
        "name_en": level.name_en,
        "valid_from": level.valid_from,
        "clock": level.clock.value,
        "accept_minutes": level.accept_minutes,
        "resolve_days": level.resolve_days,
        "resolve_minutes": level.resolve_minutes,
        "waiting_limit_minutes": level.waiting_limit_minutes,
        "approval_needed": level.approval_needed,
        "evidence_needed": level.evidence_needed,
    }


def _columns(fields: Fields, draft: LevelDraft) -> dict[str, Any]:
    fields.period(draft.valid_from, None)
    fields.number("resolve_days", draft.resolve_days, 1, MAX_DAYS)
    for name in ("accept_minutes", "resolve_minutes"):
        fields.number(name, getattr(draft, name), 1, MAX_MINUTES)
    fields.number("waiting_limit_minutes", draft.waiting_limit_minutes, 0, MAX_MINUTES)
    needed = ("clock", "accept_minutes", "waiting_limit_minutes", "valid_from")
    return {
        "name_vi": fields.line("name_vi", draft.name_vi, 120),
        "name_en": fields.line("name_en", draft.name_en, 120),
        **{name: fields.needed(name, getattr(draft, name)) for name in needed},
        "resolve_days": draft.resolve_days,
        "resolve_minutes": draft.resolve_minutes,
        "approval_needed": draft.approval_needed,
        "evidence_needed": draft.evidence_needed,
    }


def _record(
    session: Session,
    level: ServiceLevel,
    before: dict[str, Any],
    action: ChangeAction,
    *,
    actor: Actor,
    now: datetime,
    note: str,
    after: dict[str, Any] | None = None,
) -> None:
    session.flush()
    record_change(
        session,
        ReferenceKind.SERVICE_LEVEL,
        level.code,
        level.name_vi,
        before=before,
        after=level_facts(level) if after is None else after,
        by=actor,
        now=now,
        action=action,
        note=note,
    )
