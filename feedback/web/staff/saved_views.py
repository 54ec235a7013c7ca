"""Views of the queue under a name: kept from its page, listed above it, changed on their own."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields
from werkzeug.exceptions import NotFound

from feedback.domain.errors import Invalid
from feedback.extensions import db
from feedback.operations.save_view import MAX_VIEW_NAME, remove_view, rename_view, save_view
from feedback.storage.models import SavedView
from feedback.storage.queries import saved_views
from feedback.web import context
from feedback.web.forms import Form, load
from feedback.web.messages import explain_fields
from feedback.web.sessions import SignedIn
from feedback.web.staff import people
from feedback.web.staff.queue import pages
from feedback.web.staff.queue_address import read_address
from feedback.web.staff.taking_steps import by
from feedback.wording import _


class ViewIn(Form):
    """A name for a view."""

    name = fields.String(load_default="")
    shared = fields.Boolean(load_default=False)


@pages.get("/staff/queue/views")
def list_views() -> str:
    """One's own views, to be renamed or removed, and the form to keep the address given."""
    return _page()


@pages.post("/staff/queue/views")
def send_view() -> ResponseReturnValue:
    """Keep the address of the queue under a name."""
    parameters = _parameters(people.current())
    try:
        sent = load(ViewIn)
        save_view(sent["name"], parameters, shared=sent["shared"], **by())
    except Invalid as refused:
        return _page("new", explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The view is kept."), "ok")
    return redirect(_address(parameters), HTTPStatus.SEE_OTHER)


@pages.post("/staff/queue/views/<int:view_id>")
def send_name(view_id: int) -> ResponseReturnValue:
    """Rename one's own view, share it or keep it to oneself."""
    _own(view_id)
    how: dict[str, Any] = {"actor": people.current_actor(), "city": context.city()}
    try:
        sent = load(ViewIn)
        rename_view(view_id, sent["name"], shared=sent["shared"], **how)
    except Invalid as refused:
        return _page(str(view_id), explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The changes are kept."), "ok")
    return redirect(url_for("queue.list_views"), HTTPStatus.SEE_OTHER)


@pages.post("/staff/queue/views/<int:view_id>/remove")
def send_removal(view_id: int) -> ResponseReturnValue:
    """Forget one's own view."""
    remove_view(_own(view_id).id, actor=people.current_actor(), city=context.city())
    flash(_("The view is removed."), "ok")
    return redirect(url_for("queue.list_views"), HTTPStatus.SEE_OTHER)


def _page(sent: str = "", errors: dict[str, str] | None = None) -> str:
    person = people.current()
    parameters = _parameters(person)
    return render_template(
        "staff/saved_views.html",
        views=_own_views(person),
        parameters=parameters,
        queue_url=_address(parameters),
        may_share=person.unit_id is not None,
        limit=MAX_VIEW_NAME,
        sent=sent,
        form=request.form,
        errors=errors or {},
    )


def _own_views(person: SignedIn) -> Sequence[dict[str, Any]]:
    found = saved_views.usable_by(db.session(), person.account_id, person.unit_id)
    return [
        {
            "id": one.id,
            "name": one.name,
            "shared": one.unit_id is not None,
            "url": _address(one.parameters),
        }
        for one, _whose in found
        if one.account_id == person.account_id
    ]


def _own(view_id: int) -> SavedView:
    """A view of the person's; anybody else's is as unknown as one that does not exist."""
    view = saved_views.own(db.session(), view_id, people.current().account_id)
    if view is None:
        raise NotFound
    return view


def _parameters(person: SignedIn) -> str:
    """The parameters the request carries, as the queue's own page reads them."""
    carried = request.values.get("parameters")
    given = request.args if carried is None else dict(parse_qsl(carried[:500]))
    asked = read_address(given, person)
    return urlencode({"view": asked.view.value, **asked.filters})


def _address(parameters: str) -> str:
    return url_for("queue.show") + f"?{parameters}"
