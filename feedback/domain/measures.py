"""Every counted figure, defined once: what one report adds to which figure, and when.

A figure of a window and the list of the cases behind it are both made of these contributions, so
they agree. A contribution belongs to the local day of its moment and to every scope of its report;
a window's figure is the sum of its days. Rejected, duplicate and withdrawn reports add to
`excluded` and to nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from feedback.domain.calendar import Calendar
from feedback.domain.states import Clock, Outcome, RatingLevel
from feedback.domain.timelines import ReportFacts, RoundFacts

CITY = "city"


class Figure(StrEnum):
    """What is counted; in brackets the moment whose day it counts on."""

    RECEIVED = "received"  # reports that came in and were not excluded (received)
    EXCLUDED = "excluded"  # rejected, duplicate and withdrawn reports (received)
    OPEN = "open"  # neither closed nor excluded (now)
    OVERDUE = "overdue"  # open, and due before now (now)
    STARTED_WORKING = "started_working"  # rounds on the working clock (start)
    STARTED_ROUND_THE_CLOCK = "started_round_the_clock"
    FINISHED_WORKING = "finished_working"  # of these, the closed ones, with their minutes (start)
    FINISHED_ROUND_THE_CLOCK = "finished_round_the_clock"
    DUE_ORIGINAL = "due_original"  # rounds whose original due moment has passed (that moment)
    DUE_ORIGINAL_ON_TIME = "due_original_on_time"  # of these, closed by then
    DUE_ORIGINAL_FIXED_ON_TIME = "due_original_fixed_on_time"  # of these, closed as fixed
    DUE = "due"  # the same by the due moment after waiting and extensions
    DUE_ON_TIME = "due_on_time"
    DUE_FIXED_ON_TIME = "due_fixed_on_time"
    CLOSED = "closed"  # closes (close)
    CLOSED_FIXED = "closed_fixed"
    CLOSED_PLANNED = "closed_planned"
    CLOSED_NOT_COMPETENT = "closed_not_competent"
    CLOSED_NOT_FOUND = "closed_not_found"
    CLOSED_REFUSED = "closed_refused"
    CLOSED_RATED = "closed_rated"  # closes that have a rating by now (close)
    CLOSED_REOPENED = "closed_reopened"  # closes that were reopened since (close)
    RATED = "rated"  # the last rating of each close (rating)
    RATED_SATISFIED = "rated_satisfied"
    RATED_ACCEPTABLE = "rated_acceptable"
    RATED_DISSATISFIED = "rated_dissatisfied"


STANDING = frozenset({Figure.OPEN, Figure.OVERDUE})
STARTED = {clock: Figure(f"started_{clock.value}") for clock in Clock}
FINISHED = {clock: Figure(f"finished_{clock.value}") for clock in Clock}
CLOSED_AS = {outcome: Figure(f"closed_{outcome.value}") for outcome in Outcome}
RATED_AS = {level: Figure(f"rated_{level.value}") for level in RatingLevel}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One case adds one to `figure` on the local day of `moment`.

    `unit_id` is whose it is: a round's last lead unit, a report's last one. `round_number` says
    which round, None for the report as a whole; `minutes` is a finished round's time to answer.
    """

    figure: Figure
    moment: datetime
    unit_id: int | None
    round_number: int | None = None
    minutes: int | None = None


@dataclass(slots=True)
class DayFigures:
    """Sums of one scope: counts, and finished rounds by their minutes, the clocks apart.

    Used for a day, and for any number of days merged.
    """

    counts: Counter[Figure] = field(default_factory=Counter)
    minutes: dict[Clock, Counter[int]] = field(
        default_factory=lambda: {clock: Counter() for clock in Clock}
    )

    def add(self, contribution: Contribution) -> None:
        """Count one contribution."""
        self.counts[contribution.figure] += 1
        if contribution.minutes is not None:
            self.minutes[_CLOCK_OF[contribution.figure]][contribution.minutes] += 1

    def merge(self, other: "DayFigures") -> None:
        """Add another day's sums: exact, since all of them are counts of separate cases."""
        self.counts.update(other.counts)
        for clock, histogram in other.minutes.items():
            self.minutes[clock].update(histogram)

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it: figures and clocks by name, without zeros."""
        return {
            "counts": {figure.value: count for figure, count in sorted(self.counts.items())},
            "minutes": {
                clock.value: {str(minute): count for minute, count in sorted(histogram.items())}
                for clock, histogram in self.minutes.items()
                if histogram
            },
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "DayFigures":
        """The inverse of `to_json`."""
        day = cls(Counter({Figure(name): count for name, count in stored["counts"].items()}))
        for name, histogram in stored["minutes"].items():
            day.minutes[Clock(name)].update({int(m): count for m, count in histogram.items()})
        return day


_CLOCK_OF = {figure: clock for clock, figure in FINISHED.items()}


def merged(days: Iterable[DayFigures]) -> DayFigures:
    """The sums of several days of one scope."""
    total = DayFigures()
    for day in days:
        total.merge(day)
    return total


def scopes(unit_id: int | None, category_id: int | None, area_id: int | None) -> tuple[str, ...]:
    """The scopes a contribution counts in: the city, its unit, category, area, unit × category."""
    unit, category = f"unit:{unit_id}", f"category:{category_id}"
    named = [CITY]
    if unit_id is not None:
        named.append(unit)
    if category_id is not None:
        named.append(category)
    if area_id is not None:
        named.append(f"area:{area_id}")
    if unit_id is not None and category_id is not None:
        named.append(f"{unit}/{category}")
    return tuple(named)


def contributions(
    report: ReportFacts, as_of: datetime, calendar: Calendar
) -> Iterator[Contribution]:
    """All a report adds to the days up to `as_of`, from its facts at that moment."""
    if report.excluded:
        yield Contribution(Figure.EXCLUDED, report.received_at, report.unit_id)
        return
    yield Contribution(Figure.RECEIVED, report.received_at, report.unit_id)
    for one in report.rounds:
        yield from _speed(one)
        yield from _on_time(one, as_of, calendar)
        yield from _close(one)


def standing(report: ReportFacts, as_of: datetime, calendar: Calendar) -> Iterator[Contribution]:
    """What a report adds to the figures that stand at a moment and belong to no day."""
    if not report.open:
        return
    yield Contribution(Figure.OPEN, as_of, report.unit_id)
    if report.rounds and report.rounds[-1].due_at(as_of, calendar) < as_of:
        number = report.rounds[-1].number
        yield Contribution(Figure.OVERDUE, as_of, report.unit_id, number)


def open_minutes(
    report: ReportFacts, as_of: datetime, calendar: Calendar
) -> tuple[RoundFacts, int] | None:
    """The open round of a report and its clock time so far: what Kaplan–Meier censors there."""
    if not report.open or not report.rounds:
        return None
    current = report.rounds[-1]
    return current, current.minutes_so_far(as_of, calendar)


def _speed(one: RoundFacts) -> Iterator[Contribution]:
    """Time to answer, by start of the round: its clock minutes to the close, any outcome."""
    yield Contribution(STARTED[one.clock], one.started_at, one.unit_id, one.number)
    if one.minutes is not None:
        figure = FINISHED[one.clock]
        yield Contribution(figure, one.started_at, one.unit_id, one.number, one.minutes)


def _on_time(one: RoundFacts, as_of: datetime, calendar: Calendar) -> Iterator[Contribution]:
    """On time by both due moments: a cohort of rounds whose moment has passed, open ones too."""
    due = one.due_at(as_of, calendar)
    for figures, moment in ((_BY_ORIGINAL_DUE, one.original_due), (_BY_DUE, due)):
        if moment > as_of:
            continue
        cohort, answered, fixed = figures
        yield Contribution(cohort, moment, one.unit_id, one.number)
        if one.closed_at is None or one.closed_at > moment:
            continue
        yield Contribution(answered, moment, one.unit_id, one.number)
        if one.outcome is Outcome.FIXED:
            yield Contribution(fixed, moment, one.unit_id, one.number)


def _close(one: RoundFacts) -> Iterator[Contribution]:
    """Closes by outcome, with what became of them; the rating on the day it was given."""
    if one.closed_at is None or one.outcome is None:
        return
    yield Contribution(Figure.CLOSED, one.closed_at, one.unit_id, one.number)
    yield Contribution(CLOSED_AS[one.outcome], one.closed_at, one.unit_id, one.number)
    if one.reopened:
        yield Contribution(Figure.CLOSED_REOPENED, one.closed_at, one.unit_id, one.number)
    if one.rating is None or one.rated_at is None:
        return
    yield Contribution(Figure.CLOSED_RATED, one.closed_at, one.unit_id, one.number)
    yield Contribution(Figure.RATED, one.rated_at, one.unit_id, one.number)
    yield Contribution(RATED_AS[one.rating], one.rated_at, one.unit_id, one.number)


_BY_ORIGINAL_DUE = (
    Figure.DUE_ORIGINAL,
    Figure.DUE_ORIGINAL_ON_TIME,
    Figure.DUE_ORIGINAL_FIXED_ON_TIME,
)
_BY_DUE = (Figure.DUE, Figure.DUE_ON_TIME, Figure.DUE_FIXED_ON_TIME)
