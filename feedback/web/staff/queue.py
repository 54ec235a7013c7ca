"""The queue: the cases of a unit, or of the whole city for dispatchers, by what is due first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale

from feedback.domain.calendar import Calendar
from feedback.domain.states import Role
from feedback.domain.text import summary
from feedback.extensions import db
from feedback.operations.reference import working_calendar
from feedback.operations.work_in_bulk import DEEDS_OF, MOST_AT_ONCE
from feedback.storage.queries import (
    categories,
    followers,
    places,
    promises,
    queue,
    saved_views,
    units,
)
from feedback.storage.queries.queue import QueueRow, View
from feedback.web import context
from feedback.web.deadlines import deadline_of
from feedback.web.presenting import area_name, name_of, unit_name
from feedback.web.sessions import SignedIn
from feedback.web.staff import people
from feedback.web.staff.lists import carried
from feedback.web.staff.queue_address import moments_of, position_words, read_address

pages = Blueprint("queue", __name__)
PAGE_SIZE = 50
PROMISED_SOON = timedelta(days=7)


@pages.get("/staff/queue")
def show() -> str:
    """One view of the queue, narrowed by the address."""
    session, person, now = db.session(), people.current(), context.now()
    calendar = working_calendar(session, context.city())
    moments = moments_of(calendar, now)
    whole_city = person.role is Role.DISPATCHER
    asked = read_address(request.args, person)
    view, wanted, filters = asked.view, asked.wanted, asked.filters
    found = queue.rows(
        session,
        view,
        wanted,
        moments,
        account_id=person.account_id,
        after=asked.after,
        limit=PAGE_SIZE + 1,
    )
    shown = found[:PAGE_SIZE]
    also = followers.counts(session, [row.report_id for row in shown])
    here = {"view": view.value, **filters}
    more = len(found) > PAGE_SIZE
    return render_template(
        "staff/queue.html",
        view=view.value,
        views=[v.value for v in View if v is not View.MINE or not whole_city],
        counts=queue.counts(session, wanted, moments, person.account_id),
        count_cap=queue.COUNT_CAP,
        items=[_item(row, calendar, now, also.get(row.report_id, 0)) for row in shown],
        filters=filters,
        deeds=[deed.value for deed in DEEDS_OF.get(person.role, ())],
        most_at_once=MOST_AT_ONCE,
        carried=carried("queue", view.value, filters),
        whole_city=whole_city,
        loads=queue.loads(session, person.unit_id, now)
        if person.role is Role.HEAD and person.unit_id
        else [],
        category_choices=[
            (c.id, name_of(c)) for c in categories.categories_on(session, context.today())
        ],
        area_choices=[(a.id, area_name(a)) for a in places.names_on(session, context.today())],
        unit_choices=_unit_choices() if whole_city else [],
        promises_due=promises.count_due(session, wanted.unit_id, context.today() + PROMISED_SOON),
        promises_cap=promises.COUNT_CAP,
        saved=_saved_views(person, here),
        keep_url=url_for("queue.list_views", **here),
        file_url=url_for("queue.download", **here),
        first_url=url_for("queue.show", **here) if asked.after else None,
        next_url=url_for("queue.show", **here, after=position_words(shown[-1])) if more else None,
    )


def _saved_views(person: SignedIn, here: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The views one has kept, and those of others that are shared with the unit."""
    now_shown = urlencode(here)
    return [
        {
            "name": one.name,
            "url": f"{url_for('queue.show')}?{one.parameters}",
            "whose": "" if one.account_id == person.account_id else whose,
            "current": one.parameters == now_shown,
        }
        for one, whose in saved_views.usable_by(db.session(), person.account_id, person.unit_id)
    ]


def _item(row: QueueRow, calendar: Calendar, now: datetime, also: int) -> dict[str, Any]:
    english = str(get_locale()) == "en"
    area = (english and row.area_name_en) or row.area_name
    category = name_of(row.category)
    return {
        "id": row.assignment_id,
        "code": row.code,
        "title": summary(row.text) or category or row.address_text,
        "category": category,
        "place": area or row.address_text,
        "state": row.state.value,
        "replied": row.replied,
        "round": row.round_number,
        "deadline": deadline_of(row.due, row.clock, calendar, now, waiting=row.waiting),
        "unit": row.unit_name,
        "handler": row.handler_name,
        "also": also,
    }


def _unit_choices() -> list[tuple[int, str]]:
    return [(u.id, unit_name(u)) for u in units.units_on(db.session(), context.today())]
