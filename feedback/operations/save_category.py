"""The administrator decides what can be reported, in which groups, and what follows from it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.states import VisibilityPolicy
from feedback.domain.text import fold
from feedback.operations.city import City
from feedback.operations.reference_changes import Kept
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import Category, CategoryGroup
from feedback.storage.queries import categories

MAX_POSITION = 10_000
MAX_RETENTION_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """What a form says of a category."""

    name_vi: str
    name_en: str
    group_id: int | None
    service_level_code: str
    visibility_policy: VisibilityPolicy | None
    rounds_point: bool
    retention_days: int | None
    keywords: str
    position: int | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """What a form says of a group of categories."""

    name_vi: str
    name_en: str
    position: int | None


def create_category(
    code: str, draft: CategoryDraft, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> int:
    """Open a category to reports and return its id.

    Raises NotAllowed, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    fields = Fields()
    code, columns = fields.code("code", code), _category_columns(fields, draft)
    fields.raise_all()
    with transaction(city) as session:
        if categories.by_code(session, code) is not None:
            raise Invalid({"code": "code_taken"})
        _check_references(session, columns)
        category = Category(code=code, **columns)
        return CATEGORIES.create(session, category, by=actor, now=now, note=note)


def change_category(
    category_id: int,
    draft: CategoryDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Change a category for the reports to come; `seen` as in `expect_seen`.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    fields = Fields()
    columns = _category_columns(fields, draft)
    fields.raise_all()
    with transaction(city) as session:
        category = CATEGORIES.locked(session, category_id, seen=seen)
        _check_references(session, columns)
        with CATEGORIES.changing(session, category, by=actor, now=now, note=note):
            for name, value in columns.items():
                setattr(category, name, value)


def save_group(
    group_id: int | None,
    code: str,
    draft: GroupDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> int:
    """Make a group of categories (without an id) or change one, and return its id.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    fields = Fields()
    code = fields.code("code", code) if group_id is None else ""
    columns = {
        "name_vi": fields.line("name_vi", draft.name_vi, 120),
        "name_en": fields.line("name_en", draft.name_en, 120),
        "position": draft.position or 0,
    }
    fields.number("position", draft.position, 0, MAX_POSITION)
    fields.raise_all()
    with transaction(city) as session:
        if group_id is None:
            if categories.group_by_code(session, code) is not None:
                raise Invalid({"code": "code_taken"})
            group = CategoryGroup(code=code, **columns)
            return GROUPS.create(session, group, by=actor, now=now, note=note)
        group = GROUPS.locked(session, group_id, seen=seen)
        with GROUPS.changing(session, group, by=actor, now=now, note=note):
            for name, value in columns.items():
                setattr(group, name, value)
        return group.id


def category_facts(session: Session, category: Category) -> dict[str, Any]:
    """A category as its history tells it."""
    group = session.get(CategoryGroup, category.group_id)
    return {
        "code": category.code,
        "name_vi": category.name_vi,
        "name_en": category.name_en,
        "group": group.name_vi if group else None,
        "service_level": category.service_level_code,
        "visibility_policy": category.visibility_policy.value,
        "rounds_point": category.rounds_point,
        "retention_days": category.retention_days,
        "keywords": category.keywords,
        "position": category.position,
        "valid_from": category.valid_from,
        "valid_to": category.valid_to,
    }


def _category_columns(fields: Fields, draft: CategoryDraft) -> dict[str, Any]:
    fields.period(draft.valid_from, draft.valid_to)
    fields.number("position", draft.position, 0, MAX_POSITION)
    fields.number("retention_days", draft.retention_days, 1, MAX_RETENTION_DAYS)
    return {
        "name_vi": fields.line("name_vi", draft.name_vi, 120),
        "name_en": fields.line("name_en", draft.name_en, 120),
        "group_id": fields.needed("group_id", draft.group_id),
        "service_level_code": fields.line("service_level_code", draft.service_level_code, 40),
        "visibility_policy": fields.needed("visibility_policy", draft.visibility_policy),
        "rounds_point": draft.rounds_point,
        "retention_days": draft.retention_days,
        "keywords": fields.line("keywords", fold(draft.keywords), 400, needed=False),
        "position": draft.position or 0,
        "valid_from": fields.needed("valid_from", draft.valid_from),
        "valid_to": draft.valid_to,
    }


def _check_references(session: Session, columns: dict[str, Any]) -> None:
    """Refuse a group or a service level that does not exist; nothing would be promised then."""
    problems = {}
    if session.get(CategoryGroup, columns["group_id"]) is None:
        problems["group_id"] = "unknown_group"
    if not categories.level_versions(session, columns["service_level_code"]):
        problems["service_level_code"] = "unknown_level"
    if problems:
        raise Invalid(problems)


def _group_facts(_session: Session, group: CategoryGroup) -> dict[str, Any]:
    return {
        "code": group.code,
        "name_vi": group.name_vi,
        "name_en": group.name_en,
        "position": group.position,
    }


CATEGORIES = Kept(
    ReferenceKind.CATEGORY, Category, "category_not_found", lambda one: one.name_vi, category_facts
)
GROUPS = Kept(
    ReferenceKind.CATEGORY_GROUP,
    CategoryGroup,
    "group_not_found",
    lambda one: one.name_vi,
    _group_facts,
)
