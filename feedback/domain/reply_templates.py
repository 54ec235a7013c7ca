"""Texts that units write again and again, with places for what differs from case to case."""

import re
from collections.abc import Mapping
from enum import StrEnum

_PLACE = re.compile(r"\{([^{}\n]{0,60})\}")


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
_KNOWN = {**VIETNAMESE, **{one.value: one for one in Placeholder}}


def unknown_placeholders(text: str) -> list[str]:
    """What stands between braces in a text and is none of the placeholders, each once."""
    found = (word for word in _PLACE.findall(text) if _name(word) not in _KNOWN)
    return list(dict.fromkeys(found))


def fill(text: str, values: Mapping[Placeholder, str]) -> str:
    """The text with its placeholders replaced; anything else in braces stays as it is."""

    def value(match: re.Match[str]) -> str:
        known = _KNOWN.get(_name(match[1]))
        return match[0] if known is None else values[known]

    return _PLACE.sub(value, text)


def _name(word: str) -> str:
    return " ".join(word.split()).lower()
