"""The life of an import sent on a page, and what its refused rows have in common.

A file is checked first, by a dry run; a person who has seen what it would do starts it or lets it
be. One import at a time is unfinished: two at once would tell of each other's categories and units.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from feedback.domain.imported import Refusal

SHOWN_WORDS = 20
SHOWN_NAMES = 500


class ImportStage(StrEnum):
    """How far an import is."""

    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"

    @property
    def at_work(self) -> bool:
        """Whether a job is, or will be, at it."""
        return self in {ImportStage.CHECKING, ImportStage.RUNNING}


UNFINISHED = (ImportStage.CHECKING, ImportStage.CHECKED, ImportStage.RUNNING)


def tallied(found: Iterable[Refusal], *, left_out: bool) -> list[dict[str, Any]]:
    """Refusals by column and reason, the commonest first, for JSON.

    Each says how often, where first and the commonest values. `left_out` tells values of rows that
    were taken all the same from rows that were not.
    """
    groups: dict[tuple[str, str], list[Refusal]] = {}
    for one in found:
        groups.setdefault((one.column, one.reason), []).append(one)
    return [
        {
            "column": column,
            "reason": reason,
            "count": len(group),
            "line": group[0].line,
            "values": _commonest(group),
            "left_out": left_out,
        }
        for (column, reason), group in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]


def named(words: Sequence[str]) -> Mapping[str, Any]:
    """How many new names there are, and the first of them, for JSON."""
    return {"count": len(words), "names": list(words[:SHOWN_NAMES])}


def _commonest(group: Iterable[Refusal]) -> list[tuple[str, int]]:
    return Counter(one.value for one in group if one.value).most_common(SHOWN_WORDS)
