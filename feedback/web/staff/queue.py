"""The queue: the cases of a unit, or of the whole city for dispatchers, by what is due first."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale

from feedback.domain.calendar import Calendar
from feedback.domain.deadlines import add_clock_minutes
from feedback.domain.states import Clock, Role
from feedback.domain.text import summary
from feedback.extensions import db
from feedback.operations.reference import working_calendar
from feedback.storage.queries import categories, followers, places, queue, units
from feedback.storage.queries.queue import Moments, Position, QueueRow, View, Wanted
from feedback.web import context
from feedback.web.deadlines import SOON_MINUTES, deadline_of
from feedback.web.forms import as_key, searched
from feedback.web.presenting import area_name, name_of, unit_name
from feedback.web.staff import people

pages = Blueprint("queue", __name__)
PAGE_SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@pages.get("/staff/queue")
def show() -> str:
    """One view of the queue, narrowed by the address."""
    session, person, now = db.session(), people.current(), context.now()
    calendar = working_calendar(session, context.city())
    moments = Moments(now, _soon(calendar, now))
    whole_city = person.role is Role.DISPATCHER
    view, wanted, after = _view(whole_city), _wanted(person.unit_id, whole_city), _after()
    found = queue.rows(
        session,
        view,
        wanted,
        moments,
        account_id=person.account_id,
        after=after,
        limit=PAGE_SIZE + 1,
    )
    shown, filters = found[:PAGE_SIZE], _given_filters(whole_city)
    also = followers.counts(session, [row.report_id for row in shown])
    return render_template(
        "staff/queue.html",
        view=view.value,
        views=[v.value for v in View if v is not View.MINE or not whole_city],
        counts=queue.counts(session, wanted, moments, person.account_id),
        count_cap=queue.COUNT_CAP,
        items=[_item(row, calendar, now, also.get(row.report_id, 0)) for row in shown],
        filters=filters,
        whole_city=whole_city,
        loads=queue.loads(session, person.unit_id, now)
        if person.role is Role.HEAD and person.unit_id
        else [],
        category_choices=[
            (c.id, name_of(c)) for c in categories.categories_on(session, context.today())
        ],
        area_choices=[(a.id, area_name(a)) for a in places.names_on(session, context.today())],
        unit_choices=_unit_choices() if whole_city else [],
        first_url=url_for("queue.show", view=view.value, **filters) if after else None,
        next_url=_next_url(view, filters, shown[-1]) if len(found) > PAGE_SIZE else None,
    )


def _item(row: QueueRow, calendar: Calendar, now: datetime, also: int) -> dict[str, Any]:
    english = str(get_locale()) == "en"
    area = (english and row.area_name_en) or row.area_name
    category = name_of(row.category)
    return {
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


def _soon(calendar: Calendar, now: datetime) -> dict[Clock, datetime]:
    return {clock: add_clock_minutes(clock, calendar, now, SOON_MINUTES) for clock in Clock}


def _unit_choices() -> list[tuple[int, str]]:
    return [(u.id, unit_name(u)) for u in units.units_on(db.session(), context.today())]


def _view(whole_city: bool) -> View:
    wanted = request.args.get("view", "")
    if wanted not in set(View) or (whole_city and wanted == View.MINE):
        return View.OPEN
    return View(wanted)


def _wanted(unit_id: int | None, whole_city: bool) -> Wanted:
    """The filters of the address; what cannot be read narrows nothing."""
    return Wanted(
        unit_id=request.args.get("unit", type=as_key) if whole_city else unit_id or 0,
        words=searched(),
        handler_id=None if whole_city else request.args.get("handler", type=_handler_key),
        category_id=request.args.get("category", type=as_key),
        area_id=request.args.get("area", type=as_key),
    )


def _given_filters(whole_city: bool) -> dict[str, Any]:
    names = ("q", "category", "area", "unit" if whole_city else "handler")
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def _handler_key(text: str) -> int:
    """A person's id in an address, or 0 for nobody."""
    return 0 if text == "0" else as_key(text)


def _after() -> Position | None:
    due, _, assignment_id = request.args.get("after", "").partition("_")
    try:
        return Position(EPOCH + int(due) * MICROSECOND, as_key(assignment_id))
    except (ValueError, OverflowError):
        return None


def _next_url(view: View, filters: dict[str, Any], last: QueueRow) -> str:
    after = f"{(last.due - EPOCH) // MICROSECOND}_{last.assignment_id}"
    return url_for("queue.show", view=view.value, after=after, **filters)
