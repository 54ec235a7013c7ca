"""How a step becomes an entry of the history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from feedback.domain.actors import Actor
from feedback.domain.deadlines import ServiceLevelTerms
from feedback.domain.histories import HistoryKind
from feedback.domain.states import Outcome
from feedback.storage.models import Assignment, HistoryEntry, Report, Round
from feedback.storage.tables import table_of

# On the tables themselves: nothing of it is in the session's hands.
_APPEND = insert(table_of(HistoryEntry))
_POINT = (
    update(table_of(Report))
    .where(table_of(Report).c.id == bindparam("of_report"))
    .values(lead_assignment_id=bindparam("lead_id"))
)


def entry_of(
    kind: HistoryKind,
    actor: Actor,
    at: datetime,
    *,
    report_version: int,
    unit_id: int | None,
    states: tuple[str | None, str | None],
    note: str,
    public: bool,
    claimed_at: datetime | None,
    data: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The entry of one step as column values, but for what it belongs to.

    `states` are the states left and reached, `report_version` the version the change brings the
    report to, `claimed_at` a phone's own time, `data` what the kind says it holds (see
    `HistoryKind`).
    """
    return {
        "at": at,
        "claimed_at": claimed_at,
        "kind": kind,
        "actor_kind": actor.kind,
        "account_id": actor.account_id,
        "unit_id": unit_id,
        "from_state": states[0],
        "to_state": states[1],
        "report_version": report_version,
        "note": note,
        "public": public,
        "data": dict(data or {}),
    }


def append_entries(
    session: Session,
    report: Report,
    entries: Iterable[tuple[Assignment | None, dict[str, Any]]],
) -> None:
    """Write entries in their order, in one statement; report and assignments are stored already."""
    rows = [
        {
            **entry,
            "report_id": report.id,
            "assignment_id": assignment.id if assignment else None,
        }
        for assignment, entry in entries
    ]
    append_rows(session, rows)


def append_rows(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write whole entries, of one report or of many, in their order and in one statement."""
    if rows:
        session.execute(_APPEND, rows)


def point_to_lead(session: Session, report: Report, lead: Assignment | None) -> None:
    """Write which assignment leads, now that it has an id.

    Report and assignment name each other, so one of the two names must be written afterwards.
    """
    lead_id = lead.id if lead else None
    if lead_id == report.lead_assignment_id:
        return
    write_leads(session, [(report.id, lead_id)])
    set_committed_value(report, "lead_assignment_id", lead_id)


def write_leads(session: Session, leads: Iterable[tuple[int, int | None]]) -> None:
    """Write which assignment leads each of some reports, as pairs of their ids."""
    rows = [{"of_report": report_id, "lead_id": lead_id} for report_id, lead_id in leads]
    session.execute(_POINT, rows)


def round_data(started: Round, terms: ServiceLevelTerms) -> dict[str, Any]:
    """What the history keeps of a round's start: all a later reader needs to judge its times."""
    return {
        "number": started.number,
        "clock": started.clock.value,
        "original_due": started.original_due.isoformat(),
        "due": started.due.isoformat(),
        "waiting_limit": terms.waiting_limit_minutes,
        "calendar_version": started.calendar_version,
    }


def close_data(closed: Round) -> dict[str, Any]:
    """What the history keeps of a round's close."""
    return {
        "number": closed.number,
        "outcome": Outcome(closed.outcome or "").value,
        "promised_on": closed.promised_on.isoformat() if closed.promised_on else None,
        "minutes": closed.minutes,
        "waited": closed.waited_minutes,
        "calendar_version": closed.calendar_version,
    }
