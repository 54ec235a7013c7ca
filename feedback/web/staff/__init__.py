"""The desks of units and of the operations centre."""

from feedback.web.staff import cases, desk, identities, queue, triage

__all__ = ["cases", "desk", "identities", "queue", "triage"]
