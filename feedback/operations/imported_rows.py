"""Imported reports as rows: the report, its round and assignment, and the history they tell."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import insert
from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM
from feedback.domain.codes import make_code
from feedback.domain.deadlines import clock_minutes_between, original_due
from feedback.domain.histories import HistoryKind
from feedback.domain.imported import Fate, ImportedReport, ImportMapping, local_day
from feedback.domain.states import AssignmentState, PlaceSource, ReportState, Visibility
from feedback.domain.text import fold
from feedback.operations import history
from feedback.operations.imported_names import Names
from feedback.operations.reference import Reference, terms_of
from feedback.operations.stale_figures import local_days, note_days
from feedback.storage.database import take_ids
from feedback.storage.models import (
    Assignment,
    Report,
    Round,
    ServiceLevel,
)
from feedback.storage.queries import imports
from feedback.storage.tables import table_of

TOKEN_BYTES = 24
Step = tuple[bool, HistoryKind, datetime, tuple[str | None, str | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Store:
    """Where a file's reports are written: with what they mean here."""

    session: Session
    reference: Reference
    mapping: ImportMapping
    names: Names
    levels: Sequence[ServiceLevel]
    now: datetime

    def write(self, found: Sequence[ImportedReport]) -> None:
        """Write reports that are not known yet, and mark the days whose figures they change."""
        if not found:
            return
        rounds = [self._round(one) for one in found]
        codes = _free_codes(self.session, len(found))
        reports = [
            self._report(one, code, row["due"])
            for one, code, row in zip(found, codes, rounds, strict=True)
        ]
        report_ids = _inserted(self.session, Report, reports)
        owned = [
            row | {"report_id": report_id}
            for row, report_id in zip(rounds, report_ids, strict=True)
        ]
        round_ids = _inserted(self.session, Round, owned)
        assignments = [
            _assignment(one, row, round_id)
            for one, row, round_id in zip(found, owned, round_ids, strict=True)
        ]
        lead_ids = _inserted(self.session, Assignment, assignments)
        history.write_leads(self.session, zip(report_ids, lead_ids, strict=True))
        entries = [
            entry | {"report_id": report_id, "assignment_id": lead_id if in_unit else None}
            for one, report, row, report_id, lead_id in zip(
                found, reports, rounds, report_ids, lead_ids, strict=True
            )
            for in_unit, entry in self._entries(one, report, row)
        ]
        history.append_rows(self.session, entries)
        moments = {
            moment
            for one, row in zip(found, rounds, strict=True)
            for moment in (one.received_at, one.ended_at, row["due"])
            if moment is not None
        }
        note_days(self.session, local_days(moments, self.reference.city))

    def _report(self, one: ImportedReport, code: str, due: datetime) -> dict[str, Any]:
        closed = one.fate.outcome is not None
        return {
            "code": code,
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "submission_id": str(uuid5(NAMESPACE_URL, f"{self.mapping.source}:{one.key}")),
            "submission_digest": "",
            "version": 1,
            "state": _STATES.get(one.fate, ReportState.CLOSED),
            "visibility": Visibility.PRIVATE,
            "channel": one.channel,
            "language": self.mapping.language,
            "category_id": self.names.category_id(one.category),
            "area_id": self._area_id(one),
            "unit_id": self.names.unit_id(one.unit),
            "latitude": one.point[0] if one.point else None,
            "longitude": one.point[1] if one.point else None,
            "place_source": PlaceSource.MAP if one.point else None,
            "address_text": one.address,
            "text": one.text,
            "folded_text": fold(f"{one.text} {one.address}"),
            "received_at": one.received_at,
            "due": due,
            "closed_at": one.ended_at if closed else None,
            "first_answered_at": one.ended_at if closed else None,
            "outcome": one.fate.outcome,
            "changed_at": self.now,
            "source": self.mapping.source,
            "key_at_source": one.key,
        }

    def _area_id(self, one: ImportedReport) -> int | None:
        if one.point is None:
            return None
        areas = self.reference.areas(local_day(one.received_at, self.reference.city.zone))
        located = areas.locate(*one.point, self.reference.city.area_snap_metres)
        return located.area_id if located else None

    def _level(self, one: ImportedReport) -> ServiceLevel:
        """The version in force when the report came in, or the first one there was."""
        day = local_day(one.received_at, self.reference.city.zone)
        in_force = [level for level in self.levels if level.valid_from <= day]
        return in_force[-1] if in_force else self.levels[0]

    def _round(self, one: ImportedReport) -> dict[str, Any]:
        level, calendar = self._level(one), self.reference.calendar
        due = one.due or original_due(terms_of(level), calendar, one.received_at)
        minutes = None
        if one.fate.outcome is not None and one.ended_at is not None:
            minutes = clock_minutes_between(
                self.mapping.clock, calendar, one.received_at, one.ended_at
            )
        return {
            "number": 1,
            "unit_id": self.names.unit_id(one.unit),
            "service_level_id": level.id,
            "clock": self.mapping.clock,
            "calendar_version": calendar.version,
            "started_at": one.received_at,
            "original_due": due,
            "due": due,
            "waited_minutes": 0,
            "closed_at": one.ended_at if one.fate.outcome else None,
            "outcome": one.fate.outcome,
            "minutes": minutes,
        }

    def _entries(
        self, one: ImportedReport, report: dict[str, Any], row: dict[str, Any]
    ) -> list[tuple[bool, dict[str, Any]]]:
        """The history, each entry with whether it belongs to the unit's part."""
        kinds, states = HistoryKind, AssignmentState
        current = Round(**row)
        asked = {"category_id": report["category_id"], "area_id": report["area_id"]}
        started = history.round_data(current, terms_of(self._level(one)))
        at = one.received_at
        told: list[Step] = [
            (False, kinds.RECEIVED, at, (None, ReportState.RECEIVED), asked),
            (False, kinds.ROUND_STARTED, at, (None, None), started),
            (True, kinds.DISPATCHED, at, (None, states.DISPATCHED), {"lead": True}),
            (True, kinds.LEAD_NAMED, at, (None, None), {"waiting": False}),
        ]
        if one.ended_at is not None:
            at = one.ended_at
            told += _left(at) if one.fate is Fate.WITHDRAWN else _closed(at, current)
        return [
            (
                in_unit,
                history.entry_of(
                    kind,
                    SYSTEM,
                    moment,
                    report_version=1,
                    unit_id=row["unit_id"] if in_unit or kind is kinds.ROUND_STARTED else None,
                    states=steps,
                    note="",
                    public=False,
                    claimed_at=None,
                    data=data,
                ),
            )
            for in_unit, kind, moment, steps, data in told
        ]


def _left(at: datetime) -> list[Step]:
    kinds, states = HistoryKind, AssignmentState
    ended = (states.DISPATCHED, states.WITHDRAWN)
    return [
        (True, kinds.ASSIGNMENT_WITHDRAWN, at, ended, {}),
        (False, kinds.WITHDRAWN, at, (ReportState.DISPATCHED, ReportState.WITHDRAWN), {}),
    ]


def _closed(at: datetime, current: Round) -> list[Step]:
    kinds, states = HistoryKind, AssignmentState
    data = history.close_data(current)
    answered = {"outcome": data["outcome"], "promised_on": None}
    return [
        (True, kinds.ANSWERED, at, (states.DISPATCHED, states.ANSWERED), answered),
        (True, kinds.APPROVED, at, (states.ANSWERED, states.APPROVED), {}),
        (False, kinds.CLOSED, at, (ReportState.ANSWERED, ReportState.CLOSED), data),
    ]


def _inserted(session: Session, model: type[Any], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write rows and return their ids, in the order of the rows."""
    table = table_of(model)
    ids = take_ids(session, table, len(rows))
    numbered = [row | {"id": id_} for id_, row in zip(ids, rows, strict=True)]
    session.execute(insert(table), numbered)
    return ids


def _free_codes(session: Session, count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        more = {make_code(secrets.randbelow) for _ in range(count - len(codes))}
        codes |= more - imports.taken_codes(session, sorted(more))
    return list(codes)


def _assignment(one: ImportedReport, row: dict[str, Any], round_id: int) -> dict[str, Any]:
    return {
        "report_id": row["report_id"],
        "round_id": round_id,
        "unit_id": row["unit_id"],
        "state": _ASSIGNED.get(one.fate, AssignmentState.APPROVED),
        "due": row["due"],
        "dispatched_at": one.received_at,
        "ended_at": one.ended_at if one.fate is Fate.WITHDRAWN else None,
        "outcome": one.fate.outcome,
        "version": 1,
    }


_STATES = {Fate.OPEN: ReportState.DISPATCHED, Fate.WITHDRAWN: ReportState.WITHDRAWN}
_ASSIGNED = {Fate.OPEN: AssignmentState.DISPATCHED, Fate.WITHDRAWN: AssignmentState.WITHDRAWN}
