"""The list somebody came from to a case, as addresses and forms carry it, and its next case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for

from feedback.domain.permissions import UNIT_ROLES
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations.reference import working_calendar
from feedback.storage.models import Report
from feedback.storage.queries import queue, triage
from feedback.web import context
from feedback.web.sessions import SignedIn
from feedback.web.staff import people
from feedback.web.staff.queue_address import Asked, moments_of, read_address
from feedback.web.staff.steps import own_assignment
from feedback.web.staff.triage_address import read_triage_address

NAME = "from"
LONGEST = 500
MOST_PARAMETERS = 12

Find = Callable[[], list[str]]


@dataclass(frozen=True, slots=True)
class CameFrom:
    """A list as a case's page carries it: `words` name it, `url` leads back to it."""

    words: str = ""
    url: str = ""


def carried(name: str, view: str, filters: Mapping[str, Any]) -> str:
    """How the links of a list name it: its short name and its parameters."""
    return f"{name}?{urlencode({'view': view, **filters})}"


def case_url(code: str, carried_words: str = "") -> str:
    """The address of a case, with the list it is opened from where there is one."""
    values: dict[str, Any] = {NAME: carried_words} if carried_words else {}
    return url_for("cases.show", code=code, **values)


def came_from() -> CameFrom:
    """The list the request names, read as its own page would read it; nothing for none.

    What is carried on is made anew from what could be read, so that no address of somebody else's
    making is followed.
    """
    name, args = _named(request.values.get(NAME, "")[:LONGEST])
    person = people.current()
    if name == "queue" and person.role in {*UNIT_ROLES, Role.DISPATCHER}:
        asked = read_address(args, person)
        view, filters = asked.view.value, asked.filters
    elif name == "triage" and person.role is Role.DISPATCHER:
        of_triage = read_triage_address(args)
        view, filters = of_triage.view.value, of_triage.filters
    else:
        return CameFrom()
    return CameFrom(
        carried(name, view, filters), url_for(f"{name}.show", **{"view": view, **filters})
    )


def asked_queue() -> Asked:
    """What the queue the request names asks for; the whole of it for none."""
    return read_address(_named(came_from().words)[1], people.current())


def finder(report: Report, source: CameFrom) -> Callable[[], str]:
    """What finds the case behind this one in the list it was opened from.

    The case's place is taken now, before a step moves it; the answer is an address, empty when
    the list holds no other case.
    """
    name, args = _named(source.words)
    find = {"queue": _in_queue, "triage": _in_triage}.get(name)
    if find is None:
        return str
    code = report.code
    behind, from_the_top = find(report, args, people.current())

    def following() -> str:
        found = behind() or [one for one in from_the_top() if one != code]
        return case_url(found[0], source.words) if found else ""

    return following


def _named(words: str) -> tuple[str, dict[str, str]]:
    name, _mark, query = words.partition("?")
    try:
        return name, dict(parse_qsl(query, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        return "", {}


def _in_queue(report: Report, args: Mapping[str, str], person: SignedIn) -> tuple[Find, Find]:
    asked, now = read_address(args, person), context.now()
    lead_id = report.lead_assignment_id
    at = own_assignment(report, people.current_actor()) or next(
        (one for one in report.assignments if one.id == lead_id), None
    )
    place = queue.Position(at.due, at.id) if at else None

    def look(after: queue.Position | None, limit: int) -> list[str]:
        session = db.session()
        moments = moments_of(working_calendar(session, context.city()), now)
        found = queue.rows(
            session,
            asked.view,
            asked.wanted,
            moments,
            account_id=person.account_id,
            after=after,
            limit=limit,
        )
        return [row.code for row in found]

    return (lambda: look(place, 1) if place else []), (lambda: look(None, 2))


def _in_triage(report: Report, args: Mapping[str, str], _person: SignedIn) -> tuple[Find, Find]:
    asked = read_triage_address(args)
    place = triage.Position(report.received_at, report.id)

    def look(after: triage.Position | None, limit: int) -> list[str]:
        found = triage.waiting(db.session(), asked.view, asked.wanted, after, limit)
        return [one.code for one in found]

    return (lambda: look(place, 1)), (lambda: look(None, 2))
