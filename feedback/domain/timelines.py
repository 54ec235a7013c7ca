"""What a report's history says about it: the facts every figure is counted from.

A pure fold of the entries up to a moment. What runs on with the clock (the due moment while the
lead waits, the time an open round has taken so far) is asked of the facts, with that moment.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from feedback.domain import deadlines
from feedback.domain.calendar import Calendar
from feedback.domain.histories import Entry, HistoryKind
from feedback.domain.states import Clock, Outcome, RatingLevel


@dataclass(slots=True)
class RoundFacts:
    """One round. `unit_id` is its last lead unit, `due` its due moment as last written down.

    `minutes` is its time to answer, of closed rounds only: minutes of `clock` from start to close
    by the calendar of the close, the lead's waiting taken out. The rating is the last one given.
    """

    number: int
    started_at: datetime
    clock: Clock
    waiting_limit_minutes: int
    original_due: datetime
    due: datetime
    unit_id: int | None = None
    waited_minutes: int = 0
    waiting_since: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    minutes: int | None = None
    rating: RatingLevel | None = None
    rated_at: datetime | None = None
    reopened: bool = False

    def due_at(self, as_of: datetime, calendar: Calendar) -> datetime:
        """The due moment as it stands at `as_of`, with the time the lead has waited so far."""
        if self.waiting_since is None:
            return self.due
        waited = self._waiting_so_far(self.waiting_since, as_of, calendar)
        return deadlines.due_after_waiting(self, calendar, self.due, waited)

    def minutes_so_far(self, as_of: datetime, calendar: Calendar) -> int:
        """Minutes of the clock an open round has taken by `as_of`, the lead's waiting taken out."""
        taken = deadlines.clock_minutes_between(self.clock, calendar, self.started_at, as_of)
        waited = self.waited_minutes
        if self.waiting_since is not None:
            waited += self._waiting_so_far(self.waiting_since, as_of, calendar)
        return max(0, taken - waited)

    def _waiting_so_far(self, since: datetime, as_of: datetime, calendar: Calendar) -> int:
        return deadlines.waited_minutes(self, calendar, since, as_of, self.waited_minutes)


@dataclass(slots=True)
class ReportFacts:
    """One report. `excluded`: rejected, a duplicate or withdrawn, and not taken back since."""

    report_id: int
    received_at: datetime
    category_id: int | None = None
    area_id: int | None = None
    excluded: bool = False
    rounds: list[RoundFacts] = field(default_factory=list)

    @property
    def unit_id(self) -> int | None:
        """The unit a report counts for: the last lead of its last round."""
        return self.rounds[-1].unit_id if self.rounds else None

    @property
    def open(self) -> bool:
        """Neither closed nor excluded."""
        closed = bool(self.rounds) and self.rounds[-1].closed_at is not None
        return not self.excluded and not closed


def facts(entries: Iterable[Entry], as_of: datetime) -> ReportFacts | None:
    """The facts of one report at `as_of`, from its entries in the order they were written.

    None when it had not come in by then. An entry after `as_of` ends the reading: what was written
    behind it was written later, whatever its own clock says.
    """
    report: ReportFacts | None = None
    for entry in takewhile(lambda one: one.at <= as_of, entries):
        if entry.kind is HistoryKind.RECEIVED:
            report = ReportFacts(
                entry.report_id,
                entry.at,
                category_id=entry.data.get("category_id"),
                area_id=entry.data.get("area_id"),
            )
            continue
        step = _STEPS.get(entry.kind)
        if step is not None and report is not None:
            step(report, entry)
    return report


def _categorised(report: ReportFacts, entry: Entry) -> None:
    report.category_id = entry.data["category_id"]


def _round_started(report: ReportFacts, entry: Entry) -> None:
    data = entry.data
    report.rounds.append(
        RoundFacts(
            number=data["number"],
            started_at=entry.at,
            clock=Clock(data["clock"]),
            waiting_limit_minutes=data["waiting_limit"],
            original_due=_moment(data["original_due"]),
            due=_moment(data["due"]),
            unit_id=entry.unit_id,
        )
    )


def _lead_named(report: ReportFacts, entry: Entry) -> None:
    current = report.rounds[-1]
    current.unit_id = entry.unit_id
    current.waiting_since = entry.at if entry.data.get("waiting") else None


def _question_asked(report: ReportFacts, entry: Entry) -> None:
    if entry.data.get("lead"):
        report.rounds[-1].waiting_since = entry.at


def _waiting_ended(report: ReportFacts, entry: Entry) -> None:
    current = report.rounds[-1]
    current.waiting_since = None
    current.waited_minutes += entry.data["minutes"]


def _due_moved(report: ReportFacts, entry: Entry) -> None:
    current = report.rounds[-1]
    current.original_due = _moment(entry.data["original_due"])
    current.due = _moment(entry.data["due"])


def _closed(report: ReportFacts, entry: Entry) -> None:
    current = report.rounds[-1]
    current.closed_at = entry.at
    current.outcome = Outcome(entry.data["outcome"])
    current.minutes = entry.data["minutes"]
    current.waiting_since = None


def _reopened(report: ReportFacts, _entry: Entry) -> None:
    report.rounds[-1].reopened = True


def _rated(report: ReportFacts, entry: Entry) -> None:
    rated = report.rounds[entry.data["number"] - 1]
    rated.rating = RatingLevel(entry.data["level"])
    rated.rated_at = entry.at


def _left(report: ReportFacts, _entry: Entry) -> None:
    report.excluded = True


def _came_back(report: ReportFacts, _entry: Entry) -> None:
    report.excluded = False


_STEPS: dict[HistoryKind, Callable[[ReportFacts, Entry], None]] = {
    HistoryKind.CATEGORISED: _categorised,
    HistoryKind.ROUND_STARTED: _round_started,
    HistoryKind.LEAD_NAMED: _lead_named,
    HistoryKind.QUESTION_ASKED: _question_asked,
    HistoryKind.WAITING_ENDED: _waiting_ended,
    HistoryKind.DUE_MOVED: _due_moved,
    HistoryKind.CLOSED: _closed,
    HistoryKind.REOPENED: _reopened,
    HistoryKind.RATED: _rated,
    HistoryKind.REJECTED: _left,
    HistoryKind.MARKED_DUPLICATE: _left,
    HistoryKind.WITHDRAWN: _left,
    HistoryKind.REJECTION_LIFTED: _came_back,
    HistoryKind.DUPLICATE_UNDONE: _came_back,
}
COUNTED_KINDS = frozenset({HistoryKind.RECEIVED, *_STEPS})


def _moment(words: Any) -> datetime:
    return datetime.fromisoformat(words).astimezone(UTC)
