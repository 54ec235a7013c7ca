"""The administrator's desk: the facts every report is routed, timed and shown by."""

from feedback.web.admin import (
    accounts,
    areas,
    calendar,
    categories,
    counters,
    history,
    imports,
    instruments,
    letter_templates,
    levels,
    reply_templates,
    rules,
    start,
    surveys,
    units,
)
from feedback.web.admin.blueprint import pages

__all__ = [
    "accounts",
    "areas",
    "calendar",
    "categories",
    "counters",
    "history",
    "imports",
    "instruments",
    "letter_templates",
    "levels",
    "pages",
    "reply_templates",
    "rules",
    "start",
    "surveys",
    "units",
]
