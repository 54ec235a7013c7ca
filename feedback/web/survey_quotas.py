"""Quotas of a survey and how far they are filled."""

from dataclasses import dataclass

from feedback.domain.surveys import SurveyChannel
from feedback.extensions import db
from feedback.storage.models import Survey
from feedback.storage.queries import instruments, surveys
from feedback.web.survey_words import CHANNELS, survey_name


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One quota: whose answers, how many there are, and how many are wanted."""

    channel: SurveyChannel
    channel_word: str
    option_id: int | None
    group: str
    done: int
    target: int


def quota_lines(survey: Survey) -> list[QuotaLine]:
    """The quotas of a survey with their progress, by channel and group."""
    if not survey.quotas:
        return []
    session = db.session()
    by_channel = surveys.by_channel(session, survey.id)
    by_group = surveys.by_group(session, survey.id)
    names = dict(group_choices(survey))
    order = list(SurveyChannel)
    lines = [
        QuotaLine(
            channel=quota.channel,
            channel_word=str(CHANNELS[quota.channel]),
            option_id=quota.option_id,
            group=names.get(quota.option_id or 0, ""),
            done=(
                by_channel.get(quota.channel, 0)
                if quota.option_id is None
                else by_group.get((quota.channel, quota.option_id), 0)
            ),
            target=quota.target,
        )
        for quota in survey.quotas
    ]
    return sorted(lines, key=lambda line: (order.index(line.channel), line.option_id or 0))


def group_choices(survey: Survey) -> list[tuple[int, str]]:
    """The groups of people that a survey's items name, for a form."""
    version = instruments.version_by_id(db.session(), survey.version_id)
    sections = version.sections if version else []
    return [
        (option.id, survey_name(option))
        for section in sections
        for item in section.items
        if item.is_stratum
        for option in item.options
    ]
