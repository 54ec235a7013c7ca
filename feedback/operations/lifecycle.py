"""One report being changed: the only code that moves states, writes history and keeps the clock.

A use case opens a `Life` inside its transaction, takes its steps, and calls `settle`, which derives
the report's own state from its assignments, closes the round when all of it is approved, and notes
that the figures do not tell of it yet.
"""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback.domain import deadlines
from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.directory import LevelVersion
from feedback.domain.errors import Conflict, NotFound
from feedback.domain.histories import HistoryKind
from feedback.domain.permissions import parties_of, require_dispatcher
from feedback.domain.states import (
    ENDED_ASSIGNMENT_STATES,
    EXCLUDED_REPORT_STATES,
    FINISHED_REPORT_STATES,
    AssignmentState,
    ReportState,
)
from feedback.domain.timelines import is_first_answer
from feedback.domain.transitions import Need, Party, check_assignment_step, check_report_step
from feedback.operations import history
from feedback.operations.after_change import promise_work_on
from feedback.operations.case_requests import drop_overtaken
from feedback.operations.city import City
from feedback.operations.reference import Reference
from feedback.operations.stale_figures import mark_report
from feedback.operations.standing import Standing
from feedback.storage.models import Assignment, Report, Round
from feedback.storage.queries import reports


class Life(Standing):
    """A report in the hands of one actor at one moment, within one transaction."""

    def __init__(self, reference: Reference, report: Report, actor: Actor, now: datetime) -> None:
        super().__init__(reference, report, actor, now)
        self._entries: list[tuple[Assignment | None, dict[str, Any]]] = []
        self._moved: set[Assignment] = set()

    @classmethod
    def open(
        cls, session: Session, city: City, report_id: int, actor: Actor, now: datetime
    ) -> "Life":
        """Lock a report and open its life. Raises NotFound."""
        report = reports.for_change(session, report_id)
        if report is None:
            raise NotFound("report_not_found")
        return cls(Reference(session, city), report, actor, now)

    # Steps

    def record(
        self,
        kind: HistoryKind,
        *,
        assignment: Assignment | None = None,
        unit_id: int | None = None,
        states: tuple[str | None, str | None] = (None, None),
        note: str = "",
        public: bool = False,
        claimed_at: datetime | None = None,
        data: Mapping[str, Any] | None = None,
        by: Actor | None = None,
    ) -> None:
        """Append a history entry, which `settle` writes; `by` stands in for the actor."""
        self.report.changed_at = self.now
        if self.report.first_answered_at is None and is_first_answer(kind, public=public):
            self.report.first_answered_at = self.now
        entry = history.entry_of(
            kind,
            by or self.actor,
            self.now,
            report_version=self.report.version + 1,
            unit_id=assignment.unit_id if assignment else unit_id,
            states=states,
            note=note,
            public=public,
            claimed_at=claimed_at,
            data=data,
        )
        self._entries.append((assignment, entry))

    def assign(
        self,
        unit_id: int,
        level: LevelVersion,
        *,
        rule_id: int | None = None,
        by: Actor | None = None,
    ) -> Assignment:
        """Give the report to a unit, opening a round of the service level when none is open.

        Raises Invalid when the unit does not exist today, NotAllowed when the actor may not,
        Conflict when the unit works on it already.
        """
        actor = by or self.actor
        exists = self.reference.directory.unit_exists(unit_id, self.today)
        given = {Need.UNIT_EXISTS} if exists else set()
        check_assignment_step(None, AssignmentState.DISPATCHED, parties_of(actor), given)
        if any(live.unit_id == unit_id for live in self.live_assignments):
            raise Conflict("unit_has_it")
        self._forget_returns()
        current = self.open_round or self._start_round(unit_id, level)
        leads = not self.live_assignments
        assignment = Assignment(
            report=self.report,
            round=current,
            unit_id=unit_id,
            rule_id=rule_id,
            state=AssignmentState.DISPATCHED,
            due=current.due,
            dispatched_at=self.now,
            version=1,
        )
        self.session.add(assignment)
        self.record(
            HistoryKind.DISPATCHED,
            assignment=assignment,
            states=(None, AssignmentState.DISPATCHED),
            public=True,
            data={"lead": leads, "rule_id": rule_id},
            by=actor,
        )
        if leads:
            self._name_lead(assignment)
        return assignment

    def move(
        self,
        assignment: Assignment,
        target: AssignmentState,
        kind: HistoryKind,
        *,
        given: Set[Need] = frozenset(),
        by: Actor | None = None,
        note: str = "",
        public: bool = False,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Take one step of an assignment, if the table allows it to this actor.

        Raises Conflict, NotAllowed or Invalid as `check_assignment_step`, Conflict too for an
        assignment of an earlier round.
        """
        if assignment not in self.live_assignments:
            raise Conflict("assignment_ended")
        parties = parties_of(by or self.actor, assignment.unit_id)
        check_assignment_step(assignment.state, target, parties, given)
        source = assignment.state
        if source is AssignmentState.WAITING and assignment is self.lead:
            self._stop_waiting(assignment)
        assignment.state = target
        assignment.version += 1
        assignment.waiting_since = self.now if target is AssignmentState.WAITING else None
        assignment.replied_at = None
        if target in ENDED_ASSIGNMENT_STATES:
            assignment.ended_at = self.now
        assignment.return_undecided = target is AssignmentState.RETURNED
        self._moved.add(assignment)
        told = dict(data or {})
        if source is AssignmentState.DISPATCHED:
            told["held"] = deadlines.clock_minutes_between(
                assignment.round.clock, self.calendar, assignment.dispatched_at, self.now
            )
        if target is AssignmentState.WAITING:
            told["lead"] = assignment is self.lead
            if told["lead"]:
                assignment.round.waiting_since = self.now
        self.record(
            kind,
            assignment=assignment,
            states=(source, target),
            note=note,
            public=public,
            data=told,
            by=by,
        )

    def move_report(
        self,
        target: ReportState,
        kind: HistoryKind,
        *,
        given: Set[Need] = frozenset(),
        by: Actor | None = None,
        note: str = "",
        public: bool = False,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Take one step of the report itself; raises as `check_report_step`."""
        source = self.report.state
        check_report_step(source, target, parties_of(by or self.actor), given)
        self.report.state = target
        self.record(kind, states=(source, target), note=note, public=public, data=data, by=by)
        if target in FINISHED_REPORT_STATES:
            self._forget_returns()
        if target in EXCLUDED_REPORT_STATES:
            self._withdraw_assignments()

    def name_lead(self, assignment: Assignment) -> None:
        """Have another live assignment lead, as the dispatcher wishes.

        Raises NotAllowed for anybody else, Conflict for an assignment that has ended or leads.
        """
        require_dispatcher(self.actor)
        if assignment not in self.live_assignments:
            raise Conflict("assignment_ended")
        if assignment is self.lead:
            raise Conflict("leads_already")
        self._name_lead(assignment, by=self.actor)

    def settle(self) -> None:
        """Bring the report in line with its assignments, write its history, mark its change.

        All is written here, in few statements: a new report, its round and assignment at once, then
        the entries and marks, whose ids nobody needs.
        """
        if self.report.state not in EXCLUDED_REPORT_STATES:
            self._derive_state()
        drop_overtaken(self.session, self._moved, self.now)
        self.report.version += 1
        self.session.add(self.report)
        self.session.flush()
        reports.hold(self.session, self.report)
        history.point_to_lead(self.session, self.report, self._lead)
        history.append_entries(self.session, self.report, self._entries)
        kinds = {entry["kind"] for _, entry in self._entries}
        promise_work_on(self.session, self.city, self.report, kinds, self.now)
        self._entries = []
        mark_report(self.session, self.report, self.now)

    # How they are kept

    def _start_round(self, unit_id: int, level: LevelVersion) -> Round:
        due = deadlines.original_due(level.terms, self.calendar, self.now)
        current = Round(
            report=self.report,
            number=len(self.report.rounds) + 1,
            unit_id=unit_id,
            service_level_id=level.id,
            clock=level.terms.clock,
            calendar_version=self.calendar.version,
            started_at=self.now,
            original_due=due,
            due=due,
            waited_minutes=0,
        )
        self.session.add(current)
        self.report.due = due
        self.report.closed_at = None
        self.report.outcome = None
        self.record(
            HistoryKind.ROUND_STARTED,
            unit_id=unit_id,
            data=history.round_data(current, level.terms),
            by=SYSTEM,
        )
        return current

    def _withdraw_assignments(self) -> None:
        """End by itself what units had of a report that has left them all, answers included."""
        for assignment in self.live_assignments:
            self.move(
                assignment,
                AssignmentState.WITHDRAWN,
                HistoryKind.ASSIGNMENT_WITHDRAWN,
                by=SYSTEM,
            )

    def _forget_returns(self) -> None:
        """What units gave back needs no decision any more: one has been taken."""
        for assignment in self.report.assignments:
            if assignment.return_undecided:
                assignment.return_undecided = False

    def _name_lead(self, assignment: Assignment, *, by: Actor = SYSTEM) -> None:
        if self.lead is not None:
            self._stop_waiting(self.lead)
        self._lead = assignment
        self.report.unit_id = assignment.unit_id
        assignment.round.unit_id = assignment.unit_id
        waits = assignment.state is AssignmentState.WAITING
        assignment.round.waiting_since = self.now if waits else None
        self.record(HistoryKind.LEAD_NAMED, assignment=assignment, data={"waiting": waits}, by=by)

    def _stop_waiting(self, assignment: Assignment) -> None:
        """Add the lead's waiting to the round's due moment, up to the level's limit."""
        current = assignment.round
        if current.waiting_since is None:
            return
        terms = self.reference.directory.level(current.service_level_id).terms
        minutes = deadlines.waited_minutes(
            terms, self.calendar, current.waiting_since, self.now, current.waited_minutes
        )
        current.waiting_since = None
        current.waited_minutes += minutes
        self.record(
            HistoryKind.WAITING_ENDED, assignment=assignment, data={"minutes": minutes}, by=SYSTEM
        )
        if minutes:
            due = deadlines.due_after_waiting(terms, self.calendar, current.due, minutes)
            self.move_due(current, due, why="waiting")

    def move_due(
        self,
        current: Round,
        due: datetime,
        *,
        why: str,
        original_due: datetime | None = None,
        by: Actor = SYSTEM,
        note: str = "",
    ) -> None:
        """Set a round's due moment.

        `original_due` stays, since it is what was promised; only a correction of the calendar, by
        which it was promised, moves it as well.
        """
        current.due = due
        current.original_due = original_due or current.original_due
        self.report.due = due
        for assignment in self.live_assignments:
            assignment.due = due
        self.record(
            HistoryKind.DUE_MOVED,
            unit_id=current.unit_id,
            data={
                "original_due": current.original_due.isoformat(),
                "due": due.isoformat(),
                "why": why,
            },
            by=by,
            note=note,
        )

    def _derive_state(self) -> None:
        live = self.live_assignments
        if not live:
            self._return_to_received()
            return
        if self.lead is None:
            self._name_lead(live[0])
        lead = self.lead or live[0]
        shown = (
            ReportState.ANSWERED
            if lead.state is AssignmentState.APPROVED
            else ReportState(lead.state.value)
        )
        if shown is not self.report.state:
            check_report_step(self.report.state, shown, {Party.SYSTEM})
            self.report.state = shown
        if all(assignment.state is AssignmentState.APPROVED for assignment in live):
            self._close()

    def _return_to_received(self) -> None:
        """With no live assignment an unfinished report is the dispatcher's again."""
        if self.report.state is ReportState.CLOSED:
            return
        self._lead = None
        if self.report.state is ReportState.RECEIVED:
            return
        check_report_step(self.report.state, ReportState.RECEIVED, {Party.SYSTEM}, {Need.NONE_LIVE})
        self.report.state = ReportState.RECEIVED

    def _close(self) -> None:
        lead, current = self.lead, self.open_round
        if lead is None or current is None:
            raise RuntimeError("a report without an open round cannot close")
        minutes = deadlines.clock_minutes_between(
            current.clock, self.calendar, current.started_at, self.now
        )
        current.closed_at = self.now
        current.outcome = lead.outcome
        current.promised_on = lead.promised_on
        current.calendar_version = self.calendar.version
        # A calendar corrected meanwhile can have fewer minutes than were waited.
        current.minutes = max(0, minutes - current.waited_minutes)
        self.report.closed_at = self.now
        self.report.outcome = lead.outcome
        self.move_report(
            ReportState.CLOSED,
            HistoryKind.CLOSED,
            given={Need.ALL_APPROVED},
            public=True,
            data=history.close_data(current),
            by=SYSTEM,
        )
