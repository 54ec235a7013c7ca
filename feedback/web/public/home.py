"""The first page, and the pages that explain."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask import render_template

from feedback.domain.consents import CONSENTS
from feedback.domain.measures import CITY, Figure
from feedback.domain.windows import WindowFigures, on_time_by_original_due, satisfaction
from feedback.extensions import db
from feedback.storage.models import StatisticsReady
from feedback.storage.queries import report_pages, statistics
from feedback.storage.queries.report_pages import ListFilter
from feedback.web.presenting import list_view
from feedback.web.public.blueprint import pages

NEWEST = 4
WINDOW_DAYS = 30


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What the first page says of the city's last days; a share is None without cases."""

    days: int
    received: int
    on_time: int
    due: int
    on_time_share: Fraction | None
    satisfied: int
    ratings: int
    satisfied_share: Fraction | None
    open: int
    overdue: int
    data_time: datetime


@pages.get("/")
def home() -> str:
    """What a citizen sees first: report, find, and what the city does about it."""
    session = db.session()
    newest = report_pages.public_list(session, ListFilter(), None, NEWEST)
    thumbs = report_pages.thumbnails(session, [report.id for report in newest])
    row = statistics.ready_row(session, CITY, str(WINDOW_DAYS))
    return render_template(
        "public/home.html",
        recent=[list_view(report, thumbs.get(report.id, "")) for report in newest],
        figures=_public_figures(row) if row else None,
    )


@pages.get("/figures")
def figures() -> str:
    """How the published figures are counted."""
    return render_template("public/figures.html")


@pages.get("/privacy")
def privacy() -> str:
    """What happens to what people send."""
    return render_template("public/privacy.html", consents=list(reversed(CONSENTS)))


def _public_figures(row: StatisticsReady) -> PublicFigures:
    found = WindowFigures.from_json(row.figures["figures"])
    on_time, said = on_time_by_original_due(found).answered, satisfaction(found)
    return PublicFigures(
        days=WINDOW_DAYS,
        received=found.count(Figure.RECEIVED),
        on_time=on_time.numerator,
        due=on_time.denominator,
        on_time_share=on_time.share,
        satisfied=said.index.numerator if said.index else 0,
        ratings=said.ratings,
        satisfied_share=said.index.share if said.index else None,
        open=found.count(Figure.OPEN),
        overdue=found.count(Figure.OVERDUE),
        data_time=row.data_time,
    )
