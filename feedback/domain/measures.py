"""Every counted figure, defined once: what one report adds to which figure, and when.

A figure of a window and the list of the cases behind it are both made of these contributions, so
they agree. A contribution belongs to the local day of its moment and to every scope of its report;
a window's figure is the sum of its days. Rejected, duplicate and withdrawn reports add to
`excluded` and its parts, and to nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from feedback.domain.calendar import Calendar
from feedback.domain.deadlines import calendar_minutes_between, clock_minutes_between
from feedback.domain.durations import Duration, TimeKey
from feedback.domain.states import Clock, Outcome, RatingLevel, ReportState
from feedback.domain.timelines import HeldFacts, ReportFacts, RoundFacts

CITY = "city"


class Figure(StrEnum):
    """What is counted; in brackets the moment whose day it counts on."""

    RECEIVED = "received"  # reports that came in and were not excluded (received)
    EXCLUDED = "excluded"  # rejected, duplicate and withdrawn reports (received)
    EXCLUDED_REJECTED = "excluded_rejected"
    EXCLUDED_DUPLICATE = "excluded_duplicate"
    EXCLUDED_WITHDRAWN = "excluded_withdrawn"
    OPEN = "open"  # neither closed nor excluded, by who holds them (now)
    OVERDUE = "overdue"  # open, and due before now (now)
    DISPATCHED = "dispatched"  # of those received, dispatched by now (received)
    FIRST_ANSWERED = "first_answered"  # of those received, answered in any way by now (received)
    FELT = "felt"  # of those received, closed by now (received)
    GIVEN_WORKING = "given_working"  # dispatches to a unit, by the clock (dispatch)
    GIVEN_ROUND_THE_CLOCK = "given_round_the_clock"
    ACCEPTED_WORKING = "accepted_working"  # of these, taken up (dispatch)
    ACCEPTED_ROUND_THE_CLOCK = "accepted_round_the_clock"
    LOST_WORKING = "lost_working"  # of these, gone again before they were taken up (dispatch)
    LOST_ROUND_THE_CLOCK = "lost_round_the_clock"
    STARTED_WORKING = "started_working"  # rounds on the working clock (start)
    STARTED_ROUND_THE_CLOCK = "started_round_the_clock"
    FINISHED_WORKING = "finished_working"  # of these, the closed ones, with their minutes (start)
    FINISHED_ROUND_THE_CLOCK = "finished_round_the_clock"
    TO_FIX_WORKING = "to_fix_working"  # reports there was something to fix of (first dispatch)
    TO_FIX_ROUND_THE_CLOCK = "to_fix_round_the_clock"
    FIXED_WORKING = "fixed_working"  # of these, fixed, or promised and kept (first dispatch)
    FIXED_ROUND_THE_CLOCK = "fixed_round_the_clock"
    NOTHING_TO_FIX = "nothing_to_fix"  # not competent, not found or refused (first dispatch)
    BOTH_CLOCKS = "both_clocks"  # rounds on both clocks, which are not pooled (first dispatch)
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
    CLOSED_REPEATED = "closed_repeated"  # closes after which the same was reported again (close)
    PROMISED = "promised"  # promises whose day has passed, not reopened before (that day)
    PROMISED_KEPT = "promised_kept"  # of these, kept by now
    PROMISED_KEPT_ON_TIME = "promised_kept_on_time"  # of these, kept by that day
    RATED = "rated"  # the last rating of each close (rating)
    RATED_SATISFIED = "rated_satisfied"
    RATED_ACCEPTABLE = "rated_acceptable"
    RATED_DISSATISFIED = "rated_dissatisfied"


FIGURES = {figure.value: figure for figure in Figure}


@dataclass(frozen=True, slots=True)
class Timing:
    """The figures of one timed cohort; `lost` are those that left it untimed, held so long."""

    cohort: Figure
    finished: Figure
    lost: Figure | None = None


TIMINGS: dict[TimeKey, Timing] = {
    TimeKey(Duration.DISPATCH, Clock.ROUND_THE_CLOCK): Timing(Figure.RECEIVED, Figure.DISPATCHED),
    TimeKey(Duration.FIRST_ANSWER, Clock.ROUND_THE_CLOCK): Timing(
        Figure.RECEIVED, Figure.FIRST_ANSWERED
    ),
    TimeKey(Duration.FELT, Clock.ROUND_THE_CLOCK): Timing(Figure.RECEIVED, Figure.FELT),
    **{
        TimeKey(Duration.ACCEPT, clock): Timing(
            Figure(f"given_{clock}"), Figure(f"accepted_{clock}"), Figure(f"lost_{clock}")
        )
        for clock in Clock
    },
    **{
        TimeKey(Duration.ANSWER, clock): Timing(
            Figure(f"started_{clock}"), Figure(f"finished_{clock}")
        )
        for clock in Clock
    },
    **{
        TimeKey(Duration.FIX, clock): Timing(Figure(f"to_fix_{clock}"), Figure(f"fixed_{clock}"))
        for clock in Clock
    },
}
TIMED: dict[Figure, TimeKey] = {timing.finished: key for key, timing in TIMINGS.items()}
LOST: dict[Figure, TimeKey] = {
    timing.lost: key for key, timing in TIMINGS.items() if timing.lost is not None
}
STANDING = frozenset({Figure.OPEN, Figure.OVERDUE})
EXCLUDED_AS = {
    state: Figure(f"excluded_{state.value}")
    for state in (ReportState.REJECTED, ReportState.DUPLICATE, ReportState.WITHDRAWN)
}
CLOSED_AS = {outcome: Figure(f"closed_{outcome.value}") for outcome in Outcome}
RATED_AS = {level: Figure(f"rated_{level.value}") for level in RatingLevel}
_WORKED_ON = frozenset({Outcome.FIXED, Outcome.PLANNED})


@dataclass(frozen=True, slots=True)
class Contribution:
    """One case adds one to `figure` on the local day of `moment`.

    `unit_id` is whose it is: a round's last lead unit, a report's last one, the unit a report was
    dispatched to. `round_number` says which round, None for the report as a whole; `minutes` is
    how long it took, where that is timed.
    """

    figure: Figure
    moment: datetime
    unit_id: int | None
    round_number: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A report came into somebody's hands (`change` 1) or left them (-1), still open."""

    moment: datetime
    change: int
    unit_id: int | None
    category_id: int | None


@dataclass(frozen=True, slots=True)
class OpenTime:
    """What is timed and has not ended: `minutes` so far, in the cohort of the day of `moment`."""

    key: TimeKey
    moment: datetime
    unit_id: int | None
    minutes: int


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
    if report.excluded_as is not None:
        for figure in (Figure.EXCLUDED, EXCLUDED_AS[report.excluded_as]):
            yield Contribution(figure, report.received_at, report.unit_id)
        return
    yield from _whole(report)
    yield from _to_fix(report)
    for held in report.held:
        yield from _held(held)
    for one in report.rounds:
        yield from _speed(one)
        yield from _on_time(one, as_of, calendar)
        yield from _close(one)
        yield from _promise(one, as_of, calendar)


def flows(report: ReportFacts) -> Iterator[Flow]:
    """How a report came into hands and left them: the change of what is open, by holder.

    What was open at the end of a day is what is open now, less all that changed since; a report
    rejected later was open until then.
    """
    for stay in report.stays:
        yield Flow(stay.since, 1, stay.unit_id, stay.category_id)
        if stay.until is not None:
            yield Flow(stay.until, -1, stay.unit_id, stay.category_id)


def standing(report: ReportFacts, as_of: datetime, calendar: Calendar) -> Iterator[Contribution]:
    """What a report adds to the figures that stand at a moment and belong to no day."""
    if not report.open:
        return
    yield Contribution(Figure.OPEN, as_of, report.holder_id)
    if report.rounds and report.rounds[-1].due_at(as_of, calendar) < as_of:
        number = report.rounds[-1].number
        yield Contribution(Figure.OVERDUE, as_of, report.holder_id, number)


def open_times(report: ReportFacts, as_of: datetime, calendar: Calendar) -> Iterator[OpenTime]:
    """The times of a report that run on at `as_of`: what Kaplan–Meier censors there.

    A promise that nobody has shown to be kept lets the time to fix run on after the close.
    """
    if not report.open and not report.promise_open:
        return
    if report.open:
        yield from _open_whole(report, as_of)
        for held in report.held:
            if held.minutes is None:
                minutes = clock_minutes_between(held.clock, calendar, held.dispatched_at, as_of)
                key = TimeKey(Duration.ACCEPT, held.clock)
                yield OpenTime(key, held.dispatched_at, held.unit_id, minutes)
    if not report.rounds:
        return
    current = report.rounds[-1]
    minutes = current.minutes_so_far(as_of, calendar)
    if report.open:
        key = TimeKey(Duration.ANSWER, current.clock)
        yield OpenTime(key, current.started_at, current.unit_id, minutes)
    if not _mixed(report):
        key = TimeKey(Duration.FIX, current.clock)
        started = report.rounds[0].started_at
        yield OpenTime(key, started, report.unit_id, _earlier(report) + minutes)


def _open_whole(report: ReportFacts, as_of: datetime) -> Iterator[OpenTime]:
    minutes = calendar_minutes_between(report.received_at, as_of)
    running = {
        Duration.DISPATCH: not report.rounds,
        Duration.FIRST_ANSWER: report.first_answered_at is None,
        Duration.FELT: True,
    }
    for duration, runs in running.items():
        if runs:
            key = TimeKey(duration, Clock.ROUND_THE_CLOCK)
            yield OpenTime(key, report.received_at, report.unit_id, minutes)


def _whole(report: ReportFacts) -> Iterator[Contribution]:
    """The report as a whole, by the day it came in; its times are the calendar's."""
    at, unit_id = report.received_at, report.unit_id
    yield Contribution(Figure.RECEIVED, at, unit_id)
    ends = {
        Figure.DISPATCHED: report.rounds[0].started_at if report.rounds else None,
        Figure.FIRST_ANSWERED: report.first_answered_at,
        Figure.FELT: report.rounds[-1].closed_at if report.rounds else None,
    }
    for figure, end in ends.items():
        if end is not None:
            yield Contribution(figure, at, unit_id, minutes=calendar_minutes_between(at, end))


def _held(held: HeldFacts) -> Iterator[Contribution]:
    """Time to accept, for the unit that held it; going away again ends it without a result."""
    at = held.dispatched_at
    yield Contribution(Figure(f"given_{held.clock}"), at, held.unit_id)
    if held.minutes is not None:
        word = "accepted" if held.accepted else "lost"
        yield Contribution(Figure(f"{word}_{held.clock}"), at, held.unit_id, minutes=held.minutes)


def _speed(one: RoundFacts) -> Iterator[Contribution]:
    """Time to answer, by start of the round: its clock minutes to the close, any outcome."""
    timing = TIMINGS[TimeKey(Duration.ANSWER, one.clock)]
    yield Contribution(timing.cohort, one.started_at, one.unit_id, one.number)
    if one.minutes is not None:
        yield Contribution(timing.finished, one.started_at, one.unit_id, one.number, one.minutes)


def _to_fix(report: ReportFacts) -> Iterator[Contribution]:
    """Time to fix, by the day of the first dispatch; without waiting and the time between rounds.

    A round that ended otherwise before a reopening counts with its minutes. Where the last one
    found nothing to fix, the report leaves the cohort and is counted apart.
    """
    if not report.rounds:
        return
    started, unit_id = report.rounds[0].started_at, report.unit_id
    last = report.rounds[-1]
    if last.outcome is not None and last.outcome not in _WORKED_ON:
        yield Contribution(Figure.NOTHING_TO_FIX, started, unit_id)
        return
    if _mixed(report):
        yield Contribution(Figure.BOTH_CLOCKS, started, unit_id)
        return
    timing = TIMINGS[TimeKey(Duration.FIX, last.clock)]
    yield Contribution(timing.cohort, started, unit_id)
    minutes = last.minutes if last.outcome is Outcome.FIXED else last.kept_minutes
    if minutes is not None:
        yield Contribution(timing.finished, started, unit_id, minutes=_earlier(report) + minutes)


def _mixed(report: ReportFacts) -> bool:
    return len({one.clock for one in report.rounds}) > 1


def _earlier(report: ReportFacts) -> int:
    """Minutes of the rounds before the last one, all of them closed."""
    return sum(one.minutes or 0 for one in report.rounds[:-1])


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
    found = {
        Figure.CLOSED: True,
        CLOSED_AS[one.outcome]: True,
        Figure.CLOSED_REOPENED: one.reopened_at is not None,
        Figure.CLOSED_REPEATED: one.repeated,
        Figure.CLOSED_RATED: one.rating is not None,
    }
    for figure, counts in found.items():
        if counts:
            yield Contribution(figure, one.closed_at, one.unit_id, one.number)
    if one.rating is not None and one.rated_at is not None:
        for figure in (Figure.RATED, RATED_AS[one.rating]):
            yield Contribution(figure, one.rated_at, one.unit_id, one.number)


def _promise(one: RoundFacts, as_of: datetime, calendar: Calendar) -> Iterator[Contribution]:
    """Promises by the promised day, once that day is over; reopened before, they stand no more."""
    if one.promised_on is None or calendar.local_day(as_of) <= one.promised_on:
        return
    day_ends = datetime.combine(one.promised_on, time.max, tzinfo=calendar.zone)
    if one.reopened_at is not None and one.reopened_at <= day_ends:
        return
    found = {
        Figure.PROMISED: True,
        Figure.PROMISED_KEPT: one.kept_at is not None,
        Figure.PROMISED_KEPT_ON_TIME: one.kept_at is not None and one.kept_at <= day_ends,
    }
    for figure, counts in found.items():
        if counts:
            yield Contribution(figure, day_ends, one.unit_id, one.number)


_BY_ORIGINAL_DUE = (
    Figure.DUE_ORIGINAL,
    Figure.DUE_ORIGINAL_ON_TIME,
    Figure.DUE_ORIGINAL_FIXED_ON_TIME,
)
_BY_DUE = (Figure.DUE, Figure.DUE_ON_TIME, Figure.DUE_FIXED_ON_TIME)
