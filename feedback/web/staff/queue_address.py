"""What the address of a queue asks for: its view, what it is narrowed to, where its page begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from feedback.domain.calendar import Calendar
from feedback.domain.deadlines import add_clock_minutes
from feedback.domain.states import Clock, Role
from feedback.storage.queries.queue import Moments, Position, QueueRow, View, Wanted
from feedback.web.deadlines import SOON_MINUTES
from feedback.web.forms import as_key, key_in, searched
from feedback.web.sessions import SignedIn

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One address of a queue, read. `filters` are those it gives, as its links repeat them."""

    view: View
    wanted: Wanted
    filters: dict[str, Any]
    after: Position | None


def read_address(args: Mapping[str, str], person: SignedIn) -> Asked:
    """The parameters of a queue's address, as this person may use them.

    What cannot be read narrows nothing; nothing leads out of a unit.
    """
    whole_city = person.role is Role.DISPATCHER
    return Asked(
        view=_view(args, whole_city),
        wanted=Wanted(
            unit_id=key_in(args, "unit") if whole_city else person.unit_id or 0,
            words=searched(args=args),
            handler_id=None if whole_city else _handler_key(args),
            category_id=key_in(args, "category"),
            area_id=key_in(args, "area"),
        ),
        filters=_given_filters(args, whole_city),
        after=_after(args),
    )


def moments_of(calendar: Calendar, now: datetime) -> Moments:
    """What the views go by at this moment."""
    soon = {clock: add_clock_minutes(clock, calendar, now, SOON_MINUTES) for clock in Clock}
    return Moments(now, soon)


def position_words(row: QueueRow) -> str:
    """The place behind a case, as an address names it in `after`."""
    return f"{(row.due - EPOCH) // MICROSECOND}_{row.assignment_id}"


def _view(args: Mapping[str, str], whole_city: bool) -> View:
    wanted = args.get("view", "")
    if wanted not in set(View) or (whole_city and wanted == View.MINE):
        return View.OPEN
    return View(wanted)


def _given_filters(args: Mapping[str, str], whole_city: bool) -> dict[str, Any]:
    names = ("q", "category", "area", "unit" if whole_city else "handler")
    return {name: value for name in names if (value := args.get(name, "").strip())}


def _handler_key(args: Mapping[str, str]) -> int | None:
    """A person's id, or 0 for nobody."""
    return 0 if args.get("handler") == "0" else key_in(args, "handler")


def _after(args: Mapping[str, str]) -> Position | None:
    due, _, assignment_id = args.get("after", "").partition("_")
    try:
        return Position(EPOCH + int(due) * MICROSECOND, as_key(assignment_id))
    except (ValueError, OverflowError):
        return None
