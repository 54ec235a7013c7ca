"""One deed for many cases at once: each in its own transaction, each with its own answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from feedback.domain.actors import Actor
from feedback.domain.errors import Conflict, DomainError, Invalid, NotFound
from feedback.domain.permissions import UNIT_ROLES
from feedback.domain.states import Role
from feedback.operations.add_note import MAX_NOTE, Note, add_note
from feedback.operations.city import City
from feedback.operations.name_handler import name_handler
from feedback.operations.take_case import take_case
from feedback.operations.transaction import reading
from feedback.operations.withdraw_assignment import withdraw_assignment
from feedback.storage.queries import cases

MOST_AT_ONCE = 100


class Deed(StrEnum):
    """What can be done to many cases at once."""

    TAKE = "take"
    HANDLER = "handler"
    NOTE = "note"
    WITHDRAW = "withdraw"


DEEDS_OF = {
    Role.HANDLER: (Deed.TAKE, Deed.NOTE),
    Role.HEAD: (Deed.HANDLER, Deed.TAKE, Deed.NOTE),
    Role.DISPATCHER: (Deed.NOTE, Deed.WITHDRAW),
}


@dataclass(frozen=True, slots=True)
class Order:
    """A deed with what it needs: whom to name, or the note's or reason's text."""

    deed: Deed
    handler_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case as somebody saw it: a unit's part in a report, and the report's version then."""

    assignment_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case; `refused` says why nothing was done about it.

    `code` is empty where the person may not see the case, or there is none.
    """

    code: str
    refused: DomainError | None


def work_in_bulk(
    order: Order, chosen: Sequence[Chosen], *, actor: Actor, city: City, now: datetime
) -> list[Result]:
    """Do the deed to each case by its own use case, in the order given, and tell how each went.

    A stale or forbidden one is refused by itself and costs the others nothing.

    Raises Invalid naming `case` (none, or too many), `handler_id`, `text` or `reason`, before
    anything is done.
    """
    _check(order, chosen)
    with reading() as session:
        known = cases.places_of(session, [one.assignment_id for one in chosen])
    how: dict[str, Any] = {"actor": actor, "city": city, "now": now}
    results = []
    for one in chosen:
        place = known.get(one.assignment_id)
        if place is None or not _may_see(actor, place.unit_id):
            results.append(Result("", NotFound("report_not_found")))
            continue
        try:
            _do(order, (place.report_id, one.assignment_id), one.version, how)
            results.append(Result(place.code, None))
        except DomainError as refused:
            results.append(Result(place.code, refused))
    return results


def _do(order: Order, which: tuple[int, int], version: int, how: dict[str, Any]) -> None:
    if order.deed is Deed.TAKE:
        take_case(*which, version=version, **how)
    elif order.deed is Deed.HANDLER:
        name_handler(*which, handler_id=order.handler_id or 0, version=version, **how)
    elif order.deed is Deed.WITHDRAW:
        withdraw_assignment(*which, reason=order.text, version=version, **how)
    else:
        _note(which, version, order.text, how)


def _note(which: tuple[int, int], version: int, text: str, how: dict[str, Any]) -> None:
    """A note asks for no fresh view; here it does, so that no list is worked off twice."""
    with reading() as session:
        if cases.version_of(session, which[0]) != version:
            raise Conflict("changed_meanwhile")
    add_note(*which, Note(text=text), **how)


def _check(order: Order, chosen: Sequence[Chosen]) -> None:
    if not chosen:
        raise Invalid({"case": "required"})
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid({"case": "too_many_at_once"})
    if order.deed is Deed.HANDLER and order.handler_id is None:
        raise Invalid({"handler_id": "required"})
    if order.deed is Deed.NOTE and not order.text.strip():
        raise Invalid({"text": "required"})
    if order.deed is Deed.WITHDRAW and not order.text.strip():
        raise Invalid({"reason": "required"})
    if len(order.text) > MAX_NOTE:
        raise Invalid({"text": "too_long"})


def _may_see(actor: Actor, unit_id: int) -> bool:
    at_unit = actor.role in UNIT_ROLES and actor.unit_id == unit_id
    return actor.role is Role.DISPATCHER or at_unit
