"""The cases behind a figure, as many as it counts, at its data time."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.measures import RATED_AS, STANDING, TIMED, Figure
from feedback.domain.states import Role
from feedback.domain.windows import HIDDEN_BELOW
from feedback.extensions import db
from feedback.operations.list_cases import (
    Case,
    CaseKey,
    Scope,
    list_cases,
    page_of_cases,
    parse_scope,
    window_of,
)
from feedback.operations.ready_rows import working_day_minutes
from feedback.operations.reference import working_calendar
from feedback.storage.queries import figure_cases
from feedback.web import context
from feedback.web.csv_files import csv_response
from feedback.web.presenting import area_name, name_of, title_of, unit_name
from feedback.web.sessions import current_actor
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.scope_names import scope_name
from feedback.web.windows import DEFAULT_WINDOW
from feedback.wording import _
from feedback.wording.figures import duration, words_of

PAGE_SIZE = 50
_KEY = re.compile(r"(?P<moment>[^~]{1,40})~(?P<report>\d{1,18})~(?P<round>\d{1,9})")
ROWS_A_READ = 500


@pages.get("/cases")
def list_cases_of() -> ResponseReturnValue:
    """A page of the list; the address names figure, scope, window and data time."""
    figure, as_of, window = _asked_figure(), _asked_moment(), _asked_window()
    scope = parse_scope(request.args.get("scope", ""))
    behind = asked_key()
    _refuse_few_ratings(figure, scope, window, as_of)
    page = page_of_cases(
        figure=figure,
        scope=scope,
        period=window,
        as_of=as_of,
        behind=behind,
        size=PAGE_SIZE,
        city=context.city(),
    )
    actor = current_actor()
    return render_template(
        "supervisor/cases.html",
        title=words_of(figure),
        scope_name=scope_name(scope),
        window=window_of(window, as_of.astimezone(context.city().zone).date()),
        back_url=url_for(
            "supervisor.show",
            window=window,
            scope=scope.name,
            against=request.args.get("against"),
        ),
        standing=figure in STANDING,
        as_of=as_of,
        count=page.count,
        items=items_of(figure, page.cases),
        may_open=actor is not None and actor.role is Role.SUPERVISOR,
        file_url=url_for(
            "supervisor.download_cases", **{**_without_key(), "as_of": as_of.isoformat()}
        ),
        first_url=url_for("supervisor.list_cases_of", **_without_key()) if behind else None,
        next_url=(
            url_for("supervisor.list_cases_of", **_without_key(), after=key_of(page.cases[-1]))
            if page.more
            else None
        ),
    )


@pages.get("/cases.csv")
def download_cases() -> ResponseReturnValue:
    """The whole list of one address as a file."""
    figure, as_of, window = _asked_figure(), _asked_moment(), _asked_window()
    scope = parse_scope(request.args.get("scope", ""))
    _refuse_few_ratings(figure, scope, window, as_of)
    found = _asked_cases(figure, scope, window, as_of)
    day = as_of.astimezone(context.city().zone)
    return csv_response(f"{figure.value}-{day:%Y-%m-%d}.csv", file_rows(figure, found))


def file_rows(figure: Figure, found: Sequence[Case]) -> Iterator[Sequence[object]]:
    """The lines of a file with the cases of a figure, its head first."""
    standing = figure in STANDING
    timed = figure in TIMED
    yield [
        *(_("Code"), _("Round"), _("What"), _("Category"), _("Ward or commune"), _("Unit")),
        _("Received"),
        *([] if standing else [_("Counted on")]),
        *([_("Time to answer")] if timed else []),
    ]
    for start in range(0, len(found), ROWS_A_READ):
        for item in items_of(figure, found[start : start + ROWS_A_READ]):
            yield [
                *(item[name] for name in ("code", "round", "text", "category", "area", "unit")),
                _local(item["received_at"]),
                *([] if standing else [_local(item["moment"])]),
                *([item["time"]] if timed else []),
            ]


def _local(moment: datetime) -> str:
    return moment.astimezone(context.city().zone).strftime("%d/%m/%Y %H:%M")


def _refuse_few_ratings(figure: Figure, scope: Scope, window: str, as_of: datetime) -> None:
    """Raises NotFound for the list of one level of so few ratings that no page tells its share."""
    if figure not in RATED_AS.values():
        return
    rated = page_of_cases(
        figure=Figure.RATED,
        scope=scope,
        period=window,
        as_of=as_of,
        behind=None,
        size=1,
        city=context.city(),
    )
    if 0 < rated.count < HIDDEN_BELOW:
        raise NotFound


def _asked_cases(figure: Figure, scope: Scope, window: str, as_of: datetime) -> list[Case]:
    return list_cases(figure=figure, scope=scope, period=window, as_of=as_of, city=context.city())


def items_of(figure: Figure, shown: Sequence[Case]) -> list[dict[str, Any]]:
    """What a list says of each case of a figure."""
    session = db.session()
    reports = figure_cases.listed_reports(session, [case.report_id for case in shown])
    names = {unit.id: unit_name(unit) for unit in figure_cases.units(session)}
    day = working_day_minutes(working_calendar(session, context.city()))
    return [
        {
            "code": report.code,
            "title": title_of(report),
            "text": report.text,
            "category": name_of(report.category),
            "area": area_name(report.area) or report.address_text,
            "unit": names.get(case.unit_id or 0, ""),
            "round": case.round_number or 1,
            "moment": None if figure in STANDING else case.moment,
            "received_at": report.received_at,
            "time": ""
            if case.minutes is None
            else duration(case.minutes, TIMED[figure].clock, day),
        }
        for case in shown
        if (report := reports.get(case.report_id)) is not None
    ]


def _asked_figure() -> Figure:
    try:
        return Figure(request.args.get("figure", ""))
    except ValueError:
        raise NotFound from None


def _asked_moment() -> datetime:
    """The data time in the address; the present when it names none. Raises NotFound."""
    words = request.args.get("as_of")
    return context.now() if words is None else _moment(words)


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise NotFound from None
    if moment.tzinfo is None or not 2000 <= moment.year < 2200:
        raise NotFound
    return moment


def _asked_window() -> str:
    return request.args.get("window", DEFAULT_WINDOW)


def key_of(case: Case) -> str:
    """What an address names a case by."""
    moment, *numbers = case.key
    return "~".join([moment.isoformat(), *map(str, numbers)])


def asked_key() -> CaseKey | None:
    """The case the address names, behind which its page begins. Raises NotFound for no key."""
    words = request.args.get("after")
    if words is None:
        return None
    match = _KEY.fullmatch(words)
    if match is None:
        raise NotFound
    return _moment(match["moment"]), int(match["report"]), int(match["round"])


def _without_key() -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if name != "after"}
