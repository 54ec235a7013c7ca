"""Figures for everybody, as files: of reports by window, of ratings in fixed monthly tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.durations import Duration
from feedback.domain.errors import Invalid
from feedback.domain.figure_values import BACKLOG
from feedback.domain.measures import CLOSED_AS, Figure
from feedback.domain.periods import PeriodKind, periods_since
from feedback.domain.share_measures import ShareMeasure
from feedback.extensions import db
from feedback.operations.show_figures import FigureRow, flat, show_figures
from feedback.storage.models import PublishedRatings
from feedback.storage.queries import figure_cases, published_ratings, statistics
from feedback.web import context
from feedback.web.csv_files import csv_response
from feedback.web.presenting import area_name, name_of, unit_name
from feedback.web.public.blueprint import pages
from feedback.wording import _

# Nothing of ratings: those are published apart, so that nobody can be found by subtraction.
OPEN = (
    Figure.RECEIVED,
    Figure.EXCLUDED,
    Figure.CLOSED,
    *CLOSED_AS.values(),
    ShareMeasure.ON_TIME_ORIGINAL,
    ShareMeasure.ON_TIME,
    ShareMeasure.FIXED_ON_TIME_ORIGINAL,
    ShareMeasure.FIXED_ON_TIME,
    ShareMeasure.FIXED,
    ShareMeasure.PROMISES_KEPT,
    ShareMeasure.REOPENED,
    ShareMeasure.REPEATED,
    *Duration,
    BACKLOG,
)
FORMS = ("csv", "json")


@pages.get("/open-data")
def open_data() -> str:
    """What can be had, and what each figure means."""
    first = statistics.first_received(db.session())
    today = context.today()
    begun = first.astimezone(context.city().zone).date() if first else today
    found = [period for period in periods_since(min(begun, today), today) if period.over]
    return render_template(
        "public/open_data.html",
        months=[one for one in reversed(found) if one.kind is PeriodKind.MONTH],
        quarters=[one for one in reversed(found) if one.kind is PeriodKind.QUARTER],
        years=[one for one in reversed(found) if one.kind is PeriodKind.YEAR],
        ratings=published_ratings.published(db.session()),
    )


@pages.get("/open-data/figures.<form>")
def open_figures(form: str) -> ResponseReturnValue:
    """Figures of reports over one window, of the city or by unit, category or area."""
    if form not in FORMS:
        raise NotFound
    window, by = request.args.get("window", "30"), request.args.get("by", "city")
    try:
        rows = show_figures(
            period=window, by=by, measures=OPEN, city=context.city(), now=context.now()
        )
    except Invalid:
        raise NotFound from None
    if form == "json":
        return jsonify({"window": window, "by": by, "rows": [_row(row) for row in rows]})
    return csv_response(f"figures-{window}-{by}.csv", _table(flat(rows)))


@pages.get("/open-data/ratings.<form>")
def open_ratings(form: str) -> ResponseReturnValue:
    """Every monthly table of ratings, as it was published; hidden cells are empty."""
    if form not in FORMS:
        raise NotFound
    found = published_ratings.published(db.session())
    if form == "json":
        return jsonify({"months": [{"month": one.month, **one.tables} for one in found]})
    return csv_response("ratings.csv", _rating_rows(found))


def _row(row: FigureRow) -> dict[str, Any]:
    return {
        "scope": row.scope,
        "name": row.name,
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "data_time": row.data_time.isoformat(),
        "values": row.values,
    }


def _table(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[object]]:
    columns = [
        name
        for name in dict.fromkeys(name for row in rows for name in row)
        if not name.startswith("before.")
    ]
    yield columns
    for row in rows:
        yield [row.get(name) for name in columns]


def _rating_rows(found: Sequence[PublishedRatings]) -> Iterator[Sequence[object]]:
    names = _names()
    yield ["month", "scope", "name", "satisfied", "acceptable", "dissatisfied", "hidden"]
    for one in found:
        rows = {"city": one.tables["city"]}
        for kind in ("unit", "category", "area"):
            rows |= one.tables[kind]
        for scope, levels in rows.items():
            cells = levels or [None, None, None]
            yield [one.month, scope, names.get(scope, ""), *cells, levels is None]


def _names() -> dict[str, str]:
    session = db.session()
    return {
        "city": _("Whole city"),
        **{f"unit:{one.id}": unit_name(one) for one in figure_cases.units(session)},
        **{f"category:{one.id}": name_of(one) for one in figure_cases.categories(session)},
        **{f"area:{one.id}": area_name(one) for one in figure_cases.areas(session)},
    }
