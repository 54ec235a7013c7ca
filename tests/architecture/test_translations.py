"""Everything the product says can be read in Vietnamese."""

import ast

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from config import ROOT

CATALOGUE = ROOT / "feedback" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None}

Message = str | tuple[str, ...]


def said_in_code() -> set[Message]:
    """Every message the code and the templates hand to gettext."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found}


def catalogue() -> Catalog:
    """What has been translated."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


def translated(catalogue: Catalog) -> set[Message]:
    """The messages that have words in every form they need."""
    return {
        message.id
        for message in catalogue
        if message.id
        and (message.string if isinstance(message.string, str) else all(message.string))
    }


def test_every_sentence_has_its_vietnamese() -> None:
    assert said_in_code() - translated(catalogue()) == set()


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    assert translated(catalogue()) - said_in_code() == set()


def test_no_sentence_hides_in_a_formatted_string() -> None:
    """What is extracted from the code does not look inside them, so nobody would translate it."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "feedback").rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KEYWORDS
    ]
    assert hidden == []


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in catalogue() if message.fuzzy and message.id] == []
