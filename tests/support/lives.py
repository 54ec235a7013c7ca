"""Random lives of reports, as the history entries the product writes for them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from feedback.domain import deadlines
from feedback.domain.calendar import Calendar
from feedback.domain.histories import Entry, HistoryKind
from feedback.domain.states import ActorKind, Clock, Outcome, RatingLevel

K = HistoryKind
FIRST = datetime(2026, 1, 28, tzinfo=UTC)  # Tết of 2026 and a swapped Saturday are not far
UNITS, CATEGORIES, AREAS = (1, 2, 3), (1, 2), (1, 2, None)


class _Life:
    """One life under way; each step draws what it needs and writes its entries."""

    def __init__(self, draw: st.DrawFn, report_id: int, calendar: Calendar) -> None:
        self.draw = draw
        self.report_id = report_id
        self.calendar = calendar
        self.entries: list[Entry] = []
        self.now = FIRST + timedelta(minutes=draw(st.integers(0, 40 * 1440)))
        self.category = draw(st.sampled_from([*CATEGORIES, None]))
        self.round: dict | None = None
        self.rounds = 0
        self.lead: int | None = None
        self.given: dict[int, datetime] = {}  # units that have not taken it up
        self.promised: dict | None = None  # the round of a promise not kept yet
        self.state = "received"
        self.write(K.RECEIVED, category_id=self.category, area_id=draw(st.sampled_from(AREAS)))

    def write(
        self, kind: HistoryKind, unit_id: int | None = None, *, public: bool = False, **data: object
    ) -> None:
        self.entries.append(
            Entry(self.report_id, self.now, kind, ActorKind.SYSTEM, unit_id, public, data)
        )

    def steps(self) -> list[Callable[[], None]]:
        return {
            "received": [self.dispatch, self.dispatch, self.categorise, self.leave],
            "worked": [
                self.ask, self.ask, self.other_asks, self.hand_back, self.hand_over, self.extend,
                self.correct, self.close, self.close, self.close, self.leave, self.categorise,
                self.accept, self.accept, self.note, self.add_unit,
            ],
            "waiting": [self.resume, self.close, self.hand_over_waiting, self.leave],
            "closed": [self.rate, self.rate, self.reopen, self.keep, self.keep, self.repeat],
            "gone": [self.come_back, self.come_back],
        }[self.state]  # fmt: skip

    # Steps

    def categorise(self) -> None:
        self.write(K.CATEGORISED, category_id=self.draw(st.sampled_from(CATEGORIES)))

    def dispatch(self) -> None:
        unit = self.draw(st.sampled_from(UNITS))
        if self.round is None:
            self.start_round(unit)
        self.give(unit)
        self.name_lead(unit)
        self.state = "worked"

    def give(self, unit: int) -> None:
        self.given[unit] = self.now
        self.write(K.DISPATCHED, unit, lead=not self.lead)

    def name_lead(self, unit: int, *, waiting: bool = False) -> None:
        self.lead = unit
        self.write(K.LEAD_NAMED, unit, waiting=waiting)

    def accept(self) -> None:
        if self.given:
            unit = self.draw(st.sampled_from(sorted(self.given)))
            self.write(K.ACCEPTED, unit, **self.held(unit))

    def held(self, unit: int | None) -> dict[str, int]:
        """How long a unit has had it without taking it up, if it has not."""
        since = self.given.pop(unit, None)
        return {} if since is None else {"held": self.minutes(since, self.now)}

    def end(self, kind: HistoryKind, unit: int | None) -> None:
        self.write(kind, unit, **self.held(unit))

    def add_unit(self) -> None:
        """A second unit gets it too, as long as it has it not yet; it may lose it again."""
        unit = self.draw(st.sampled_from(UNITS))
        if unit != self.lead and unit not in self.given:
            self.give(unit)

    def note(self) -> None:
        self.write(K.NOTE, self.lead, public=self.draw(st.booleans()))

    def start_round(self, unit: int) -> None:
        clock = self.draw(st.sampled_from(Clock))
        minutes = self.draw(st.sampled_from([60, 480, 7 * 480]))
        due = deadlines.add_clock_minutes(clock, self.calendar, self.now, minutes)
        self.rounds += 1
        limit = self.draw(st.sampled_from([0, 120, 5 * 480]))
        self.round = {
            "start": self.now, "clock": clock, "original": due, "due": due, "limit": limit,
            "waited": 0, "since": None,
        }  # fmt: skip
        self.write(
            K.ROUND_STARTED, unit, number=self.rounds, clock=clock.value, waiting_limit=limit,
            original_due=due.isoformat(), due=due.isoformat(),
        )  # fmt: skip

    def ask(self) -> None:
        self.write(K.QUESTION_ASKED, lead=True)
        self.round["since"] = self.now
        self.state = "waiting"

    def other_asks(self) -> None:
        self.write(K.QUESTION_ASKED, 3, lead=False)

    def stop_waiting(self) -> None:
        one = self.round
        if one["since"] is None:
            return
        passed = self.minutes(one["since"], self.now)
        minutes = max(0, min(one["limit"] - one["waited"], passed))
        one["since"] = None
        one["waited"] += minutes
        self.write(K.WAITING_ENDED, minutes=minutes)
        if minutes:
            self.move(
                due=deadlines.add_clock_minutes(one["clock"], self.calendar, one["due"], minutes)
            )

    def resume(self) -> None:
        self.stop_waiting()
        self.state = "worked"

    def hand_back(self) -> None:
        """Every unit gives it back: it lies with the dispatchers again."""
        for unit in sorted({*self.given, self.lead}):
            self.end(K.RETURNED, unit)
        self.lead = None
        self.state = "received"

    def hand_over(self) -> None:
        unit = self.draw(st.sampled_from([one for one in UNITS if one != self.lead]))
        self.end(K.TRANSFERRED, self.lead)
        if unit not in self.given:
            self.give(unit)
        self.name_lead(unit)

    def hand_over_waiting(self) -> None:
        """The lead ends, and the one that leads now waits too."""
        self.stop_waiting()
        self.end(K.ASSIGNMENT_WITHDRAWN, self.lead)
        unit = self.draw(st.sampled_from([one for one in UNITS if one != self.lead]))
        self.held(unit)
        self.name_lead(unit, waiting=True)
        self.round["since"] = self.now

    def extend(self) -> None:
        self.move(due=self.round["due"] + timedelta(minutes=self.draw(st.integers(0, 5 * 1440))))

    def correct(self) -> None:
        by = timedelta(minutes=self.draw(st.integers(-1440, 1440)))
        self.move(original=self.round["original"] + by, due=self.round["due"] + by)

    def move(self, **moments: datetime) -> None:
        self.round.update(moments)
        self.write(
            K.DUE_MOVED,
            original_due=self.round["original"].isoformat(),
            due=self.round["due"].isoformat(),
        )

    def close(self) -> None:
        self.stop_waiting()
        one = self.round
        taken = self.minutes(one["start"], self.now) - one["waited"]
        outcome = self.draw(st.sampled_from([*Outcome, Outcome.PLANNED, Outcome.FIXED]))
        promised = None
        if outcome is Outcome.PLANNED:
            day = self.now.astimezone(self.calendar.zone).date()
            promised = day + timedelta(days=self.draw(st.integers(0, 20)))
        for unit in sorted({*self.given, self.lead}):
            self.write(K.ANSWERED, unit, outcome=outcome.value, promised_on=None)
            self.write(K.APPROVED, unit, public=True)
        self.given.clear()
        self.write(
            K.CLOSED, number=self.rounds, outcome=outcome.value, minutes=max(0, taken),
            promised_on=promised.isoformat() if promised else None,
        )  # fmt: skip
        self.promised = self.round if promised else None
        self.round = None
        self.state = "closed"

    def keep(self) -> None:
        one = self.promised
        if one is None:
            return
        taken = deadlines.clock_minutes_between(
            one["clock"], self.calendar, one["start"], self.now
        )  # fmt: skip
        minutes = max(0, taken - one["waited"])
        self.write(K.PROMISE_KEPT, self.lead, number=self.rounds, minutes=minutes, public=True)
        self.promised = None

    def repeat(self) -> None:
        self.write(K.REPEATED, number=self.rounds, report_id=99)

    def rate(self) -> None:
        level = self.draw(st.sampled_from(RatingLevel))
        self.write(K.RATED, level=level.value, number=self.rounds)

    def reopen(self) -> None:
        self.write(K.REOPENED)
        self.lead = None
        self.dispatch()

    def leave(self) -> None:
        if self.round is not None:
            self.stop_waiting()
        self.write(self.draw(st.sampled_from([K.REJECTED, K.MARKED_DUPLICATE, K.WITHDRAWN])))
        if self.lead is not None:
            for unit in sorted({*self.given, self.lead}):
                self.end(K.ASSIGNMENT_WITHDRAWN, unit)
        self.lead = None
        self.state = "gone"

    def come_back(self) -> None:
        self.write(self.draw(st.sampled_from([K.REJECTION_LIFTED, K.DUPLICATE_UNDONE])))
        self.state = "received"

    def minutes(self, start: datetime, end: datetime) -> int:
        return deadlines.clock_minutes_between(self.round["clock"], self.calendar, start, end)


@st.composite
def lives(draw: st.DrawFn, calendar: Calendar, report_id: int) -> list[Entry]:
    """One report's history: up to a dozen steps, minutes or weeks apart."""
    life = _Life(draw, report_id, calendar)
    for _ in range(draw(st.integers(0, 12))):
        gap = st.one_of(st.integers(0, 600), st.integers(0, 10 * 1440))
        life.now += timedelta(minutes=draw(gap), seconds=draw(st.sampled_from([0, 0, 30])))
        draw(st.sampled_from(life.steps()))()
    return life.entries


@st.composite
def cities(draw: st.DrawFn, calendar: Calendar) -> list[list[Entry]]:
    """The histories of a few reports."""
    return [draw(lives(calendar, number)) for number in range(1, draw(st.integers(1, 6)) + 1)]


@st.composite
def cities_at_a_moment(draw: st.DrawFn, calendar: Calendar) -> tuple[list[list[Entry]], datetime]:
    """The same with a moment at or soon after one of the entries."""
    histories = draw(cities(calendar))
    entry = draw(st.sampled_from([entry for entries in histories for entry in entries]))
    return histories, entry.at + timedelta(minutes=draw(st.integers(0, 4 * 1440)))
