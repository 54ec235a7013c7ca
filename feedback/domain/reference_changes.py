"""What can be changed of reference data, and how a change is told: the fields that differ.

A change keeps what the fields were and what they became, in words a person reads years later: a
unit or an account is named, not numbered, since names change too.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any


class ReferenceKind(StrEnum):
    """What was changed."""

    UNIT = "unit"
    ACCOUNT = "account"
    CATEGORY_GROUP = "category_group"
    CATEGORY = "category"
    SERVICE_LEVEL = "service_level"
    ROUTING_RULE = "routing_rule"
    CALENDAR = "calendar"
    AREAS = "areas"
    COUNTER = "counter"
    REPLY_TEMPLATE = "reply_template"
    INSTRUMENT = "instrument"
    SURVEY = "survey"
    LETTER_TEMPLATE = "letter_template"
    TARGET = "target"
    REPORTS = "reports"


class ChangeAction(StrEnum):
    """What was done to it."""

    CREATED = "created"
    CHANGED = "changed"
    ENDED = "ended"
    REMOVED = "removed"
    DISSOLVED = "dissolved"
    DISABLED = "disabled"
    ENABLED = "enabled"
    NEW_PASSWORD = "new_password"  # noqa: S105 (a word, no secret)
    SECOND_FACTOR_RESET = "second_factor_reset"
    IMPORTED = "imported"


Facts = Mapping[str, Any]


def difference(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields in which two states of a thing differ, as they were and as they are, for JSON.

    A field that one of the two lacks counts as None there.
    """
    plain_before, plain_after = _plain(before), _plain(after)
    names = [*plain_before, *(name for name in plain_after if name not in plain_before)]
    differing = [name for name in names if plain_before.get(name) != plain_after.get(name)]
    return (
        {name: plain_before.get(name) for name in differing},
        {name: plain_after.get(name) for name in differing},
    )


def _plain(facts: Facts) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }
