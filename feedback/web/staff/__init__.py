"""The desks of units and of the operations centre."""

from feedback.web.staff import cases, desk, identities, notes, queue, triage, unit_steps

__all__ = ["cases", "desk", "identities", "notes", "queue", "triage", "unit_steps"]
