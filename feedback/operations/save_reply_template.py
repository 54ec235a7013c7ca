"""Heads keep the texts their unit replies with, administrators those of the whole city."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Invalid, NotAllowed, NotFound
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.reply_templates import unknown_placeholders
from feedback.domain.states import Role
from feedback.operations.city import City
from feedback.operations.reference_changes import expect_seen, record_change
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import ReplyTemplate, Unit

MAX_TEMPLATE_NAME = 120
MAX_TEMPLATE = 4_000


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """What a form says of a text to reply with."""

    name: str
    text: str


def scope_of(actor: Actor) -> int | None:
    """Whose texts somebody keeps: a unit's id for its head, None (the city) for administrators.

    Raises NotAllowed for everybody else.
    """
    if actor.role is Role.ADMINISTRATOR:
        return None
    if actor.role is Role.HEAD and actor.unit_id is not None:
        return actor.unit_id
    raise NotAllowed("head_only")


def create_reply_template(
    draft: TemplateDraft, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> int:
    """Keep a new text and return its id.

    Raises NotAllowed, and Invalid naming `name` or `text`, which says what is no placeholder.
    """
    unit_id = scope_of(actor)
    columns = _columns(draft)
    with transaction(city) as session:
        template = ReplyTemplate(unit_id=unit_id, created_at=now, **columns)
        session.add(template)
        session.flush()
        record_change(
            session,
            ReferenceKind.REPLY_TEMPLATE,
            template.id,
            template.name,
            before={},
            after=_facts(session, template),
            by=actor,
            now=now,
            action=ChangeAction.CREATED,
            note=note,
        )
        return template.id


def change_reply_template(
    template_id: int,
    draft: TemplateDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Change a text of one's own scope; `seen` as in `expect_seen`.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming `name` or `text`.
    """
    columns = _columns(draft)
    with transaction(city) as session:
        template = _own(session, template_id, actor)
        expect_seen(session, ReferenceKind.REPLY_TEMPLATE, template_id, seen)
        before = _facts(session, template)
        template.name, template.text = columns["name"], columns["text"]
        session.flush()
        record_change(
            session,
            ReferenceKind.REPLY_TEMPLATE,
            template.id,
            template.name,
            before=before,
            after=_facts(session, template),
            by=actor,
            now=now,
            note=note,
        )


def remove_reply_template(
    template_id: int, *, seen: int | None, actor: Actor, city: City, now: datetime
) -> None:
    """Forget a text of one's own scope; what was sent with it stays. Raises as a change."""
    with transaction(city) as session:
        template = _own(session, template_id, actor)
        expect_seen(session, ReferenceKind.REPLY_TEMPLATE, template_id, seen)
        before = _facts(session, template)
        record_change(
            session,
            ReferenceKind.REPLY_TEMPLATE,
            template.id,
            template.name,
            before=before,
            after={},
            by=actor,
            now=now,
            action=ChangeAction.REMOVED,
        )
        session.delete(template)


def _own(session: Session, template_id: int, actor: Actor) -> ReplyTemplate:
    """The text, locked; another scope's is as unknown as one that does not exist."""
    unit_id = scope_of(actor)
    template = session.get(ReplyTemplate, template_id, with_for_update=True, populate_existing=True)
    if template is None or template.unit_id != unit_id:
        raise NotFound("template_not_found")
    return template


def _columns(draft: TemplateDraft) -> dict[str, str]:
    fields = Fields()
    columns = {
        "name": fields.line("name", draft.name, MAX_TEMPLATE_NAME),
        "text": fields.text("text", draft.text, MAX_TEMPLATE, needed=True),
    }
    fields.raise_all()
    unknown = unknown_placeholders(columns["text"])
    if unknown:
        raise Invalid({"text": "unknown_placeholder"}, unknown=unknown)
    return columns


def _facts(session: Session, template: ReplyTemplate) -> dict[str, Any]:
    unit = session.get(Unit, template.unit_id) if template.unit_id else None
    return {"name": template.name, "text": template.text, "unit": unit.name if unit else None}
