"""Places in a text, written between braces, for what differs from case to case."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

_PLACE = re.compile(r"\{([^{}\n]{0,60})\}")
Name = TypeVar("Name", bound=StrEnum)


class Placeholders(Generic[Name]):
    """A closed list of placeholders, each by its word in English and in Vietnamese."""

    def __init__(self, names: type[Name], vietnamese: Mapping[str, Name]) -> None:
        self._known: Mapping[str, Name] = {**vietnamese, **{one.value: one for one in names}}

    def unknown_in(self, text: str) -> list[str]:
        """What stands between braces in a text and is none of these, each once."""
        found = (word for word in _PLACE.findall(text) if _spelt(word) not in self._known)
        return list(dict.fromkeys(found))

    def used_in(self, text: str) -> set[Name]:
        """Those a text leaves open."""
        return {
            self._known[_spelt(word)]
            for word in _PLACE.findall(text)
            if _spelt(word) in self._known
        }

    def fill(self, text: str, values: Mapping[Name, str]) -> str:
        """The text with its placeholders replaced; anything else in braces stays as it is."""

        def value(match: re.Match[str]) -> str:
            known = self._known.get(_spelt(match[1]))
            return match[0] if known is None else values[known]

        return _PLACE.sub(value, text)


def _spelt(word: str) -> str:
    return " ".join(word.split()).lower()
