"""Instruments, surveys held with them, and answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.surveys import INTERVIEWED, ItemKind, SurveyChannel
from feedback.operations.answer_survey import Filled, answer_survey
from feedback.operations.edit_instrument import ItemDraft, SectionDraft, save_item, save_section
from feedback.operations.save_instrument import (
    InstrumentDraft,
    publish_version,
)
from feedback.operations.save_instrument import (
    create_instrument as set_up_instrument,
)
from feedback.operations.save_survey import SurveyDraft
from feedback.operations.save_survey import create_survey as set_up_survey
from feedback.operations.transaction import reading
from feedback.storage.models import SurveyItem
from feedback.storage.queries import instruments
from tests.factories.base import LONG_AGO, MONDAY, numbers, the_city

LAST_DAY = date(2100, 12, 31)
ITEMS = (
    ItemDraft(ItemKind.FIVE_POINT, "Thời gian chờ", "Waiting time", code="waiting"),
    ItemDraft(ItemKind.FIVE_POINT, "Thái độ phục vụ", "How I was treated", code="attitude"),
    ItemDraft(
        ItemKind.SINGLE_CHOICE,
        "Nhóm tuổi",
        "Age",
        code="age",
        options="Dưới 35 | Below 35\nTừ 35 | 35 and above",
        is_stratum=True,
    ),
    ItemDraft(ItemKind.OPEN_TEXT, "Góp ý", "What else?", code="more"),
)


@dataclass(frozen=True)
class Questionnaire:
    """A published instrument: the ids of its version's items by code, of their options in order."""

    instrument_id: int
    version_id: int
    items: Mapping[str, int]
    options: Mapping[str, Sequence[int]]


def create_instrument(
    *drafts: ItemDraft, published: bool = True, valid_from: date = LONG_AGO
) -> Questionnaire:
    """An instrument with one section that asks `ITEMS`, or what is given."""
    how: dict[str, Any] = {"actor": SYSTEM, "city": the_city(), "now": MONDAY}
    names = InstrumentDraft("Bộ câu hỏi", "Questionnaire", code=f"instrument-{next(numbers)}")
    instrument_id = set_up_instrument(names, **how)
    title = SectionDraft("Phục vụ", "Service")
    section_id = save_section(instrument_id, None, title, seen=None, **how)
    for draft in drafts or ITEMS:
        values = {name: getattr(draft, name) for name in draft.__slots__}
        placed = ItemDraft(**{**values, "section_id": section_id})
        save_item(instrument_id, None, placed, seen=None, **how)
    if published:
        publish_version(instrument_id, valid_from, seen=None, **how)
    return questionnaire(instrument_id)


def questionnaire(instrument_id: int) -> Questionnaire:
    """The newest version of an instrument."""
    with reading() as session:
        version = instruments.version(session, instrument_id)
        assert version is not None
        items = session.scalars(select(SurveyItem).where(SurveyItem.version_id == version.id))
        listed = list(items)
        return Questionnaire(
            instrument_id,
            version.id,
            {item.code: item.id for item in listed},
            {item.code: [option.id for option in item.options] for item in listed},
        )


def create_survey(
    questions: Questionnaire,
    *,
    channels: Sequence[SurveyChannel] = tuple(SurveyChannel),
    unit_ids: Sequence[int] = (),
    name: str = "Khảo sát",
    first_day: date = LONG_AGO,
    last_day: date = LAST_DAY,
) -> int:
    """A survey that goes on for ever over every channel; its id."""
    draft = SurveyDraft(
        version_id=questions.version_id,
        name_vi=name,
        name_en=f"{name} (en)",
        first_day=first_day,
        last_day=last_day,
        channels=channels,
        unit_ids=unit_ids,
    )
    return set_up_survey(draft, actor=SYSTEM, city=the_city(), now=MONDAY)


def create_responses(
    survey_id: int,
    *typed: Mapping[int, str],
    channel: SurveyChannel = SurveyChannel.QR,
    unit_id: int | None = None,
    interviewer: Actor | None = None,
    now: datetime = MONDAY,
) -> None:
    """A questionnaire from a device of its own, or of an interviewer, for each that is given."""
    for answers in typed:
        answer_survey(
            survey_id,
            Filled(channel, answers, unit_id),
            device=None if channel in INTERVIEWED else f"device {next(numbers)}",
            interviewer=interviewer,
            city=the_city(),
            now=now,
        )
