"""The desks of units and of the operations centre."""

from feedback.web.staff import cases, desk, dispatching, intake, queue, triage

__all__ = ["cases", "desk", "dispatching", "intake", "queue", "triage"]
