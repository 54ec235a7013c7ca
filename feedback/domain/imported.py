"""Reports of another system: what a mapping makes of a file's rows, and why a row is refused.

Pure: a row of words goes in, plain facts or a refusal come out. Nothing is guessed; a row that
contradicts itself is refused with the column and the reason, and the others go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedback.domain.errors import Invalid
from feedback.domain.states import Channel, Clock, Outcome
from feedback.domain.text import normalise

FIELDS = frozenset(
    {
        *("id", "received", "closed", "due", "category", "unit", "status"),
        *("text", "address", "latitude", "longitude"),
    }
)
NEEDED = ("id", "received", "category", "unit", "status")
MAX_KEY, MAX_WORD, MAX_TEXT, MAX_ADDRESS, MAX_LANGUAGE = 80, 120, 10_000, 300, 5


class Fate(StrEnum):
    """What became of an imported report; the closed ones are named by their outcome."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    FIXED = Outcome.FIXED.value
    PLANNED = Outcome.PLANNED.value
    NOT_COMPETENT = Outcome.NOT_COMPETENT.value
    NOT_FOUND = Outcome.NOT_FOUND.value
    REFUSED = Outcome.REFUSED.value

    @property
    def outcome(self) -> Outcome | None:
        """The outcome of a closed report."""
        return None if self in {Fate.OPEN, Fate.WITHDRAWN} else Outcome(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping:
    """How to read a file: which column is what, and what its words mean.

    `source` names the other system; with a row's id it names a report for ever. Local times are of
    `zone`; an hour that happens twice is taken as its first. With `due_is_day` a due moment says
    only the day, whose end it is. `service_level` is the code of the level that gives what the file
    lacks; times are counted on `clock`. `categories` and `units` turn the file's words into codes
    known here; other words become categories and units of their own if `create_missing`. Reports
    are in `language`.
    """

    source: str
    zone: ZoneInfo
    clock: Clock
    service_level: str
    columns: Mapping[str, str]
    statuses: Mapping[str, Fate]
    categories: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    create_missing: bool = False
    due_is_day: bool = False
    language: str = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedReport:
    """One row understood. Moments are UTC; `ended_at` is the close or the withdrawal.

    `left_out` names the one value that was not taken over: a due moment before the report came in
    promises nothing, and the service level's stands in for it.
    """

    line: int
    key: str
    received_at: datetime
    ended_at: datetime | None
    due: datetime | None
    fate: Fate
    category: str
    unit: str
    text: str = ""
    address: str = ""
    point: tuple[float, float] | None = None
    left_out: "Refusal | None" = None
    channel: Channel = Channel.IMPORT


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row, or a value of it, was not taken; the file's heading is line 1."""

    line: int
    key: str
    column: str
    reason: str
    value: str


class RowRefused(Exception):
    """A row that cannot be taken."""

    def __init__(self, name: str, reason: str, value: str) -> None:
        super().__init__(reason)
        self.name, self.reason, self.value = name, reason, value


def read_mapping(data: Mapping[str, Any]) -> ImportMapping:
    """The mapping a parsed TOML file describes. Raises Invalid naming every key that is wrong."""
    problems: dict[str, str] = {}
    columns = _words(data, "columns", problems)
    problems |= {f"columns.{name}": "unknown" for name in columns.keys() - FIELDS}
    problems |= {f"columns.{name}": "required" for name in NEEDED if not columns.get(name)}
    statuses = _words(data, "statuses", problems)
    problems |= {
        f"statuses.{word}": "unknown" for word, fate in statuses.items() if fate not in set(Fate)
    }
    zone, clock = str(data.get("time_zone", "")), str(data.get("clock", ""))
    try:
        found = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        problems["time_zone"] = "unknown" if zone else "required"
    if clock not in set(Clock):
        problems["clock"] = "unknown" if clock else "required"
    for name in ("source", "service_level"):
        if not str(data.get(name, "")).strip():
            problems[name] = "required"
    if problems:
        raise Invalid(problems)
    return ImportMapping(
        source=normalise(str(data["source"]))[:MAX_KEY],
        zone=found,
        clock=Clock(clock),
        service_level=str(data["service_level"]),
        columns=columns,
        statuses={word: Fate(fate) for word, fate in statuses.items()},
        categories=_words(data, "categories", {}),
        units=_words(data, "units", {}),
        create_missing=bool(data.get("create_missing", False)),
        due_is_day=bool(data.get("due_is_day", False)),
        language=str(data.get("language", "vi"))[:MAX_LANGUAGE],
    )


def read_row(
    line: int, row: Mapping[str, str | None], mapping: ImportMapping, now: datetime
) -> ImportedReport | Refusal:
    """One row as a report, or the first reason why it cannot be one."""
    told = {
        name: normalise(row.get(column) or "") for name, column in mapping.columns.items() if column
    }
    try:
        return _report(line, told, mapping, now)
    except RowRefused as refused:
        column = mapping.columns.get(refused.name, refused.name)
        return Refusal(line, told.get("id", "")[:MAX_KEY], column, refused.reason, refused.value)


def _report(
    line: int, told: Mapping[str, str], mapping: ImportMapping, now: datetime
) -> ImportedReport:
    for name, most in (("id", MAX_KEY), ("category", MAX_WORD), ("unit", MAX_WORD)):
        if not told[name]:
            raise RowRefused(name, "missing", "")
        if len(told[name]) > most:
            raise RowRefused(name, "too_long", told[name][:most])
    if told["status"] not in mapping.statuses:
        raise RowRefused("status", "unknown", told["status"])
    fate = mapping.statuses[told["status"]]
    received_at = _moment(told, "received", mapping.zone)
    if received_at is None:
        raise RowRefused("received", "missing", "")
    if received_at > now:
        raise RowRefused("received", "in_the_future", told["received"])
    due = _due(told, mapping)
    promises = due is None or due >= received_at
    return ImportedReport(
        line=line,
        key=told["id"],
        received_at=received_at,
        ended_at=_ended_at(told, fate, received_at, mapping.zone, now),
        due=due if promises else None,
        fate=fate,
        category=told["category"],
        unit=told["unit"],
        text=told.get("text", "")[:MAX_TEXT],
        address=told.get("address", "")[:MAX_ADDRESS],
        point=_point(told),
        left_out=None if promises else _left_out(line, told, mapping),
    )


def _left_out(line: int, told: Mapping[str, str], mapping: ImportMapping) -> Refusal:
    return Refusal(line, told["id"], mapping.columns["due"], "due_before_received", told["due"])


def _ended_at(
    told: Mapping[str, str], fate: Fate, received_at: datetime, zone: ZoneInfo, now: datetime
) -> datetime | None:
    ended_at = _moment(told, "closed", zone)
    if fate is Fate.OPEN:
        if ended_at is not None:
            raise RowRefused("closed", "open_but_closed", told["closed"])
        return None
    if ended_at is None:
        raise RowRefused("closed", "never_closed", "")
    if ended_at < received_at:
        raise RowRefused("closed", "closed_before_received", told["closed"])
    if ended_at > now:
        raise RowRefused("closed", "in_the_future", told["closed"])
    return ended_at


def _due(told: Mapping[str, str], mapping: ImportMapping) -> datetime | None:
    due = _moment(told, "due", mapping.zone)
    if due is None:
        return None
    if mapping.due_is_day:
        next_day = due.astimezone(mapping.zone).date() + timedelta(days=1)
        return datetime.combine(next_day, time(), mapping.zone).astimezone(UTC)
    return due


def _moment(told: Mapping[str, str], name: str, zone: ZoneInfo) -> datetime | None:
    """A moment in ISO 8601; without an offset it is local time, without a clock it is midnight."""
    words = told.get(name, "")
    if not words:
        return None
    try:
        moment = datetime.fromisoformat(words)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RowRefused(name, "no_moment", words[:MAX_WORD]) from None


def _point(told: Mapping[str, str]) -> tuple[float, float] | None:
    if not told.get("latitude") and not told.get("longitude"):
        return None
    found = []
    for name, most in (("latitude", 90), ("longitude", 180)):
        words = told.get(name, "")
        try:
            degrees = float(words)
        except ValueError:
            raise RowRefused(name, "no_coordinate", words[:MAX_WORD]) from None
        if not -most <= degrees <= most:
            raise RowRefused(name, "no_coordinate", words[:MAX_WORD])
        found.append(degrees)
    return found[0], found[1]


def _words(data: Mapping[str, Any], name: str, problems: dict[str, str]) -> dict[str, str]:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        problems[name] = "no_table"
        return {}
    return {normalise(str(key)): normalise(str(value)) for key, value in table.items()}


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The local day of a moment."""
    return moment.astimezone(zone).date()
