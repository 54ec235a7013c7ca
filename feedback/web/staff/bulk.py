"""One deed for many cases of the queue: chosen there, looked over here, then done one by one."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import fields
from werkzeug.exceptions import Forbidden

from feedback.domain.errors import DomainError, Invalid
from feedback.domain.states import Role
from feedback.domain.text import summary
from feedback.extensions import db
from feedback.operations.add_note import MAX_NOTE
from feedback.operations.reference import working_calendar
from feedback.operations.work_in_bulk import (
    DEEDS_OF,
    MOST_AT_ONCE,
    Chosen,
    Deed,
    Order,
    work_in_bulk,
)
from feedback.storage.queries import accounts, queue
from feedback.storage.queries.queue import QueueRow, View, Wanted
from feedback.storage.types import can_be_key
from feedback.web import context
from feedback.web.forms import Form, load
from feedback.web.messages import explain, explain_fields
from feedback.web.presenting import name_of
from feedback.web.sessions import SignedIn
from feedback.web.staff import people
from feedback.web.staff.lists import asked_queue, came_from
from feedback.web.staff.queue import pages
from feedback.web.staff.queue_address import moments_of
from feedback.web.staff.queue_file import state_word
from feedback.web.staff.taking_steps import by


class BulkIn(Form):
    """The deed, and the cases as they were seen: "assignment.version" each."""

    case = fields.List(fields.String(), load_default=list)
    deed = fields.Enum(Deed, by_value=True, required=True)
    handler_id = fields.Integer(load_default=None)
    text = fields.String(load_default="")


@pages.get("/staff/queue/bulk")
def preview_bulk() -> str:
    """The chosen cases of the queue, or all that match, before anything is done."""
    person = people.current()
    deed = _asked_deed(request.args.get("deed", ""), person)
    rows = _matching(person) if "all" in request.args else _ticked(person)
    shown = rows[:MOST_AT_ONCE]
    return _preview(deed, shown, more=len(rows) > len(shown), values={}, errors={})


@pages.post("/staff/queue/bulk")
def do_bulk() -> ResponseReturnValue:
    """Do it, and say of each case how it went."""
    person = people.current()
    chosen = _sent_cases(request.form.getlist("case"))
    deed = _asked_deed(request.form.get("deed", ""), person)
    try:
        sent = load(BulkIn)
        order = Order(deed, sent["handler_id"], sent["text"])
        results = work_in_bulk(order, chosen, **by())
    except Invalid as refused:
        errors = explain_fields(refused)
        if "reason" in errors:
            errors["text"] = errors.pop("reason")
        rows = _rows(person, [one.assignment_id for one in chosen])
        page = _preview(deed, rows, more=False, values=request.form, errors=errors)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template(
        "staff/bulk_done.html",
        deed=deed.value,
        source=came_from(),
        done=sum(1 for one in results if one.refused is None),
        results=[{"code": one.code, "why": _why(one.refused)} for one in results],
    )


def _preview(
    deed: Deed,
    rows: Sequence[QueueRow],
    *,
    more: bool,
    values: Any,
    errors: dict[str, str],
) -> str:
    person = people.current()
    choosing = deed is Deed.HANDLER and person.unit_id is not None
    handlers = accounts.of_unit(db.session(), person.unit_id or 0) if choosing else []
    return render_template(
        "staff/bulk.html",
        deed=deed.value,
        source=came_from(),
        items=[_item(row) for row in rows],
        more=more,
        most=MOST_AT_ONCE,
        handler_choices=[(one.id, one.name) for one in handlers],
        limit=MAX_NOTE,
        values=values,
        errors=errors,
    )


def _item(row: QueueRow) -> dict[str, Any]:
    category = name_of(row.category)
    return {
        "key": f"{row.assignment_id}.{row.version}",
        "code": row.code,
        "title": summary(row.text) or category or row.address_text,
        "state": state_word(row.state),
        "handler": row.handler_name,
        "unit": row.unit_name,
    }


def _asked_deed(word: str, person: SignedIn) -> Deed:
    """The deed, one of those this person's role has. Raises Forbidden."""
    offered = DEEDS_OF.get(person.role, ())
    found = next((deed for deed in offered if deed.value == word), None)
    if found is None and word in set(Deed):
        raise Forbidden
    return found or offered[-1]


def _ticked(person: SignedIn) -> Sequence[QueueRow]:
    keys = [int(word) for word in request.args.getlist("case") if word.isdecimal()]
    return _rows(person, [key for key in keys if can_be_key(key)])


def _rows(person: SignedIn, assignment_ids: Sequence[int]) -> Sequence[QueueRow]:
    """Those of these cases that stand in the person's queue, what is due first on top."""
    unit_id = None if person.role is Role.DISPATCHER else person.unit_id or 0
    wanted = Wanted(unit_id=unit_id, assignment_ids=tuple(assignment_ids[: MOST_AT_ONCE + 1]))
    return _look(View.OPEN, wanted, person)


def _matching(person: SignedIn) -> Sequence[QueueRow]:
    """Every case of the list the form came from, up to just above the limit."""
    asked = asked_queue()
    return _look(asked.view, asked.wanted, person)


def _look(view: View, wanted: Wanted, person: SignedIn) -> Sequence[QueueRow]:
    session = db.session()
    moments = moments_of(working_calendar(session, context.city()), context.now())
    return queue.rows(
        session,
        view,
        wanted,
        moments,
        account_id=person.account_id,
        after=None,
        limit=MOST_AT_ONCE + 1,
    )


def _sent_cases(words: Sequence[str]) -> list[Chosen]:
    """The cases a form names; what cannot be read is left out."""
    found = []
    for word in dict.fromkeys(words):
        key, _mark, version = word.partition(".")
        if key.isdecimal() and version.isdecimal() and can_be_key(int(key)):
            found.append(Chosen(int(key), int(version)))
    return found


def _why(refused: DomainError | None) -> str:
    if refused is None:
        return ""
    if isinstance(refused, Invalid):
        return " ".join(explain_fields(refused).values())
    return explain(refused)
