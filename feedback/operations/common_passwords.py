"""Whether a password is among those that everybody tries first.

`common_passwords/whole.txt` holds some thousand passwords of twelve signs and more, as they stand
in lists of leaked ones; `stems.txt` the words that people put digits and signs around when a form
asks for a longer one. `scripts/make_common_passwords.py` says where both come from.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from feedback.domain.text import fold

_FOLDER = Path(__file__).with_name("common_passwords")
_PRODUCT = ("feedback", "field report", "phản ánh", "phản ánh hiện trường")
_OWN_LETTERS = 4  # so many letters must be one's own beside the words that anybody would try here


def is_common(password: str, context: Iterable[str] = ()) -> bool:
    """Whether a password is a well-known one, or made of well-known words and decoration.

    `context` are the words that suggest themselves here: the city's name, the login. Marks,
    capitals and blanks make no difference.
    """
    plain = _plain(password)
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    if plain in _lines("whole.txt") or core in _lines("stems.txt"):
        return True
    return _repeats(plain) or _is_only_context(plain, [*_PRODUCT, *context])


def _repeats(plain: str) -> bool:
    """Whether it is one short piece again and again."""
    piece = (f"{plain}{plain}").find(plain, 1)  # the shortest piece that makes the whole
    return piece * 2 <= len(plain) and (piece <= 6 or plain[:piece] in _lines("stems.txt"))


def _is_only_context(plain: str, context: Iterable[str]) -> bool:
    letters, found = plain, False
    words = {_plain(part) for phrase in context for part in (phrase, *phrase.split())}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 3 and word in letters:
            letters, found = letters.replace(word, " "), True
    return found and len(re.sub(r"[^a-z]", "", letters)) < _OWN_LETTERS


def _plain(text: str) -> str:
    return "".join(fold(text).split())


@cache
def _lines(name: str) -> frozenset[str]:
    return frozenset((_FOLDER / name).read_text(encoding="utf-8").split())
