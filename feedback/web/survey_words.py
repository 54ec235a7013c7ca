"""The words of surveys: channels, kinds, levels, and names in the reader's language."""

from collections.abc import Mapping

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from feedback.domain.surveys import ItemKind, SurveyChannel, SurveyStage
from feedback.storage.models import (
    Instrument,
    Survey,
    SurveyItem,
    SurveyOption,
    SurveySection,
)

CHANNELS: Mapping[SurveyChannel, object] = {
    SurveyChannel.WEB: _l("web"),
    SurveyChannel.QR: _l("QR code"),
    SurveyChannel.PHONE: _l("telephone survey"),
    SurveyChannel.IN_PERSON: _l("survey in person"),
}
KINDS: Mapping[ItemKind, object] = {
    ItemKind.FIVE_POINT: _l("Five points, with “no opinion”"),
    ItemKind.SINGLE_CHOICE: _l("One of several choices"),
    ItemKind.OPEN_TEXT: _l("Open text"),
}
STAGES: Mapping[SurveyStage, object] = {
    SurveyStage.COMING: _l("not yet"),
    SurveyStage.RUNNING: _l("running"),
    SurveyStage.OVER: _l("over"),
}
LEVEL_WORDS: Mapping[int, object] = {
    5: _l("Very satisfied"),
    4: _l("Satisfied"),
    3: _l("Neither"),
    2: _l("Not satisfied"),
    1: _l("Not satisfied at all"),
    0: _l("No opinion"),
}


def survey_name(thing: Survey | Instrument | SurveyOption) -> str:
    """The name of a survey, an instrument or a choice in the reader's language."""
    return thing.name_en if _is_english() else thing.name_vi


def item_text(item: SurveyItem) -> str:
    """What an item asks, in the reader's language."""
    return item.text_en if _is_english() else item.text_vi


def section_title(section: SurveySection) -> str:
    """A section's title in the reader's language."""
    return section.title_en if _is_english() else section.title_vi


def _is_english() -> bool:
    return str(get_locale()) == "en"
