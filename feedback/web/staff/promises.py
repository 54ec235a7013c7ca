"""What a unit has promised in its answers and not shown to be done; all units for dispatchers."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from feedback.domain.states import Role
from feedback.extensions import db
from feedback.storage.models import Round
from feedback.storage.queries import promises
from feedback.storage.queries.promises import Position
from feedback.web import context
from feedback.web.forms import as_key
from feedback.web.presenting import area_name, name_of, title_of, unit_name
from feedback.web.staff import people
from feedback.web.staff.queue import PROMISED_SOON, pages

PAGE_SIZE = 50


@pages.get("/staff/promises")
def list_promises() -> str:
    """The open promises, the earliest promised day first."""
    person, today = people.current(), context.today()
    whole_city = person.role is Role.DISPATCHER
    unit_id = None if whole_city else person.unit_id or 0
    after = _after()
    found = promises.awaited(db.session(), unit_id, after, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    return render_template(
        "staff/promises.html",
        items=[_item(one, today) for one in shown],
        whole_city=whole_city,
        first_url=url_for("queue.list_promises") if after else None,
        next_url=url_for("queue.list_promises", after=_words(shown[-1]))
        if len(found) > PAGE_SIZE
        else None,
    )


def _item(promised: Round, today: date) -> dict[str, Any]:
    report, day = promised.report, promised.promised_on or today
    return {
        "code": report.code,
        "title": title_of(report),
        "category": name_of(report.category),
        "place": area_name(report.area) or report.address_text,
        "unit": unit_name(promised.unit),
        "promised_on": day,
        "late": day < today,
        "soon": day <= today + PROMISED_SOON,
    }


def _words(last: Round) -> str:
    return f"{last.promised_on}_{last.id}"


def _after() -> Position | None:
    day, _mark, round_id = request.args.get("after", "").partition("_")
    try:
        return Position(date.fromisoformat(day), as_key(round_id))
    except ValueError:
        return None
