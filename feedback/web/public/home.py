"""The first page, and the pages that explain."""

from flask import render_template

from feedback.extensions import db
from feedback.storage.queries import report_pages
from feedback.storage.queries.report_pages import ListFilter
from feedback.web.presenting import list_view
from feedback.web.public.blueprint import pages

NEWEST = 4


@pages.get("/")
def home() -> str:
    """What a citizen sees first: report, find, and what the city does about it."""
    session = db.session()
    newest = report_pages.public_list(session, ListFilter(), None, NEWEST)
    thumbs = report_pages.thumbnails(session, [report.id for report in newest])
    recent = [list_view(report, thumbs.get(report.id, "")) for report in newest]
    return render_template("public/home.html", recent=recent, figures=None)


@pages.get("/figures")
def figures() -> str:
    """How the published figures are counted."""
    return render_template("public/figures.html")


@pages.get("/privacy")
def privacy() -> str:
    """What happens to what people send."""
    return render_template("public/privacy.html")
