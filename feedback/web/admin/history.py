"""The history of reference data: everything that was changed, by whom and when."""

from typing import Any

from flask import render_template, request, url_for

from feedback.domain.reference_changes import ReferenceKind
from feedback.extensions import db
from feedback.storage.queries import reference_changes
from feedback.web.admin.blueprint import pages
from feedback.web.admin.changes import KINDS, change_views
from feedback.web.forms import as_key

PAGE_SIZE = 50


@pages.get("/changes")
def changes() -> str:
    """All changes, the newest first, of one kind or by one person."""
    session = db.session()
    kind = request.args.get("kind", type=ReferenceKind)
    who = request.args.get("who", type=as_key)
    before = request.args.get("before", type=as_key)
    rows = reference_changes.page(
        session, kind=kind, account_id=who, before=before, limit=PAGE_SIZE + 1
    )
    shown = rows[:PAGE_SIZE]
    filters: dict[str, Any] = {"kind": kind.value if kind else None, "who": who}
    more = len(rows) > PAGE_SIZE
    return render_template(
        "admin/changes.html",
        changes=change_views(shown),
        filters=filters,
        kinds=[(one.value, str(words)) for one, words in KINDS.items()],
        people=[(a.id, a.name) for a in reference_changes.people(session)],
        first_url=url_for("admin.changes", **filters) if before else None,
        next_url=url_for("admin.changes", **filters, before=shown[-1].id) if more else None,
    )
