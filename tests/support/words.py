"""The product's own words in a language, so that a journey reads like the English messages."""

from collections.abc import Callable
from typing import Any

from babel.support import Translations

from config import ROOT

Words = Callable[..., str]


def words_of(locale: str) -> Words:
    """A function that gives an English message in the language of `locale`, its %(names)s filled.

    Raises AssertionError for a message the catalogue does not have.
    """
    if locale.startswith("en"):
        return lambda message, **values: message % values if values else message
    catalogue: Any = Translations.load(ROOT / "feedback" / "translations", [locale[:2]])
    known: dict[str, str] = catalogue._catalog

    def say(message: str, **values: object) -> str:
        assert known.get(message), f"{message!r} has no words in {locale}"
        return known[message] % values if values else known[message]

    return say
