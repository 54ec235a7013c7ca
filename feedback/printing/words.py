"""What has to be done to people's words before they can stand on paper."""

import re
from collections.abc import Mapping
from typing import Any

LONGEST_WORD = 36
PIECE = 6
# An invisible place at which a line may end.
_BREAK = "\u200b"
_LONG = re.compile(rf"[^\s\u200b]{{{LONGEST_WORD + 1},}}")
# Half a pair of UTF-16 is no text; the other signs move or hide what stands beside them.
_UNFIT = re.compile(
    "[\ud800-\udfff\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]"
)


def breakable(value: Any) -> Any:
    """Plain data with every text made fit for print.

    Signs nobody can print are left out, among them those that turn the direction of the line, and
    words longer than a line can hold get places to break at.
    """
    if isinstance(value, str):
        return _LONG.sub(_with_breaks, _UNFIT.sub("", value))
    if isinstance(value, Mapping):
        return {key: breakable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [breakable(one) for one in value]
    return value


def _with_breaks(match: re.Match[str]) -> str:
    word = match[0]
    pieces = (word[at : at + PIECE] for at in range(0, len(word), PIECE))
    return _BREAK.join(pieces)
