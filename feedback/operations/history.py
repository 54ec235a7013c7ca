"""How a step becomes an entry of the history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedback.domain.actors import Actor
from feedback.domain.histories import HistoryKind
from feedback.domain.states import Outcome
from feedback.storage.models import Assignment, HistoryEntry, Report, Round


def entry_of(
    report: Report,
    kind: HistoryKind,
    actor: Actor,
    at: datetime,
    *,
    assignment: Assignment | None = None,
    unit_id: int | None = None,
    states: tuple[str | None, str | None] = (None, None),
    note: str = "",
    public: bool = False,
    claimed_at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
) -> HistoryEntry:
    """The entry of one step, for the version its change will bring the report to.

    `states` are the states left and reached, `claimed_at` a phone's own time, `data` what the kind
    says it holds (see `HistoryKind`).
    """
    return HistoryEntry(
        report=report,
        assignment=assignment,
        at=at,
        claimed_at=claimed_at,
        kind=kind,
        actor_kind=actor.kind,
        account_id=actor.account_id,
        unit_id=assignment.unit_id if assignment else unit_id,
        from_state=states[0],
        to_state=states[1],
        report_version=report.version + 1,
        note=note,
        public=public,
        data=dict(data or {}),
    )


def round_data(started: Round) -> dict[str, Any]:
    """What the history keeps of a round's start: all a later reader needs to judge its times."""
    return {
        "number": started.number,
        "clock": started.clock.value,
        "original_due": started.original_due.isoformat(),
        "due": started.due.isoformat(),
        "waiting_limit": started.service_level.waiting_limit_minutes,
        "calendar_version": started.calendar_version,
    }


def close_data(closed: Round, minutes: int) -> dict[str, Any]:
    """What the history keeps of a round's close; `minutes` is its whole length on its clock."""
    return {
        "number": closed.number,
        "outcome": Outcome(closed.outcome or "").value,
        "promised_on": closed.promised_on.isoformat() if closed.promised_on else None,
        # A calendar corrected meanwhile can have fewer minutes than were waited.
        "minutes": max(0, minutes - closed.waited_minutes),
        "waited": closed.waited_minutes,
        "calendar_version": closed.calendar_version,
    }
