"""The cases behind a figure of a period report, as they were counted when it was made."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from feedback.domain.errors import NotFound as Unknown
from feedback.domain.frozen_cases import FrozenCase
from feedback.domain.measures import Figure
from feedback.domain.period_reports import ReportStage, count_in, scope_in
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.operations.list_cases import Case, Scope, cases_behind, parse_scope
from feedback.operations.make_period_report import Frozen, frozen_of
from feedback.storage.queries import period_reports
from feedback.web.csv_files import csv_response
from feedback.web.staff import people
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.cases import PAGE_SIZE, asked_key, file_rows, items_of, key_of
from feedback.web.supervisor.reports import find_report
from feedback.wording import _
from feedback.wording.figures import words_of
from feedback.wording.period_cells import name_of


@pages.get("/reports/<int:report_id>/cases")
def list_report_cases(report_id: int) -> str:
    """A page of the list; the address names the figure, and the part of the report's scope."""
    frozen, figure, scope = _asked(report_id)
    told = scope_in(frozen.document, scope.name) or {}
    found = _cases(frozen, figure, scope)
    behind = asked_key()
    left = cases_behind(found, behind)
    shown = left[:PAGE_SIZE]
    address: dict[str, Any] = {"report_id": report_id, "figure": figure.value, "scope": scope.name}
    return render_template(
        "supervisor/cases.html",
        title=_title(figure, frozen),
        scope_name=name_of(told) if told.get("name_vi") else _("Whole city"),
        window=frozen.period.window,
        back_url=url_for("supervisor.show_report", report_id=report_id),
        standing=figure is Figure.OPEN,
        as_of=frozen.data_time,
        count=len(found),
        items=items_of(figure, shown),
        may_open=people.current().role is Role.SUPERVISOR,
        file_url=url_for("supervisor.download_report_cases", **address),
        first_url=url_for("supervisor.list_report_cases", **address) if behind else None,
        next_url=(
            url_for("supervisor.list_report_cases", **address, after=key_of(shown[-1]))
            if len(left) > PAGE_SIZE
            else None
        ),
    )


@pages.get("/reports/<int:report_id>/cases.csv")
def download_report_cases(report_id: int) -> ResponseReturnValue:
    """The whole list of one address as a file."""
    frozen, figure, scope = _asked(report_id)
    name = f"report-{frozen.period.name}-{figure.value}.csv"
    return csv_response(name, file_rows(figure, _cases(frozen, figure, scope)))


def _asked(report_id: int) -> tuple[Frozen, Figure, Scope]:
    """What an address asks for. Raises NotFound for what the report does not tell."""
    report = find_report(report_id)
    if report.stage is not ReportStage.READY:
        raise NotFound
    frozen = frozen_of(report)
    try:
        figure = Figure(request.args.get("figure", ""))
        scope = parse_scope(request.args.get("scope", frozen.scope))
    except (ValueError, Unknown):
        raise NotFound from None
    told = scope_in(frozen.document, scope.name)
    if told is None or not count_in(told, figure):  # hidden ones have no list either
        raise NotFound
    return frozen, figure, scope


def _title(figure: Figure, frozen: Frozen) -> str:
    if figure is not Figure.OPEN:
        return words_of(figure)
    return _("Open at the end of %(day)s", day=f"{frozen.period.window.last:%d/%m/%Y}")


def _cases(frozen: Frozen, figure: Figure, scope: Scope) -> Sequence[Case]:
    """The list, the latest moment first."""
    found = [
        Case(one.report_id, one.unit_id, one.round_number, one.moment, one.minutes)
        for one in period_reports.cases(db.session(), frozen.report_id, figure)
        if _is_in(one, scope)
    ]
    return sorted(found, key=lambda case: (case.moment, case.report_id), reverse=True)


def _is_in(one: FrozenCase, scope: Scope) -> bool:
    return (
        scope.unit_id in {None, one.unit_id}
        and scope.category_id in {None, one.category_id}
        and scope.area_id in {None, one.area_id}
    )
