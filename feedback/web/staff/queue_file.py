"""A queue as a file: every case of one view, narrowed exactly as its page is."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Response, request
from flask_babel import get_locale

from feedback.domain.states import AssignmentState, Role
from feedback.extensions import db
from feedback.operations.reference import working_calendar
from feedback.storage.queries import queue
from feedback.storage.queries.queue import Moments, Position, QueueRow
from feedback.web import context
from feedback.web.csv_files import csv_response
from feedback.web.presenting import name_of
from feedback.web.sessions import SignedIn
from feedback.web.staff import people
from feedback.web.staff.queue import pages
from feedback.web.staff.queue_address import Asked, moments_of, read_address
from feedback.wording import _

ROWS_A_READ = 1_000
MOMENT = "%d/%m/%Y %H:%M"


@pages.get("/staff/queue.csv")
def download() -> Response:
    """The cases the address asks for, all of them, what is due first on top."""
    person, now = people.current(), context.now()
    moments = moments_of(working_calendar(db.session(), context.city()), now)
    asked = read_address(request.args, person)
    today = now.astimezone(context.city().zone)
    return csv_response(f"queue-{today:%Y-%m-%d}.csv", _rows(asked, moments, person))


def _rows(asked: Asked, moments: Moments, person: SignedIn) -> Iterator[Sequence[object]]:
    whole_city = person.role is Role.DISPATCHER
    yield _heads(whole_city)
    for row in _cases(asked, moments, person):
        yield _cells(row, moments.now, whole_city)


def _cases(asked: Asked, moments: Moments, person: SignedIn) -> Iterator[QueueRow]:
    """Every case of the view, read by key a page at a time."""
    after: Position | None = None
    while True:
        found = queue.rows(
            db.session(),
            asked.view,
            asked.wanted,
            moments,
            account_id=person.account_id,
            after=after,
            limit=ROWS_A_READ,
        )
        yield from found
        if len(found) < ROWS_A_READ:
            return
        after = Position(found[-1].due, found[-1].assignment_id)


def _heads(whole_city: bool) -> list[str]:
    heads = [
        *(_("Code"), _("Received"), _("Due"), _("Overdue"), _("State"), _("Round")),
        *(_("What"), _("Category"), _("Ward or commune"), _("Street or place"), _("Handler")),
    ]
    return [*heads, _("Unit")] if whole_city else heads


def _cells(row: QueueRow, now: datetime, whole_city: bool) -> list[Any]:
    english = str(get_locale()) == "en"
    late = not row.waiting and row.due < now
    cells = [
        row.code,
        _local(row.received_at),
        _local(row.due),
        _("yes") if late else "",
        state_word(row.state),
        row.round_number,
        row.text,
        name_of(row.category),
        (english and row.area_name_en) or row.area_name or "",
        row.address_text,
        row.handler_name or "",
    ]
    return [*cells, row.unit_name] if whole_city else cells


def _local(moment: datetime) -> str:
    return moment.astimezone(context.city().zone).strftime(MOMENT)


def state_word(state: AssignmentState) -> str:
    """The state of a unit's part in a report, in words."""
    return {
        AssignmentState.DISPATCHED: _("Sent, not taken yet"),
        AssignmentState.IN_PROGRESS: _("Being handled"),
        AssignmentState.WAITING: _("Waiting for the citizen"),
        AssignmentState.ANSWERED: _("Answered, to be approved"),
        AssignmentState.APPROVED: _("Answered"),
        AssignmentState.RETURNED: _("Returned"),
        AssignmentState.TRANSFERRED: _("Given to another unit"),
        AssignmentState.WITHDRAWN: _("No longer involved"),
    }[state]
