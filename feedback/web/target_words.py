"""Targets in the reader's words: what is kept of them are codes and numbers."""

from datetime import datetime
from typing import Any

from feedback.domain.share_measures import ShareMeasure
from feedback.web.context import city
from feedback.wording.measures import share_word
from feedback.wording.targets import hundredths, period_name


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
    return share_word(ShareMeasure(code))
