"""The figures once more, slowly: straight from the entries, one question at a time.

Written from the definitions and sharing nothing with the product's fold and contributions but the
words and the calendar. A case is (report id, round number or None); a figure is how many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedback.domain.calendar import Calendar
from feedback.domain.histories import Entry, HistoryKind

K = HistoryKind
ROUND_FIGURES = ("started_", "finished_", "due", "closed", "promised", "rated")
LEAVING = {K.REJECTED: "rejected", K.MARKED_DUPLICATE: "duplicate", K.WITHDRAWN: "withdrawn"}
COMING_BACK = {K.REJECTION_LIFTED, K.DUPLICATE_UNDONE}


def _latest(entries: Sequence[Entry], *kinds: HistoryKind) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.kind in kinds), None)


@dataclass
class PlainRound:
    """The entries of one round, from its start to the next one's."""

    entries: Sequence[Entry]
    calendar: Calendar
    as_of: datetime

    @property
    def start(self) -> Entry:
        return self.entries[0]

    @property
    def number(self) -> int:
        return self.start.data["number"]

    @property
    def clock(self) -> str:
        return self.start.data["clock"]

    @property
    def unit_id(self) -> int | None:
        return _latest(self.entries, K.LEAD_NAMED, K.ROUND_STARTED).unit_id

    def moved(self, name: str) -> datetime:
        return datetime.fromisoformat(
            _latest(self.entries, K.ROUND_STARTED, K.DUE_MOVED).data[name]
        )

    @property
    def original_due(self) -> datetime:
        return self.moved("original_due")

    @property
    def due(self) -> datetime:
        due, waited = self.moved("due"), self.waiting_now
        if self.clock == "working":
            return self.calendar.add_working_minutes(due, waited)
        return datetime.fromtimestamp(due.timestamp() + 60 * waited, due.tzinfo)

    def minutes(self, start: datetime, end: datetime) -> int:
        if self.clock == "working":
            return self.calendar.working_minutes_between(start, end)
        return int(end.timestamp() // 60 - start.timestamp() // 60)

    @property
    def waited(self) -> int:
        return sum(e.data["minutes"] for e in self.entries if e.kind is K.WAITING_ENDED)

    @property
    def waiting_now(self) -> int:
        """Minutes of the spell of waiting that has not ended, as far as the limit allows."""
        last = None
        for entry in self.entries:
            asked = entry.kind is K.QUESTION_ASKED and entry.data["lead"]
            waits = entry.kind is K.LEAD_NAMED and entry.data["waiting"]
            if asked or waits:
                last = entry
            elif entry.kind in {K.WAITING_ENDED, K.CLOSED, K.LEAD_NAMED}:
                last = None
        if last is None:
            return 0
        limit = self.start.data["waiting_limit"] - self.waited
        return max(0, min(limit, self.minutes(last.at, self.as_of)))

    @property
    def close(self) -> Entry | None:
        return _latest(self.entries, K.CLOSED)

    @property
    def outcome(self) -> str | None:
        return self.close.data["outcome"] if self.close else None

    @property
    def kept(self) -> Entry | None:
        return _latest(self.entries, K.PROMISE_KEPT)

    @property
    def so_far(self) -> int:
        return max(0, self.minutes(self.start.at, self.as_of) - self.waited - self.waiting_now)


@dataclass
class PlainReport:
    """One report's entries up to a moment."""

    entries: Sequence[Entry]
    calendar: Calendar
    as_of: datetime

    @property
    def received(self) -> Entry:
        return self.entries[0]

    @property
    def gone(self) -> str | None:
        """How it has left every cohort, if it has."""
        last = _latest(self.entries, *LEAVING, *COMING_BACK)
        return LEAVING.get(last.kind) if last is not None else None

    @property
    def category_id(self) -> int | None:
        return _latest(self.entries, K.RECEIVED, K.CATEGORISED).data["category_id"]

    @property
    def rounds(self) -> list[PlainRound]:
        starts = [i for i, e in enumerate(self.entries) if e.kind is K.ROUND_STARTED]
        ends = [*starts[1:], len(self.entries)]
        return [
            PlainRound(self.entries[start:end], self.calendar, self.as_of)
            for start, end in zip(starts, ends, strict=bool(starts))
        ]

    @property
    def unit_id(self) -> int | None:
        return self.rounds[-1].unit_id if self.rounds else None

    @property
    def holder(self) -> int | None:
        """The unit that holds it: the last lead named, unless that one has let it go since."""
        named = [n for n, e in enumerate(self.entries) if e.kind is K.LEAD_NAMED]
        if not named:
            return None
        unit_id = self.entries[named[-1]].unit_id
        ends = {K.RETURNED, K.TRANSFERRED, K.ASSIGNMENT_WITHDRAWN}
        later = self.entries[named[-1] + 1 :]
        return None if any(e.kind in ends and e.unit_id == unit_id for e in later) else unit_id

    @property
    def first_answer(self) -> Entry | None:
        heard = {K.QUESTION_ASKED, K.APPROVED, K.CLOSED}
        return next(
            (e for e in self.entries if e.kind in heard or (e.kind is K.NOTE and e.public)), None
        )

    def dispatches(self) -> list[tuple[Entry, str, str, int | None]]:
        """Each dispatch that is timed: (its entry, clock, what became of it, minutes)."""
        found, clock = [], ""
        for n, entry in enumerate(self.entries):
            if entry.kind is K.ROUND_STARTED:
                clock = entry.data["clock"]
            if entry.kind is not K.DISPATCHED:
                continue
            mine = [e for e in self.entries[n + 1 :] if e.unit_id == entry.unit_id]
            moves = {K.ACCEPTED: "accepted", K.ANSWERED: "answered", K.RETURNED: "lost",
                     K.TRANSFERRED: "lost", K.ASSIGNMENT_WITHDRAWN: "lost"}  # fmt: skip
            first = next((e for e in mine if e.kind in moves), None)
            if first is None:
                found.append((entry, clock, "given", None))
            elif moves[first.kind] != "answered":
                found.append((entry, clock, moves[first.kind], first.data["held"]))
        return found

    def fix(self) -> tuple[str, str, int | None] | None:
        """(what became of the fixing, clock, minutes if it is done)."""
        if not self.rounds:
            return None
        last = self.rounds[-1]
        if last.outcome in {"not_competent", "not_found", "refused"}:
            return "nothing_to_fix", "", None
        if len({one.clock for one in self.rounds}) == 2:
            return "both_clocks", "", None
        earlier = sum(one.close.data["minutes"] for one in self.rounds[:-1])
        if last.outcome == "fixed":
            return "fixed", last.clock, earlier + last.close.data["minutes"]
        if last.outcome == "planned" and last.kept:
            return "fixed", last.clock, earlier + last.kept.data["minutes"]
        return "to_fix", last.clock, None

    @property
    def open(self) -> bool:
        return not self.gone and (not self.rounds or self.rounds[-1].close is None)

    def rating(self, number: int) -> Entry | None:
        given = [e for e in self.entries if e.kind is K.RATED and e.data["number"] == number]
        return given[-1] if given else None

    def in_scope(self, scope: str, unit_id: int | None) -> bool:
        own = {
            "unit": unit_id,
            "category": self.category_id,
            "area": self.received.data["area_id"],
        }
        parts = [] if scope == "city" else [part.split(":") for part in scope.split("/")]
        return all(own[name] is not None and str(own[name]) == value for name, value in parts)


class PlainMeasures:
    """All reports as they stood at `as_of`, asked for the figures of a window of local days."""

    def __init__(
        self, histories: Sequence[Sequence[Entry]], as_of: datetime, calendar: Calendar
    ) -> None:
        self.as_of = as_of
        self.calendar = calendar
        past = ([entry for entry in entries if entry.at <= as_of] for entries in histories)
        self.reports = [PlainReport(entries, calendar, as_of) for entries in past if entries]

    def cases(
        self, figure: str, scope: str, first: date, last: date
    ) -> set[tuple[int, int | None]]:
        """The cases of a figure; those of a dispatch are told apart by their unit."""
        return {
            case
            for case, moment, unit_id, report in self._counted(figure)
            if (moment is None or self._in(moment, first, last)) and report.in_scope(scope, unit_id)
        }

    def count(self, figure: str, scope: str, first: date, last: date) -> int:
        """How many there are; a report may be dispatched to a unit more than once."""
        return sum(
            (moment is None or self._in(moment, first, last)) and report.in_scope(scope, unit_id)
            for _, moment, unit_id, report in self._counted(figure)
        )

    def _counted(self, figure: str):
        """(case, moment or None for what stands now, whose it is, report) of each that counts."""
        for report in self.reports:
            id_ = report.received.report_id
            if figure in {"open", "overdue"}:
                if self._stands(report, figure):
                    number = report.rounds[-1].number if figure == "overdue" else None
                    yield (id_, number), None, report.holder, report
            elif report.gone:
                if figure in {"excluded", f"excluded_{report.gone}"}:
                    yield (id_, None), report.received.at, report.unit_id, report
            elif figure.startswith(ROUND_FIGURES):
                for one in report.rounds:
                    moment = self._moment(report, one, figure)
                    if moment:
                        yield (id_, one.number), moment, one.unit_id, report
            elif figure.startswith(("given_", "accepted_", "lost_")):
                for entry, clock, became, _minutes in report.dispatches():
                    if figure in {f"given_{clock}", f"{became}_{clock}"}:
                        yield (id_, None), entry.at, entry.unit_id, report
            elif self._whole(report, figure):
                dispatched = figure.startswith(("to_fix", "fixed", "nothing", "both"))
                at = report.rounds[0].start.at if dispatched else report.received.at
                yield (id_, None), at, report.unit_id, report

    def _stands(self, report: PlainReport, figure: str) -> bool:
        late = bool(report.rounds) and report.rounds[-1].due < self.as_of
        return report.open and (figure == "open" or late)

    def _whole(self, report: PlainReport, figure: str) -> bool:
        """Whether a report as a whole counts, whenever it does."""
        fix = report.fix()
        became = f"{fix[0]}_{fix[1]}".rstrip("_") if fix else ""
        cohort = f"to_fix_{fix[1]}" if fix and fix[1] else ""
        return {
            "received": True,
            "dispatched": bool(report.rounds),
            "first_answered": report.first_answer is not None,
            "felt": bool(report.rounds) and report.rounds[-1].close is not None,
        }.get(figure, figure in {became, cohort})

    def times(
        self, name: str, scope: str, first: date, last: date
    ) -> tuple[list[int], list[int], list[int]]:
        """Minutes of what is timed under a name: ended, running on, lost."""
        found: tuple[list[int], list[int], list[int]] = ([], [], [])
        duration, clock = name.split("/")
        for report in self.reports:
            for moment, unit_id, minutes, place in self._timed(report, duration, clock):
                if self._in(moment, first, last) and report.in_scope(scope, unit_id):
                    found[place].append(minutes)
        return found

    def _timed(self, report: PlainReport, duration: str, clock: str):
        """(moment of the cohort, whose, minutes, 0 ended, 1 running, 2 lost)."""
        if report.gone:
            return
        if duration in {"time_to_dispatch", "first_answer", "time_felt"}:
            ends = {
                "time_to_dispatch": report.rounds[0].start if report.rounds else None,
                "first_answer": report.first_answer,
                "time_felt": report.rounds[-1].close if report.rounds else None,
            }
            end, at = ends[duration], report.received.at
            until = self.as_of if end is None else end.at
            minutes = int(until.timestamp() // 60 - at.timestamp() // 60)
            yield at, report.unit_id, minutes, 1 if end is None else 0
        elif duration == "time_to_accept":
            for entry, own, became, minutes in report.dispatches():
                if own == clock:
                    so_far = self._clock_minutes(own, entry.at)
                    place = {"accepted": 0, "given": 1, "lost": 2}[became]
                    yield entry.at, entry.unit_id, so_far if minutes is None else minutes, place
        elif duration == "time_to_answer":
            for one in report.rounds:
                if one.clock == clock and one.close:
                    yield one.start.at, one.unit_id, one.close.data["minutes"], 0
                elif one.clock == clock:
                    yield one.start.at, one.unit_id, one.so_far, 1
        elif (fix := report.fix()) and fix[1] == clock:
            at = report.rounds[0].start.at
            if fix[2] is None:
                earlier = sum(one.close.data["minutes"] for one in report.rounds[:-1])
                yield at, report.unit_id, earlier + report.rounds[-1].so_far, 1
            else:
                yield at, report.unit_id, fix[2], 0

    def _clock_minutes(self, clock: str, start: datetime) -> int:
        if clock == "working":
            return self.calendar.working_minutes_between(start, self.as_of)
        return int(self.as_of.timestamp() // 60 - start.timestamp() // 60)

    def _in(self, moment: datetime, first: date, last: date) -> bool:
        return first <= moment.astimezone(self.calendar.zone).date() <= last

    def _moment(self, report: PlainReport, one: PlainRound, figure: str) -> datetime | None:
        """The moment a round counts at for a figure, None when it does not count."""
        if figure.startswith(("started_", "finished_")):
            word, clock = figure.split("_", 1)
            counts = one.clock == clock and (word == "started" or one.close is not None)
            return one.start.at if counts else None
        if figure.startswith("due"):
            original = figure.startswith("due_original")
            return self._due(one, original, figure.removeprefix("due_original").removeprefix("due"))
        close, rating = one.close, report.rating(one.number)
        if close is None:
            return None
        if figure.startswith("promised"):
            return self._promised(one, figure.removeprefix("promised"))
        if figure.startswith("rated"):
            level = figure.removeprefix("rated").removeprefix("_")
            counts = rating is not None and level in {"", rating.data["level"]}
            return rating.at if counts else None
        kind = figure.removeprefix("closed").removeprefix("_")
        counts = {
            "": True,
            "rated": rating is not None,
            "reopened": any(entry.kind is K.REOPENED for entry in one.entries),
            "repeated": any(entry.kind is K.REPEATED for entry in one.entries),
        }.get(kind, close.data["outcome"] == kind)
        return close.at if counts else None

    def _due(self, one: PlainRound, original: bool, kind: str) -> datetime | None:
        due = one.original_due if original else one.due
        if due > self.as_of:
            return None
        on_time = one.close is not None and one.close.at <= due
        fixed = one.close is not None and one.close.data["outcome"] == "fixed"
        return (
            due
            if {"": True, "_on_time": on_time, "_fixed_on_time": on_time and fixed}[kind]
            else None
        )

    def _promised(self, one: PlainRound, kind: str) -> datetime | None:
        promised = one.close.data["promised_on"]
        if promised is None:
            return None
        day = date.fromisoformat(promised)
        over = datetime.combine(day + timedelta(days=1), time(), self.calendar.zone)
        reopened = _latest(one.entries, K.REOPENED)
        if over > self.as_of or (reopened is not None and reopened.at < over):
            return None
        kept = one.kept
        counts = {"": True, "_kept": bool(kept), "_kept_on_time": bool(kept) and kept.at < over}
        return over - timedelta(hours=1) if counts[kind] else None


def plain_backlog(
    histories: Sequence[Sequence[Entry]], day: date, scope: str, calendar: Calendar
) -> dict[date, int]:
    """What was open at the end of a day, by the day it came in: asked of that moment itself."""
    end = datetime.combine(day + timedelta(days=1), time(), calendar.zone)
    found: dict[date, int] = {}
    for entries in histories:
        past = [entry for entry in entries if entry.at < end]
        report = PlainReport(past, calendar, end)
        if past and report.open and report.in_scope(scope, report.holder):
            received_on = report.received.at.astimezone(calendar.zone).date()
            found[received_on] = found.get(received_on, 0) + 1
    return found
