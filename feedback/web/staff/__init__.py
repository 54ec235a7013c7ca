"""The desks of units and of the operations centre."""

from feedback.web.staff import cases, counters, desk, identities, queue, triage

__all__ = ["cases", "counters", "desk", "identities", "queue", "triage"]
from feedback.web.staff import dispatching, intake

__all__ = ["cases", "desk", "dispatching", "identities", "intake", "queue", "triage"]
