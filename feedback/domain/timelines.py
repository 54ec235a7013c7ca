"""What a report's history says about it: the facts every figure is counted from.

A pure fold of the entries up to a moment. What runs on with the clock (the due moment while the
lead waits, the time an open round has taken so far) is asked of the facts, with that moment.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import Any

from feedback.domain import deadlines
from feedback.domain.calendar import Calendar
from feedback.domain.histories import Entry, HistoryKind
from feedback.domain.states import Clock, Outcome, RatingLevel, ReportState


@dataclass(slots=True)
class RoundFacts:
    """One round. `unit_id` is its last lead unit, `due` its due moment as last written down.

    `minutes` is its time to answer, of closed rounds only: minutes of `clock` from start to close
    by the calendar of the close, the lead's waiting taken out. The rating is the last one given.
    What it promised for `promised_on` was shown to be done at `kept_at`, `kept_minutes` after its
    start, waiting taken out. `repeated`: another report told of the same again soon after.
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
    promised_on: date | None = None
    kept_at: datetime | None = None
    kept_minutes: int | None = None
    rating: RatingLevel | None = None
    rated_at: datetime | None = None
    reopened_at: datetime | None = None
    repeated: bool = False

    def due_at(self, as_of: datetime, calendar: Calendar) -> datetime:
        """The due moment as it stands at `as_of`, with the time the lead has waited so far."""
        if self.waiting_since is None:
            return self.due
        waited = self._waiting_so_far(self.waiting_since, as_of, calendar)
        return deadlines.due_after_waiting(self, calendar, self.due, waited)

    def minutes_so_far(self, as_of: datetime, calendar: Calendar) -> int:
        """Minutes of the clock from the start to `as_of`, the lead's waiting taken out."""
        taken = deadlines.clock_minutes_between(self.clock, calendar, self.started_at, as_of)
        waited = self.waited_minutes
        if self.waiting_since is not None:
            waited += self._waiting_so_far(self.waiting_since, as_of, calendar)
        return max(0, taken - waited)

    def _waiting_so_far(self, since: datetime, as_of: datetime, calendar: Calendar) -> int:
        return deadlines.waited_minutes(self, calendar, since, as_of, self.waited_minutes)


@dataclass(slots=True)
class HeldFacts:
    """A report at one unit until the unit took it up, or it went away again before.

    `minutes` of `clock` lie between the dispatch and that moment, by the calendar of then; None
    while the unit has not moved.
    """

    unit_id: int | None
    dispatched_at: datetime
    clock: Clock
    accepted: bool = False
    minutes: int | None = None


@dataclass(slots=True)
class Stay:
    """While a report was open: who held it and under which category, from one moment to another.

    `unit_id` is None while it lies with the dispatchers; `until` is None while it still is so.
    """

    since: datetime
    unit_id: int | None
    category_id: int | None
    until: datetime | None = None


@dataclass(slots=True)
class ReportFacts:
    """One report. `excluded_as`: rejected, a duplicate or withdrawn, and not taken back since.

    `holder_id` is the unit that holds it now, `held` what became of each dispatch, `stays` in
    whose hands it has been open.
    """

    report_id: int
    received_at: datetime
    category_id: int | None = None
    area_id: int | None = None
    first_answered_at: datetime | None = None
    excluded_as: ReportState | None = None
    holder_id: int | None = None
    rounds: list[RoundFacts] = field(default_factory=list)
    held: list[HeldFacts] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)

    @property
    def unit_id(self) -> int | None:
        """The unit a report counts for: the last lead of its last round."""
        return self.rounds[-1].unit_id if self.rounds else None

    @property
    def excluded(self) -> bool:
        """Whether it has left every cohort."""
        return self.excluded_as is not None

    @property
    def open(self) -> bool:
        """Neither closed nor excluded."""
        closed = bool(self.rounds) and self.rounds[-1].closed_at is not None
        return not self.excluded and not closed

    @property
    def promise_open(self) -> bool:
        """Closed with a promise that nobody has shown to be kept."""
        last = self.rounds[-1] if self.rounds else None
        closed = last is not None and last.closed_at is not None
        if last is None or self.excluded or not closed:
            return False
        return last.outcome is Outcome.PLANNED and last.kept_at is None


def is_first_answer(kind: HistoryKind, *, public: bool) -> bool:
    """Whether an entry is something a citizen hears from a person who works on the report."""
    return kind in _ANSWERS or (kind is HistoryKind.NOTE and public)


_ANSWERS = frozenset({HistoryKind.QUESTION_ASKED, HistoryKind.APPROVED, HistoryKind.CLOSED})


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
        if report is None:
            continue
        step = _STEPS.get(entry.kind)
        if step is not None:
            step(report, entry)
        if report.first_answered_at is None and is_first_answer(entry.kind, public=entry.public):
            report.first_answered_at = entry.at
        _follow(report, entry.at)
    return report


def _follow(report: ReportFacts, at: datetime) -> None:
    """End the stay that is over, and begin the next where the report is still open."""
    current = report.stays[-1] if report.stays else None
    if current is not None and current.until is None:
        same = (current.unit_id, current.category_id) == (report.holder_id, report.category_id)
        if report.open and same:
            return
        current.until = at
    if report.open:
        report.stays.append(Stay(at, report.holder_id, report.category_id))


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


def _dispatched(report: ReportFacts, entry: Entry) -> None:
    report.held.append(HeldFacts(entry.unit_id, entry.at, report.rounds[-1].clock))


def _waiting_to_be_taken(report: ReportFacts, unit_id: int | None) -> HeldFacts | None:
    """The dispatch to a unit that has not moved; a unit has one assignment at a time."""
    return next(
        (one for one in reversed(report.held) if one.unit_id == unit_id and one.minutes is None),
        None,
    )


def _accepted(report: ReportFacts, entry: Entry) -> None:
    held = _waiting_to_be_taken(report, entry.unit_id)
    if held is not None:
        held.accepted, held.minutes = True, entry.data["held"]


def _answered(report: ReportFacts, entry: Entry) -> None:
    """In an imported report nothing says when the unit took it up: it is not timed."""
    held = _waiting_to_be_taken(report, entry.unit_id)
    if held is not None:
        report.held.remove(held)


def _ended(report: ReportFacts, entry: Entry) -> None:
    held = _waiting_to_be_taken(report, entry.unit_id)
    if held is not None:
        held.minutes = entry.data.get("held", 0)
    if report.holder_id == entry.unit_id:
        report.holder_id = None


def _lead_named(report: ReportFacts, entry: Entry) -> None:
    current = report.rounds[-1]
    current.unit_id = report.holder_id = entry.unit_id
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
    promised = entry.data.get("promised_on")
    current.closed_at = entry.at
    current.outcome = Outcome(entry.data["outcome"])
    current.minutes = entry.data["minutes"]
    current.promised_on = date.fromisoformat(promised) if promised else None
    current.waiting_since = None


def _promise_kept(report: ReportFacts, entry: Entry) -> None:
    kept = report.rounds[entry.data["number"] - 1]
    kept.kept_at = entry.at
    kept.kept_minutes = entry.data["minutes"]


def _reopened(report: ReportFacts, entry: Entry) -> None:
    report.rounds[-1].reopened_at = entry.at


def _repeated(report: ReportFacts, entry: Entry) -> None:
    report.rounds[entry.data["number"] - 1].repeated = True


def _rated(report: ReportFacts, entry: Entry) -> None:
    rated = report.rounds[entry.data["number"] - 1]
    rated.rating = RatingLevel(entry.data["level"])
    rated.rated_at = entry.at


def _left(state: ReportState) -> Callable[[ReportFacts, Entry], None]:
    def leave(report: ReportFacts, _entry: Entry) -> None:
        report.excluded_as = state

    return leave


def _came_back(report: ReportFacts, _entry: Entry) -> None:
    report.excluded_as = None


_STEPS: dict[HistoryKind, Callable[[ReportFacts, Entry], None]] = {
    HistoryKind.CATEGORISED: _categorised,
    HistoryKind.ROUND_STARTED: _round_started,
    HistoryKind.DISPATCHED: _dispatched,
    HistoryKind.ACCEPTED: _accepted,
    HistoryKind.ANSWERED: _answered,
    HistoryKind.RETURNED: _ended,
    HistoryKind.TRANSFERRED: _ended,
    HistoryKind.ASSIGNMENT_WITHDRAWN: _ended,
    HistoryKind.LEAD_NAMED: _lead_named,
    HistoryKind.QUESTION_ASKED: _question_asked,
    HistoryKind.WAITING_ENDED: _waiting_ended,
    HistoryKind.DUE_MOVED: _due_moved,
    HistoryKind.CLOSED: _closed,
    HistoryKind.PROMISE_KEPT: _promise_kept,
    HistoryKind.REOPENED: _reopened,
    HistoryKind.REPEATED: _repeated,
    HistoryKind.RATED: _rated,
    HistoryKind.REJECTED: _left(ReportState.REJECTED),
    HistoryKind.MARKED_DUPLICATE: _left(ReportState.DUPLICATE),
    HistoryKind.WITHDRAWN: _left(ReportState.WITHDRAWN),
    HistoryKind.REJECTION_LIFTED: _came_back,
    HistoryKind.DUPLICATE_UNDONE: _came_back,
}
COUNTED_KINDS = frozenset({HistoryKind.RECEIVED, HistoryKind.NOTE, HistoryKind.APPROVED, *_STEPS})


def _moment(words: Any) -> datetime:
    return datetime.fromisoformat(words).astimezone(UTC)
