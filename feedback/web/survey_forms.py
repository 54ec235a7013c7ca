"""A questionnaire as a form shows it, and what was typed into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from feedback.domain.errors import NotFound
from feedback.domain.surveys import SurveyStage, stage_of
from feedback.extensions import db
from feedback.storage.models import InstrumentVersion, Survey
from feedback.storage.queries import instruments
from feedback.web.context import today
from feedback.web.survey_words import item_text, section_title, survey_name

PREFIX = "item_"


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item: `name` is its field, `value` what stands in it, `choices` options' (id, name)."""

    id: int
    name: str
    code: str
    series: str
    kind: str
    text: str
    is_stratum: bool = False
    choices: list[tuple[int, str]] = field(default_factory=list)
    value: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A heading with its items."""

    id: int
    title: str
    items: list[ItemView]


def sections_of(
    version: InstrumentVersion, typed: Mapping[str, str] | None = None
) -> list[SectionView]:
    """What a version asks in the reader's language, with what was typed by field."""
    values = typed or {}
    return [
        SectionView(
            section.id,
            section_title(section),
            [
                ItemView(
                    id=item.id,
                    name=f"{PREFIX}{item.id}",
                    code=item.code,
                    series=item.series,
                    kind=item.kind.value,
                    text=item_text(item),
                    is_stratum=item.is_stratum,
                    choices=[(option.id, survey_name(option)) for option in item.options],
                    value=values.get(f"{PREFIX}{item.id}", ""),
                )
                for item in section.items
            ],
        )
        for section in version.sections
    ]


def version_of(survey: Survey) -> InstrumentVersion:
    """The version a survey asks, with all its items."""
    version = instruments.version_by_id(db.session(), survey.version_id)
    if version is None:
        raise NotFound("survey_not_found")
    return version


def typed_in(form: Mapping[str, str]) -> dict[int, str]:
    """What was typed by item, from the fields of a form."""
    numbers = {name: name.removeprefix(PREFIX) for name in form if name.startswith(PREFIX)}
    return {
        int(number): form[name]
        for name, number in numbers.items()
        if number.isascii() and number.isdigit() and len(number) < 10 and form[name].strip()
    }


def stage(survey: Survey) -> SurveyStage:
    """Where a survey stands today."""
    closed = survey.closed_at is not None
    return stage_of(survey.first_day, survey.last_day, today(), closed=closed)
