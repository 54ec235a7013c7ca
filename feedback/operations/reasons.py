"""The words a person gives for a step, as they are stored and measured."""

from feedback.domain.errors import Invalid
from feedback.domain.text import normalise
from feedback.domain.transitions import Need

MAX_REASON = 2_000


def clean(words: str, field: str = "reason") -> str:
    """Words as they are stored; Invalid naming the field when there are too many."""
    words = normalise(words)
    if len(words) > MAX_REASON:
        raise Invalid({field: "too_long"})
    return words


def given_reason(reason: str) -> set[Need]:
    """Whether the need for a reason is met."""
    return {Need.REASON} if reason else set()
