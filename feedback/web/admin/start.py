"""The administrator's first page: how much there is of everything, and what needs a hand."""

from flask import render_template

from feedback.extensions import db
from feedback.storage.queries import reference_changes
from feedback.web.admin.blueprint import pages
from feedback.web.admin.changes import change_views


@pages.get("")
def start() -> str:
    """The sections, and the latest changes."""
    latest = reference_changes.page(db.session(), kind=None, account_id=None, before=None, limit=10)
    return render_template("admin/start.html", changes=change_views(latest))
