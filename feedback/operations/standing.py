"""How a report stands at one moment: its round, live assignments and lead. Changes nothing."""

from datetime import date, datetime

from feedback.domain.actors import Actor
from feedback.domain.calendar import Calendar
from feedback.domain.errors import Conflict, NotFound
from feedback.domain.states import ENDED_ASSIGNMENT_STATES
from feedback.operations.reference import Reference
from feedback.storage.models import Assignment, Report, Round
from feedback.storage.queries import histories


class Standing:
    """A report as one actor finds it at one moment, within one transaction."""

    def __init__(self, reference: Reference, report: Report, actor: Actor, now: datetime) -> None:
        self.reference = reference
        self.session = reference.session
        self.city = reference.city
        self.report = report
        self.actor = actor
        self.now = now
        self._lead = next(
            (a for a in report.assignments if a.id == report.lead_assignment_id), None
        )

    @property
    def calendar(self) -> Calendar:
        """The working calendar in its current version."""
        return self.reference.calendar

    @property
    def today(self) -> date:
        """The local day of the change."""
        return self.calendar.local_day(self.now)

    @property
    def round(self) -> Round | None:
        """The latest round, open or closed."""
        return self.report.rounds[-1] if self.report.rounds else None

    @property
    def open_round(self) -> Round | None:
        """The round under way."""
        current = self.round
        return current if current is not None and current.closed_at is None else None

    @property
    def live_assignments(self) -> list[Assignment]:
        """Those of the open round that have not ended, approved ones included, oldest first."""
        current = self.open_round
        if current is None:
            return []
        return [
            assignment
            for assignment in self.report.assignments
            if assignment.round is current and assignment.state not in ENDED_ASSIGNMENT_STATES
        ]

    @property
    def lead(self) -> Assignment | None:
        """The live assignment that leads."""
        return self._lead if self._lead in self.live_assignments else None

    def assignment(self, assignment_id: int) -> Assignment:
        """One assignment of this report. Raises NotFound."""
        for assignment in self.report.assignments:
            if assignment.id == assignment_id:
                return assignment
        raise NotFound("assignment_not_found")

    def expect_version(self, seen: int | None) -> None:
        """Refuse a change made to an old view of the report.

        `seen` is the version the actor was looking at, None for changes that need no view. Raises
        Conflict with `changes`: the kinds of what happened since.
        """
        if seen is None or seen == self.report.version:
            return
        since = histories.after_version(self.session, self.report.id, seen)
        raise Conflict("changed_meanwhile", changes=[entry.kind.value for entry in since])
