"""The way from the sign-in to the first page of each role."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.states import Role
from feedback.web.staff.people import current

pages = Blueprint("desk", __name__)


@pages.get("/staff")
def start() -> ResponseReturnValue:
    """Send everybody to where their work is."""
    role = current().role
    if role in {Role.HANDLER, Role.HEAD}:
        return redirect(url_for("queue.show"))
    if role is Role.DISPATCHER:
        return redirect(url_for("triage.show"))
    if role is Role.ADMINISTRATOR:
        return redirect(url_for("admin.start"))
    return redirect(url_for("supervisor.show"))
