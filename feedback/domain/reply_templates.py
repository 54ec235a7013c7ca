"""Texts that units write again and again, with places for what differs from case to case."""

from collections.abc import Mapping
from enum import StrEnum

from feedback.domain.placeholders import Placeholders


class Placeholder(StrEnum):
    """What a template can leave open, as it is written between braces."""

    CODE = "code"
    CATEGORY = "category"
    PLACE = "place"
    UNIT = "unit"
    DATE = "date"


# The same in the staff's first language.
VIETNAMESE = {
    "mã": Placeholder.CODE,
    "lĩnh vực": Placeholder.CATEGORY,
    "địa điểm": Placeholder.PLACE,
    "đơn vị": Placeholder.UNIT,
    "ngày": Placeholder.DATE,
}
_KNOWN = Placeholders(Placeholder, VIETNAMESE)


def unknown_placeholders(text: str) -> list[str]:
    """What stands between braces in a text and is none of the placeholders, each once."""
    return _KNOWN.unknown_in(text)


def fill(text: str, values: Mapping[Placeholder, str]) -> str:
    """The text with its placeholders replaced; anything else in braces stays as it is."""
    return _KNOWN.fill(text, values)
