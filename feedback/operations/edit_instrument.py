"""The administrator edits what a questionnaire asks: its sections and items.

Whatever is edited belongs to the newest version, or to a copy of it once a survey uses that one. An
item whose wording or scale changes starts a new series (`domain.surveys.series_of`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.permissions import require_administrator
from feedback.domain.surveys import MAX_OPTIONS, Asked, ItemKind, Question, series_of
from feedback.domain.text import normalise, one_line
from feedback.operations.city import City
from feedback.operations.reference_fields import Fields
from feedback.operations.save_instrument import INSTRUMENTS, editable, question_of
from feedback.operations.transaction import transaction
from feedback.storage.models import InstrumentVersion, SurveyItem, SurveyOption, SurveySection
from feedback.storage.queries import instruments

MAX_TITLE = 200
MAX_QUESTION = 500
MAX_OPTION = 160
MAX_ITEMS = 60
MAX_POSITION = 999


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """What a form says of a section."""

    title_vi: str
    title_en: str


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """What a form says of an item. `options` has a choice a line: "Nữ | Woman".

    `same_meaning`: a slip was mended, and the series goes on. `position` None is the end.
    """

    kind: ItemKind | None
    text_vi: str
    text_en: str
    section_id: int | None = None
    code: str = ""
    options: str = ""
    is_stratum: bool = False
    same_meaning: bool = False
    position: int | None = None


def save_section(
    instrument_id: int,
    section_id: int | None,
    draft: SectionDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> int:
    """Add a section (None) or change its title; returns its id, which is new in a new version.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        instrument = INSTRUMENTS.locked(session, instrument_id, seen=seen)
        with INSTRUMENTS.changing(session, instrument, by=actor, now=now, note=note):
            fields = Fields()
            title_vi = fields.line("title_vi", draft.title_vi, MAX_TITLE)
            title_en = fields.line("title_en", draft.title_en, MAX_TITLE)
            fields.raise_all()
            place = editable(session, instrument, now)
            if section_id is None:
                section = SurveySection(
                    version_id=place.version.id, position=_next_section(session, place.version)
                )
                session.add(section)
            else:
                section = _section(
                    session, place.version, place.sections.get(section_id, section_id)
                )
            section.title_vi, section.title_en = title_vi, title_en
            session.flush()
            return section.id


def save_item(
    instrument_id: int,
    item_id: int | None,
    draft: ItemDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> int:
    """Add an item (None) or change one; returns its id, which is new in a new version.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        instrument = INSTRUMENTS.locked(session, instrument_id, seen=seen)
        with INSTRUMENTS.changing(session, instrument, by=actor, now=now, note=note):
            question = _question(draft)
            place = editable(session, instrument, now)
            version = place.version
            if item_id is None:
                item = _new_item(session, version, draft, place.sections)
            else:
                item = _item(session, version, place.items.get(item_id, item_id))
                if draft.section_id is not None:
                    section_id = place.sections.get(draft.section_id, draft.section_id)
                    item.section_id = _section(session, version, section_id).id
                if draft.position is not None:
                    item.position = draft.position
            _write(session, version, item, question, draft)
            return item.id


def remove_item(
    instrument_id: int,
    item_id: int,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Ask an item no more. Its section goes with its last item.

    Raises NotAllowed, NotFound, Conflict.
    """
    require_administrator(actor)
    with transaction(city) as session:
        instrument = INSTRUMENTS.locked(session, instrument_id, seen=seen)
        with INSTRUMENTS.changing(session, instrument, by=actor, now=now, note=note):
            place = editable(session, instrument, now)
            item = _item(session, place.version, place.items.get(item_id, item_id))
            section_id = item.section_id
            session.execute(delete(SurveyOption).where(SurveyOption.item_id == item.id))
            session.delete(item)
            session.flush()
            if not _items_in(session, SurveyItem.section_id == section_id):
                session.delete(session.get_one(SurveySection, section_id))
                session.flush()


def _question(draft: ItemDraft) -> Question:
    """What a form asks, made clean. Raises Invalid naming each field that cannot be."""
    fields = Fields()
    kind = fields.needed("kind", draft.kind)
    text_vi = fields.line("text_vi", draft.text_vi, MAX_QUESTION)
    text_en = fields.line("text_en", draft.text_en, MAX_QUESTION)
    fields.number("position", draft.position, 0, MAX_POSITION)
    options = tuple(_options(fields, draft.options)) if kind is ItemKind.SINGLE_CHOICE else ()
    if draft.is_stratum and kind is not ItemKind.SINGLE_CHOICE:
        fields.refuse("is_stratum", "stratum_is_a_choice")
    fields.raise_all()
    if kind is None:  # refused above
        raise Invalid({"kind": "required"})
    return Question(kind, text_vi, text_en, options)


def _options(fields: Fields, typed: str) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, map(one_line, normalise(typed).split("\n"))):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 2 or not all(parts) or max(map(len, parts)) > MAX_OPTION:
            fields.refuse("options", "not_an_option")
            return []
        found.append((parts[0], parts[1]))
    if not 2 <= len(found) <= MAX_OPTIONS or len(set(found)) != len(found):
        fields.refuse("options", "two_options_at_least")
    return found


def _new_item(
    session: Session, version: InstrumentVersion, draft: ItemDraft, moved: dict[int, int]
) -> SurveyItem:
    """A row for a new item at the end of its section, or where the form says."""
    fields = Fields()
    code = fields.code("code", draft.code)
    section_id = fields.needed("section_id", draft.section_id)
    if _items_in(session, SurveyItem.version_id == version.id, SurveyItem.code == code):
        fields.refuse("code", "code_taken")
    if _items_in(session, SurveyItem.version_id == version.id) >= MAX_ITEMS:
        fields.refuse("code", "too_many_items")
    fields.raise_all()
    section = _section(session, version, moved.get(section_id or 0, section_id or 0))
    last = session.scalar(
        select(func.max(SurveyItem.position)).where(SurveyItem.section_id == section.id)
    )
    at_end = 1 if last is None else last + 1
    item = SurveyItem(
        version_id=version.id,
        section_id=section.id,
        code=code,
        position=at_end if draft.position is None else draft.position,
    )
    before = instruments.last_asked(session, version.instrument_id, version.number, code)
    item.base_id = before.id if before else None
    return item


def _write(
    session: Session,
    version: InstrumentVersion,
    item: SurveyItem,
    question: Question,
    draft: ItemDraft,
) -> None:
    base = instruments.item(session, item.base_id) if item.base_id is not None else None
    before = Asked(question_of(base), base.series) if base else None
    item.kind, item.text_vi, item.text_en = question.kind, question.text_vi, question.text_en
    item.is_stratum, item.same_meaning = draft.is_stratum, draft.same_meaning
    item.series = series_of(item.code, question, before, same_meaning=draft.same_meaning)
    item.version_id = version.id
    session.add(item)
    session.flush()
    known = [(one.name_vi, one.name_en) for one in instruments.options_of(session, item.id)]
    if known == list(question.options):
        return
    session.execute(delete(SurveyOption).where(SurveyOption.item_id == item.id))
    session.add_all(
        SurveyOption(item_id=item.id, position=number, name_vi=name_vi, name_en=name_en)
        for number, (name_vi, name_en) in enumerate(question.options, 1)
    )
    session.flush()


def _items_in(session: Session, *which: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).select_from(SurveyItem).where(*which)).one()


def _next_section(session: Session, version: InstrumentVersion) -> int:
    last = session.scalar(
        select(func.max(SurveySection.position)).where(SurveySection.version_id == version.id)
    )
    return 1 if last is None else last + 1


def _section(session: Session, version: InstrumentVersion, section_id: int) -> SurveySection:
    """A section of the version. Raises Conflict for one of a version that has moved on."""
    found = session.get(SurveySection, section_id)
    if found is None:
        raise NotFound("section_not_found")
    if found.version_id != version.id:
        raise Conflict("reference_changed")
    return found


def _item(session: Session, version: InstrumentVersion, item_id: int) -> SurveyItem:
    """An item of the version, in the same way."""
    found = session.get(SurveyItem, item_id)
    if found is None:
        raise NotFound("item_not_found")
    if found.version_id != version.id:
        raise Conflict("reference_changed")
    return found
