"""The figures once more, slowly: straight from the entries, one question at a time.

Written from the definitions and sharing nothing with the product's fold and contributions but the
words and the calendar. A case is (report id, round number or None); a figure is how many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feedback.domain.calendar import Calendar
from feedback.domain.histories import Entry, HistoryKind

K = HistoryKind
LEAVING = {K.REJECTED, K.MARKED_DUPLICATE, K.WITHDRAWN}
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
    def gone(self) -> bool:
        last = _latest(self.entries, *LEAVING, *COMING_BACK)
        return last is not None and last.kind in LEAVING

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
        """The cases of a figure; `finished_…` and `started_…` name their clock."""
        found = set()
        for report in self.reports:
            id_ = report.received.report_id
            if figure in {"received", "excluded", "open", "overdue"}:
                inside = figure in {"open", "overdue"} or self._in(report.received.at, first, last)
                if (
                    inside
                    and self._whole(report, figure)
                    and report.in_scope(scope, report.unit_id)
                ):
                    found.add((id_, report.rounds[-1].number if figure == "overdue" else None))
                continue
            for one in [] if report.gone else report.rounds:
                moment = self._moment(report, one, figure)
                if moment and self._in(moment, first, last) and report.in_scope(scope, one.unit_id):
                    found.add((id_, one.number))
        return found

    def finished_minutes(self, clock: str, scope: str, first: date, last: date) -> list[int]:
        """Times to answer of the closed rounds started in the window."""
        wanted = self.cases(f"finished_{clock}", scope, first, last)
        return sorted(
            one.close.data["minutes"]
            for report in self.reports
            for one in report.rounds
            if (report.received.report_id, one.number) in wanted
        )

    def open_minutes(self, clock: str, scope: str, first: date, last: date) -> list[int]:
        """Clock time so far of the open rounds started in the window."""
        wanted = self.cases(f"started_{clock}", scope, first, last)
        return sorted(
            one.so_far
            for report in self.reports
            for one in report.rounds
            if (report.received.report_id, one.number) in wanted and one.close is None
        )

    def _in(self, moment: datetime, first: date, last: date) -> bool:
        return first <= moment.astimezone(self.calendar.zone).date() <= last

    def _whole(self, report: PlainReport, figure: str) -> bool:
        if figure == "overdue":
            late = bool(report.rounds) and report.rounds[-1].due < self.as_of
            return report.open and late
        return {"received": not report.gone, "excluded": report.gone, "open": report.open}[figure]

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
        if figure.startswith("rated"):
            level = figure.removeprefix("rated").removeprefix("_")
            counts = rating is not None and level in {"", rating.data["level"]}
            return rating.at if counts else None
        kind = figure.removeprefix("closed").removeprefix("_")
        counts = {
            "": True,
            "rated": rating is not None,
            "reopened": any(entry.kind is K.REOPENED for entry in one.entries),
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
