"""The demo city's questionnaire, a survey that is over and one that goes on, with their answers.

The administrator sets them up by the operations; the answers of hundreds of people are stored at
once, since they would take longer than the whole rest of the city one by one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from feedback.demo.data_files import read
from feedback.domain.actors import Actor
from feedback.domain.states import Role
from feedback.domain.surveys import INTERVIEWED, NO_OPINION, ItemKind, SurveyChannel
from feedback.operations.city import City
from feedback.operations.edit_instrument import ItemDraft, SectionDraft, save_item, save_section
from feedback.operations.save_instrument import InstrumentDraft, create_instrument, publish_version
from feedback.operations.save_survey import SurveyDraft, create_survey, set_quota, set_totals
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import (
    Account,
    InstrumentVersion,
    SurveyAnswer,
    SurveyItem,
    SurveyResponse,
    Unit,
)
from feedback.storage.queries import instruments
from feedback.storage.tables import table_of

SET_UP_BEFORE = timedelta(days=200)
SKIPS, HAS_NO_OPINION, WRITES = 0.04, 0.05, 0.12


def write_surveys(seed: int, city: City, *, administrator: Actor, now: datetime) -> None:
    """Set everything up, and store what people answered until `now`."""
    data = read("surveys")
    begun = now - SET_UP_BEFORE
    how: dict[str, Any] = {"actor": administrator, "city": city, "now": begun}
    instrument_id = _instrument(data, how, begun)
    with reading() as session:
        units = {unit.code: unit.id for unit in session.scalars(select(Unit))}
        version = instruments.version(session, instrument_id)
        if version is None:
            raise RuntimeError("the questionnaire has been set up")
        items = [item for section in version.sections for item in section.items]
        pleases = {
            row["code"]: row.get("pleases", 0.0)
            for section in data["section"]
            for row in section["items"]
        }
        asked = [(item, pleases[item.code]) for item in items]
        caller = session.scalars(
            select(Account.id).where(Account.role == Role.DISPATCHER).order_by(Account.id)
        ).first()
        session.expunge_all()
    for number, row in enumerate(data["survey"]):
        survey_id = _survey(row, version, asked, [units[code] for code in row["units"]], how)
        random = Random(f"{seed}:survey:{number}")
        with transaction(city) as session:
            for channel, count in row["answers"].items():
                rows = [
                    {
                        "survey_id": survey_id,
                        "unit_id": units[random.choice(row["units"])],
                        "channel": SurveyChannel(channel),
                        "interviewer_id": caller if SurveyChannel(channel) in INTERVIEWED else None,
                        "answered_at": _moment(random, row, now),
                    }
                    for _ in range(count)
                ]
                session.execute(insert(table_of(SurveyResponse)), rows)
            ids = session.scalars(
                select(SurveyResponse.id).where(SurveyResponse.survey_id == survey_id)
            )
            answers = [one for key in ids for one in _answers(random, key, asked, data)]
            session.execute(insert(table_of(SurveyAnswer)), answers)


def _instrument(data: Mapping[str, Any], how: dict[str, Any], now: datetime) -> int:
    instrument_id = create_instrument(InstrumentDraft(**data["instrument"]), **how)
    for section in data["section"]:
        title = SectionDraft(section["title_vi"], section["title_en"])
        section_id = save_section(instrument_id, None, title, seen=None, **how)
        for row in section["items"]:
            draft = ItemDraft(
                kind=ItemKind(row.get("kind", ItemKind.FIVE_POINT)),
                text_vi=row["text_vi"],
                text_en=row["text_en"],
                section_id=section_id,
                code=row["code"],
                options=row.get("options", ""),
                is_stratum=row.get("is_stratum", False),
            )
            save_item(instrument_id, None, draft, seen=None, **how)
    publish_version(instrument_id, now.date(), seen=None, **how)
    return instrument_id


def _survey(
    row: Mapping[str, Any],
    version: InstrumentVersion,
    asked: list[tuple[SurveyItem, float]],
    unit_ids: list[int],
    how: dict[str, Any],
) -> int:
    now = how["now"] + SET_UP_BEFORE
    channels = {SurveyChannel(name) for name in (*row["answers"], *row.get("quotas", {}))}
    draft = SurveyDraft(
        version_id=version.id,
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        first_day=(now - timedelta(days=row["begins_days_ago"])).date(),
        last_day=(now - timedelta(days=row["ends_days_ago"])).date(),
        channels=tuple(channels),
        unit_ids=unit_ids,
    )
    survey_id = create_survey(draft, **how)
    for name, target in row.get("quotas", {}).items():
        set_quota(survey_id, SurveyChannel(name), None, target, seen=None, **how)
    if "weighted" in row:
        item = next(item for item, _pleases in asked if item.is_stratum)
        people = {
            option.id: count for option, count in zip(item.options, row["weighted"], strict=True)
        }
        set_totals(survey_id, item.id, people, row["source"], seen=None, **how)
    return survey_id


def _moment(random: Random, row: Mapping[str, Any], now: datetime) -> datetime:
    ago = random.uniform(max(row["ends_days_ago"], 0) + 0.5, row["begins_days_ago"] - 0.5)
    return now - timedelta(days=ago)


def _answers(
    random: Random,
    response_id: int,
    asked: list[tuple[SurveyItem, float]],
    data: Mapping[str, Any],
) -> list[dict[str, Any]]:
    found = []
    for item, pleases in asked:
        row: dict[str, Any] = {
            "response_id": response_id,
            "item_id": item.id,
            "value": None,
            "option_id": None,
            "text": "",
        }
        if item.kind is ItemKind.OPEN_TEXT:
            if random.random() < WRITES:
                found.append({**row, "text": random.choice(data["texts"]["said"])})
        elif random.random() < SKIPS:
            continue
        elif item.kind is ItemKind.SINGLE_CHOICE:
            found.append({**row, "option_id": random.choice(item.options).id})
        else:
            found.append({**row, "value": _level(random, pleases)})
    return found


def _level(random: Random, pleases: float) -> int:
    if random.random() < HAS_NO_OPINION:
        return NO_OPINION
    if random.random() < pleases:
        return random.choice((4, 4, 5))
    return random.choice((3, 3, 3, 2, 2, 1))
