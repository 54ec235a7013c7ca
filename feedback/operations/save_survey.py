"""The administrator holds a survey: what is asked, when, over which channels, and how many answers
are wanted; the population's totals, where they are known; its end."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from feedback.domain.actors import Actor
from feedback.domain.codes import make_code
from feedback.domain.errors import Conflict
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.surveys import SurveyChannel
from feedback.operations.city import City
from feedback.operations.forget_answers import forget_devices
from feedback.operations.reference_changes import Kept
from feedback.operations.reference_fields import Fields
from feedback.operations.save_instrument import MAX_SURVEY_NAME
from feedback.operations.transaction import transaction
from feedback.storage.models import (
    Instrument,
    InstrumentVersion,
    Survey,
    SurveyItem,
    SurveyOption,
    SurveyQuota,
    SurveyTotal,
    SurveyUnit,
    Unit,
)
from feedback.storage.queries import instruments, surveys

MAX_TARGET = 1_000_000
MAX_TOTAL = 100_000_000
MAX_SOURCE = 200


@dataclass(frozen=True, slots=True)
class SurveyDraft:
    """What a form says of a survey. Without units it is about the whole city."""

    version_id: int | None
    name_vi: str
    name_en: str
    first_day: date | None
    last_day: date | None
    channels: Sequence[SurveyChannel]
    unit_ids: Sequence[int] = ()


def create_survey(
    draft: SurveyDraft, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> int:
    """Set up a survey with a new public code, and return its id.

    Raises NotAllowed, and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        columns = _columns(session, draft)
        survey = Survey(code=_free_code(session), created_at=now, **columns)
        session.add(survey)
        session.flush()
        _keep_units(session, survey, draft.unit_ids)
        return SURVEYS.create(session, survey, by=actor, now=now, note=note)


def change_survey(
    survey_id: int,
    draft: SurveyDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Change what is known of a survey. `seen` as in `expect_seen`.

    The version it asks can be changed until the first answer; quotas and totals that speak of
    another version's groups go with it. Raises NotAllowed, NotFound, Conflict when it is closed,
    and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    with transaction(city) as session:
        survey = _open(session, survey_id, seen)
        with SURVEYS.changing(session, survey, by=actor, now=now, note=note):
            columns = _columns(session, draft, survey)
            if columns["version_id"] != survey.version_id:
                _forget_groups(session, survey)
            for name, value in columns.items():
                setattr(survey, name, value)
            session.flush()
            _keep_units(session, survey, draft.unit_ids)


def close_survey(
    survey_id: int, *, seen: int | None, actor: Actor, city: City, now: datetime, note: str = ""
) -> None:
    """Take no more answers, and forget the devices that gave them.

    Raises NotAllowed, NotFound, Conflict when it is closed.
    """
    require_administrator(actor)
    with transaction(city) as session:
        survey = _open(session, survey_id, seen)
        with SURVEYS.changing(
            session, survey, by=actor, now=now, action=ChangeAction.ENDED, note=note
        ):
            survey.closed_at = now
            session.flush()
            forget_devices(session, [survey.id])


def set_quota(
    survey_id: int,
    channel: SurveyChannel | None,
    option_id: int | None,
    target: int | None,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Say how many answers are wanted over a channel, of one group of people or of everybody.

    No target takes the quota back. Raises NotAllowed, NotFound, Conflict, and Invalid naming
    `channel`, `option_id` or `target`.
    """
    require_administrator(actor)
    with transaction(city) as session:
        survey = _open(session, survey_id, seen)
        with SURVEYS.changing(session, survey, by=actor, now=now):
            fields = Fields()
            fields.needed("channel", channel)
            if channel is not None and channel.value not in survey.channels:
                fields.refuse("channel", "not_a_channel_of_this")
            if option_id is not None and not _is_group(session, survey, option_id):
                fields.refuse("option_id", "unknown_group_of_people")
            fields.number("target", target, 0, MAX_TARGET)
            fields.raise_all()
            session.execute(
                delete(SurveyQuota).where(
                    SurveyQuota.survey_id == survey.id,
                    SurveyQuota.channel == channel,
                    SurveyQuota.option_id.is_(None)
                    if option_id is None
                    else SurveyQuota.option_id == option_id,
                )
            )
            if target:
                session.add(
                    SurveyQuota(
                        survey_id=survey.id, channel=channel, option_id=option_id, target=target
                    )
                )
            session.flush()


def set_totals(
    survey_id: int,
    item_id: int | None,
    people: Mapping[int, int | None],
    source: str,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> None:
    """Enter how many people of the population each group of one item has; None weights nothing.

    Also of a closed survey, since totals are often published later. Raises NotAllowed, NotFound,
    Conflict, and Invalid naming `item_id`, `source` or `total_<option>`.
    """
    require_administrator(actor)
    with transaction(city) as session:
        survey = SURVEYS.locked(session, survey_id, seen=seen)
        with SURVEYS.changing(session, survey, by=actor, now=now):
            fields = Fields()
            options = [] if item_id is None else _groups(session, survey, item_id)
            if item_id is not None and not options:
                fields.refuse("item_id", "unknown_group_of_people")
            source = fields.line("source", source, MAX_SOURCE, needed=item_id is not None)
            for option in options:
                field = f"total_{option.id}"
                fields.needed(field, people.get(option.id))
                fields.number(field, people.get(option.id), 0, MAX_TOTAL)
            if options and not any(people.get(option.id) for option in options):
                fields.refuse(f"total_{options[0].id}", "required")
            fields.raise_all()
            session.execute(delete(SurveyTotal).where(SurveyTotal.survey_id == survey.id))
            survey.weighting_item_id, survey.totals_source = item_id, source if item_id else ""
            session.add_all(
                SurveyTotal(survey_id=survey.id, option_id=option.id, total=people[option.id])
                for option in options
            )
            session.flush()


def _columns(session: Session, draft: SurveyDraft, known: Survey | None = None) -> dict[str, Any]:
    fields = Fields()
    columns = {
        "version_id": fields.needed("version_id", draft.version_id),
        "name_vi": fields.line("name_vi", draft.name_vi, MAX_SURVEY_NAME),
        "name_en": fields.line("name_en", draft.name_en, MAX_SURVEY_NAME),
        "first_day": fields.needed("first_day", draft.first_day),
        "last_day": fields.needed("last_day", draft.last_day),
        "channels": [channel.value for channel in SurveyChannel if channel in draft.channels],
    }
    if draft.first_day and draft.last_day and draft.last_day < draft.first_day:
        fields.refuse("last_day", "before_start")
    fields.period(draft.first_day, None)
    if not columns["channels"]:
        fields.refuse("channels", "channel_needed")
    if draft.version_id is not None:
        _check_version(session, fields, draft, known)
    if any(session.get(Unit, unit_id) is None for unit_id in draft.unit_ids):
        fields.refuse("unit_ids", "unknown_unit")
    fields.raise_all()
    return columns


def _check_version(
    session: Session, fields: Fields, draft: SurveyDraft, known: Survey | None
) -> None:
    version = session.get(InstrumentVersion, draft.version_id)
    if version is None or version.published_at is None or version.valid_from is None:
        fields.refuse("version_id", "version_not_published")
        return
    # Locked, so that nobody edits the version while a survey takes it up.
    session.get(Instrument, version.instrument_id, with_for_update=True)
    if draft.first_day is not None and version.valid_from > draft.first_day:
        fields.refuse("first_day", "before_version")
    is_another = known is not None and known.version_id != version.id
    if known is not None and is_another and surveys.has_responses(session, known.id):
        fields.refuse("version_id", "survey_has_answers")


def _keep_units(session: Session, survey: Survey, unit_ids: Sequence[int]) -> None:
    session.execute(delete(SurveyUnit).where(SurveyUnit.survey_id == survey.id))
    session.add_all(
        SurveyUnit(survey_id=survey.id, unit_id=unit_id) for unit_id in sorted(set(unit_ids))
    )
    session.flush()


def _open(session: Session, survey_id: int, seen: int | None) -> Survey:
    survey = SURVEYS.locked(session, survey_id, seen=seen)
    if survey.closed_at is not None:
        raise Conflict("survey_closed")
    return survey


def _forget_groups(session: Session, survey: Survey) -> None:
    session.execute(
        delete(SurveyQuota).where(
            SurveyQuota.survey_id == survey.id, SurveyQuota.option_id.is_not(None)
        )
    )
    session.execute(delete(SurveyTotal).where(SurveyTotal.survey_id == survey.id))
    survey.weighting_item_id, survey.totals_source = None, ""


def _groups(session: Session, survey: Survey, item_id: int) -> Sequence[SurveyOption]:
    """The groups of people of an item of the survey; none when it names no groups."""
    item = session.get(SurveyItem, item_id)
    if item is None or item.version_id != survey.version_id or not item.is_stratum:
        return ()
    return instruments.options_of(session, item_id)


def _is_group(session: Session, survey: Survey, option_id: int) -> bool:
    option = session.get(SurveyOption, option_id)
    return option is not None and any(
        one.id == option_id for one in _groups(session, survey, option.item_id)
    )


def _free_code(session: Session) -> str:
    """A code no survey has."""
    code = make_code(secrets.randbelow)
    while surveys.by_code(session, code) is not None:
        code = make_code(secrets.randbelow)
    return code


def _facts(session: Session, survey: Survey) -> dict[str, Any]:
    whole = surveys.by_id(session, survey.id) or survey
    version = whole.version
    facts: dict[str, Any] = {
        "code": whole.code,
        "name": whole.name_vi,
        "name_en": whole.name_en,
        "instrument": f"{version.instrument.name_vi}, {version.number}",
        "first_day": whole.first_day,
        "last_day": whole.last_day,
        "channels": ", ".join(whole.channels),
        "units": "; ".join(unit.name for unit in whole.units),
        "open": whole.closed_at is None,
        "totals_source": whole.totals_source,
    }
    names = {one.id: one.name_vi for one in _all_options(session, whole)}
    for quota in whole.quotas:
        group = f", {names[quota.option_id]}" if quota.option_id in names else ""
        facts[f"{quota.channel.value}{group}"] = quota.target
    for total in whole.totals:
        facts[names.get(total.option_id, str(total.option_id))] = total.total
    return facts


def _all_options(session: Session, survey: Survey) -> list[SurveyOption]:
    version = instruments.version_by_id(session, survey.version_id)
    if version is None:
        return []
    return [
        option for section in version.sections for item in section.items for option in item.options
    ]


SURVEYS = Kept(
    ReferenceKind.SURVEY, Survey, "survey_not_found", lambda survey: survey.name_vi, _facts
)
"""How surveys are kept."""
