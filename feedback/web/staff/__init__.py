"""The desks of units and of the operations centre."""

from feedback.web.staff import (
    cases,
    counters,
    desk,
    dispatching,
    identities,
    intake,
    queue,
    triage,
)

__all__ = ["cases", "counters", "desk", "dispatching", "identities", "intake", "queue", "triage"]
