"""What letters of apology say changes by a new version; a past one is never edited."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.letters import NEEDED_PLACES, PLACES
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.operations.city import City
from feedback.operations.reference_changes import record_change
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import LetterTemplate
from feedback.storage.queries import letters

LIMITS = {
    "title": 160,
    "about": 300,
    "addressee": 300,
    "body": 6_000,
    "legal_basis": 2_000,
    "authority": 160,
    "place": 80,
    "symbol": 40,
    "signer_title": 120,
    "copies": 1_000,
}
LINES = ("title", "about", "addressee", "authority", "place", "symbol", "signer_title")
NEEDED = ("title", "addressee", "body", "legal_basis", "signer_title")
FILLED_IN = ("title", "about", "addressee", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplateDraft:
    """What a form says of one version; see `LetterTemplate` for each field."""

    valid_from: date | None
    title: str
    about: str
    addressee: str
    body: str
    legal_basis: str
    authority: str
    place: str
    symbol: str
    signer_title: str
    copies: str


def add_letter_template(
    draft: LetterTemplateDraft, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> int:
    """Keep a new version, in force from its day on, and return its id.

    It begins today or later, after the ones there are; letters signed before keep their words.
    Raises NotAllowed, and Invalid naming each field that cannot be; an unknown placeholder and one
    that is needed and missing among them.
    """
    require_administrator(actor)
    columns = _columns(draft, now.astimezone(city.zone).date())
    with transaction(city) as session:
        versions = letters.templates(session)
        latest = versions[0] if versions else None
        if latest is not None and columns["valid_from"] <= latest.valid_from:
            raise Invalid({"valid_from": "before_latest_version"})
        template = LetterTemplate(created_at=now, **columns)
        session.add(template)
        session.flush()
        record_change(
            session,
            ReferenceKind.LETTER_TEMPLATE,
            template.id,
            template.title,
            before={},
            after=_facts(template),
            by=actor,
            now=now,
            action=ChangeAction.CREATED,
            note=note,
        )
        return template.id


def withdraw_letter_template(
    template_id: int, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> None:
    """Take back a version that has not begun. Raises NotAllowed, NotFound, and Conflict."""
    require_administrator(actor)
    with transaction(city) as session:
        template = session.get(
            LetterTemplate, template_id, with_for_update=True, populate_existing=True
        )
        if template is None:
            raise NotFound("letter_template_not_found")
        today = now.astimezone(city.zone).date()
        if template.valid_from <= today or letters.template_is_used(session, template_id):
            raise Conflict("version_has_begun")
        record_change(
            session,
            ReferenceKind.LETTER_TEMPLATE,
            template.id,
            template.title,
            before=_facts(template),
            after={},
            by=actor,
            now=now,
            action=ChangeAction.REMOVED,
            note=note,
        )
        session.delete(template)


def _columns(draft: LetterTemplateDraft, today: date) -> dict[str, Any]:
    fields = Fields()
    columns: dict[str, Any] = {}
    for name, limit in LIMITS.items():
        clean = fields.line if name in LINES else fields.text
        columns[name] = clean(name, getattr(draft, name), limit, needed=name in NEEDED)
    columns["valid_from"] = fields.needed("valid_from", draft.valid_from)
    fields.period(draft.valid_from, None)
    if draft.valid_from is not None and draft.valid_from < today:
        fields.refuse("valid_from", "begins_in_the_past")
    for name in FILLED_IN:
        if PLACES.unknown_in(columns[name]):
            fields.refuse(name, "unknown_placeholder")
    if NEEDED_PLACES - PLACES.used_in(columns["body"]):
        fields.refuse("body", "placeholder_missing")
    fields.raise_all()
    return columns


def _facts(template: LetterTemplate) -> dict[str, Any]:
    return {name: getattr(template, name) for name in ("valid_from", *LIMITS)}
