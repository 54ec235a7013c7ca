"""Targets in the reader's words: what is kept of them are codes and numbers."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from feedback.domain.periods import period_named
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.share_words import SHARE_NAMES, period_message
from feedback.domain.targets import HUNDRED_PERCENT, calendar_window
from feedback.web.context import city
from feedback.web.formats import percent
from feedback.web.wording import _


def target_name(kept: str) -> str:
    """Which target a change is of: its unit, share and period; what is kept otherwise, as it is."""
    measure, _gap, rest = kept.partition(" ")
    period, _gap, unit = rest.partition(" ")
    try:
        return " · ".join((unit, measure_name(measure), period_name(period)))
    except ValueError:
        return kept


def target_words(field: str, value: Any) -> str:
    """One value of a target in words; nothing for the fields of other things."""
    if field == "measure":
        return measure_name(value)
    if field in {"period", "base_period"}:
        return period_name(value)
    if field == "target_value":
        return hundredths(value)
    if field == "signed_at":
        return f"{datetime.fromisoformat(value).astimezone(city().zone):%H:%M %d/%m/%Y}"
    return ""


def measure_name(code: str) -> str:
    """What a share is called. Raises ValueError for none."""
    return _(SHARE_NAMES[ShareMeasure(code)])


def period_name(name: str) -> str:
    """A month, quarter or year as people say it, though it may lie ahead. Raises ValueError."""
    message, places = period_message(period_named(name, calendar_window(name).last))
    return _(message, **places)


def hundredths(value: int) -> str:
    """Hundredths of a percent: "95 %", "92,50 %"."""
    return str(percent(Fraction(value, HUNDRED_PERCENT), 0 if value % 100 == 0 else 2))
