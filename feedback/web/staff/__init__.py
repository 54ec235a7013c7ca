"""The desks of units and of the operations centre."""

from feedback.web.staff import (
    bulk,
    cases,
    counters,
    desk,
    dispatching,
    identities,
    intake,
    interviews,
    letters,
    notes,
    promises,
    queue,
    queue_file,
    saved_views,
    triage,
    unit_steps,
)

__all__ = [
    "bulk",
    "cases",
    "counters",
    "desk",
    "dispatching",
    "identities",
    "intake",
    "interviews",
    "letters",
    "notes",
    "promises",
    "queue",
    "queue_file",
    "saved_views",
    "triage",
    "unit_steps",
]
