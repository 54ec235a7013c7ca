"""The administrator's desk: the facts every report is routed, timed and shown by."""

from feedback.web.admin import counters, history, start, units
from feedback.web.admin.blueprint import pages

__all__ = ["counters", "history", "pages", "start", "units"]
