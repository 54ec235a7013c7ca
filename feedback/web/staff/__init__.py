"""The desks of units and of the operations centre."""

from feedback.web.staff import cases, desk, queue, triage

__all__ = ["cases", "desk", "queue", "triage"]
