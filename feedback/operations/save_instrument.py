"""The administrator makes a questionnaire: what it is called, its versions, their publication.

A version that a survey uses is never changed: the next correction goes into a new version, copied
from it. How its items are changed stands in `edit_instrument`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, NotFound
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ReferenceKind
from feedback.domain.surveys import Question
from feedback.operations.city import City
from feedback.operations.reference_changes import Kept
from feedback.operations.reference_fields import Fields
from feedback.operations.transaction import transaction
from feedback.storage.models import (
    Instrument,
    InstrumentVersion,
    SurveyItem,
    SurveyOption,
    SurveySection,
)
from feedback.storage.queries import instruments

MAX_SURVEY_NAME = 160


@dataclass(frozen=True, slots=True)
class InstrumentDraft:
    """What a form says of an instrument; its code is given once and stays."""

    name_vi: str
    name_en: str
    code: str = ""


def create_instrument(
    draft: InstrumentDraft, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> int:
    """Set up an instrument with an empty first version, and return its id.

    Raises NotAllowed, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        fields = Fields()
        columns = _names(fields, draft)
        code = fields.code("code", draft.code)
        if instruments.code_taken(session, code):
            fields.refuse("code", "code_taken")
        fields.raise_all()
        instrument = Instrument(code=code, created_at=now, **columns)
        session.add(instrument)
        session.flush()
        session.add(InstrumentVersion(instrument_id=instrument.id, number=1, created_at=now))
        session.flush()
        return INSTRUMENTS.create(session, instrument, by=actor, now=now, note=note)


def rename_instrument(
    instrument_id: int,
    draft: InstrumentDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Change what an instrument is called. `seen` as in `expect_seen`.

    Raises NotAllowed, NotFound, Conflict, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        instrument = INSTRUMENTS.locked(session, instrument_id, seen=seen)
        with INSTRUMENTS.changing(session, instrument, by=actor, now=now, note=note):
            fields = Fields()
            columns = _names(fields, draft)
            fields.raise_all()
            for name, value in columns.items():
                setattr(instrument, name, value)


def publish_version(
    instrument_id: int,
    valid_from: date | None,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Let surveys use the newest version, from a day on. `seen` as in `expect_seen`.

    Raises NotAllowed, NotFound, Conflict when it is published already, and Invalid naming
    `valid_from`, or `items` where it asks nothing.
    """
    require_administrator(actor)
    with transaction(city) as session:
        instrument = INSTRUMENTS.locked(session, instrument_id, seen=seen)
        version = newest(session, instrument_id)
        if version.published_at is not None:
            raise Conflict("already_published")
        fields = Fields()
        fields.needed("valid_from", valid_from)
        fields.period(valid_from, None)
        if not any(section.items for section in version.sections):
            fields.refuse("items", "asks_nothing")
        fields.raise_all()
        with INSTRUMENTS.changing(session, instrument, by=actor, now=now, note=note):
            version.valid_from, version.published_at = valid_from, now


@dataclass(frozen=True, slots=True)
class Editable:
    """A version that may be changed, and where its parts are that an older one was copied from."""

    version: InstrumentVersion
    sections: dict[int, int]
    items: dict[int, int]


def editable(session: Session, instrument: Instrument, now: datetime) -> Editable:
    """The newest version, or its copy when a survey uses it; the instrument is locked."""
    version = newest(session, instrument.id)
    if not instruments.is_used(session, version.id):
        return Editable(version, {}, {})
    return _copied(session, version, now)


def newest(session: Session, instrument_id: int) -> InstrumentVersion:
    """The newest version of an instrument, with all it asks. Raises NotFound."""
    version = instruments.version(session, instrument_id)
    if version is None:
        raise NotFound("instrument_not_found")
    return version


def question_of(item: SurveyItem, options: list[SurveyOption] | None = None) -> Question:
    """What an item asks."""
    shown = item.options if options is None else options
    return Question(
        item.kind,
        item.text_vi,
        item.text_en,
        tuple((option.name_vi, option.name_en) for option in shown),
    )


def _copied(session: Session, old: InstrumentVersion, now: datetime) -> Editable:
    version = InstrumentVersion(
        instrument_id=old.instrument_id, number=old.number + 1, created_at=now
    )
    session.add(version)
    session.flush()
    found = Editable(version, {}, {})
    for section in old.sections:
        copy = SurveySection(
            version_id=version.id,
            **{name: getattr(section, name) for name in ("position", "title_vi", "title_en")},
        )
        session.add(copy)
        session.flush()
        found.sections[section.id] = copy.id
        for item in section.items:
            found.items[item.id] = _copy_item(session, item, version.id, copy.id)
    return found


def _copy_item(session: Session, item: SurveyItem, version_id: int, section_id: int) -> int:
    same = ("position", "code", "series", "kind", "is_stratum", "text_vi", "text_en")
    copy = SurveyItem(
        version_id=version_id,
        section_id=section_id,
        base_id=item.id,
        **{name: getattr(item, name) for name in same},
    )
    session.add(copy)
    session.flush()
    session.add_all(
        SurveyOption(
            item_id=copy.id,
            **{name: getattr(option, name) for name in ("position", "name_vi", "name_en")},
        )
        for option in item.options
    )
    session.flush()
    return copy.id


def _names(fields: Fields, draft: InstrumentDraft) -> dict[str, Any]:
    return {
        "name_vi": fields.line("name_vi", draft.name_vi, MAX_SURVEY_NAME),
        "name_en": fields.line("name_en", draft.name_en, MAX_SURVEY_NAME),
    }


def _facts(session: Session, instrument: Instrument) -> dict[str, Any]:
    """The names, and every line of the newest version, so that each change of wording is told."""
    version = newest(session, instrument.id)
    facts: dict[str, Any] = {
        "code": instrument.code,
        "name": instrument.name_vi,
        "name_en": instrument.name_en,
        "version": version.number,
        "published": version.published_at is not None,
        "valid_from": version.valid_from,
    }
    for number, section in enumerate(version.sections, 1):
        facts[f"§ {number}"] = f"{section.title_vi} / {section.title_en}"
        for item in section.items:
            choices = "; ".join(f"{one.name_vi} / {one.name_en}" for one in item.options)
            words = f"{item.text_vi} / {item.text_en}" + (f" ({choices})" if choices else "")
            facts[item.code] = f"[{item.series}] {words}"
    return facts


INSTRUMENTS = Kept(
    ReferenceKind.INSTRUMENT,
    Instrument,
    "instrument_not_found",
    lambda instrument: instrument.name_vi,
    _facts,
)
"""How instruments are kept."""
