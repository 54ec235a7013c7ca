"""Reports of months, quarters and years: ordered, shown as they were made, and sent to readers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate
from werkzeug.exceptions import NotFound

from feedback.domain.measures import CITY, Figure
from feedback.domain.period_reports import KINDS, ReportStage, differences
from feedback.domain.periods import PeriodKind, period_named
from feedback.domain.share_measures import ShareMeasure
from feedback.domain.text import fold
from feedback.domain.windows import DayPoint, WindowFigures
from feedback.extensions import db
from feedback.operations.make_period_report import Frozen, frozen_of
from feedback.operations.order_period_report import correct_period_report, order_period_report
from feedback.operations.subscribe_to_reports import (
    LANGUAGES,
    subscribe_to_reports,
    unsubscribe_from_reports,
)
from feedback.storage.models import PeriodReport
from feedback.storage.queries import figure_cases, period_reports, statistics
from feedback.storage.types import can_be_key
from feedback.web import context
from feedback.web.admin.editing import Entered, answer, by
from feedback.web.documents import send_kept
from feedback.web.forms import Form
from feedback.web.presenting import unit_name
from feedback.web.staff import people
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.charts import flow_chart
from feedback.web.windows import calendar_windows
from feedback.web.workbooks import XLSX
from feedback.wording import _, in_english
from feedback.wording.definitions import definitions
from feedback.wording.figures import period_word, words_of
from feedback.wording.measures import share_word
from feedback.wording.numbers import number
from feedback.wording.period_cells import count_of, share_in_words
from feedback.wording.period_files import (
    FORMS,
    PDF,
    facts_of,
    file_name,
    headlines_of,
    scope_of,
    title_of,
)
from feedback.wording.period_tables import tables_of

LISTED = 200
TYPES = {PDF: "application/pdf", "xlsx": XLSX}


class OrderIn(Form):
    """Which report is wanted."""

    period = fields.String(required=True, validate=validate.Length(max=10))
    scope = fields.String(load_default=CITY, validate=validate.Length(max=40))


class CorrectionIn(Form):
    """Why a report is made anew."""

    reason = fields.String(load_default="")


class EndIn(Form):
    """Which reports are wanted no more."""

    kind = fields.Enum(PeriodKind, by_value=True, required=True)
    scope = fields.String(load_default=CITY, validate=validate.Length(max=40))


class SubscriptionIn(EndIn):
    """Which reports are to be sent, and in which language."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


@pages.get("/reports")
def show_reports() -> str:
    """The reports there are, what the reader gets sent, and how to order one."""
    return _list_page(Entered())


@pages.post("/reports")
def order_report() -> ResponseReturnValue:
    """Order the report of a period that is over; one that is there already is shown."""

    def act(sent: dict[str, Any]) -> str:
        return _address(order_period_report(**sent, **_surroundings()))

    return answer("order", OrderIn, act, _list_page, _("Here is the report."))


@pages.post("/reports/subscriptions")
def subscribe() -> ResponseReturnValue:
    """Send the reader every coming report of a kind."""

    def act(sent: dict[str, Any]) -> str:
        subscribe_to_reports(**sent, **by())
        return url_for("supervisor.show_reports")

    done = _("You will be sent every such report.")
    return answer("subscription", SubscriptionIn, act, _list_page, done)


@pages.post("/reports/subscriptions/end")
def unsubscribe() -> ResponseReturnValue:
    """Send the reader no more of them."""

    def act(sent: dict[str, Any]) -> str:
        unsubscribe_from_reports(**sent, actor=by()["actor"], city=context.city())
        return url_for("supervisor.show_reports")

    return answer("end", EndIn, act, _list_page, _("You will be sent no more of them."))


@pages.get("/reports/<int:report_id>")
def show_report(report_id: int) -> str:
    """A report as it was made, each number with its cases."""
    return _report_page(find_report(report_id), Entered())


@pages.post("/reports/<int:report_id>/corrections")
def correct_report(report_id: int) -> ResponseReturnValue:
    """Order a further edition, with the reason."""
    report = find_report(report_id)

    def act(sent: dict[str, Any]) -> str:
        return _address(correct_period_report(report_id, **sent, **_surroundings()))

    def page(entered: Entered) -> str:
        return _report_page(report, entered)

    return answer("correction", CorrectionIn, act, page, _("The further edition is being made."))


@pages.get("/reports/<int:report_id>/<language>.<file_form>")
def download_report(report_id: int, language: str, file_form: str) -> ResponseReturnValue:
    """A file of a report, byte for byte as it was made."""
    report = find_report(report_id)
    kept = period_reports.file_of(db.session(), report.id, language, file_form)
    if kept is None:
        raise NotFound
    return send_kept(
        kept.file_key, file_name(frozen_of(report), language, file_form), TYPES[file_form]
    )


def find_report(report_id: int) -> PeriodReport:
    """The report of an address. Raises NotFound."""
    found = period_reports.one(db.session(), report_id) if can_be_key(report_id) else None
    if found is None:
        raise NotFound
    return found


def _address(report_id: int) -> str:
    return url_for("supervisor.show_report", report_id=report_id)


def _surroundings() -> dict[str, Any]:
    account_id = people.current().account_id
    return {"city": context.city(), "now": context.now(), "account_id": account_id}


# The list


def _list_page(entered: Entered) -> str:
    session = db.session()
    chosen = _asked_kind()
    names = _scope_names()
    reports = period_reports.listed(session, LISTED, chosen)
    files = period_reports.files_of_all(session, [one.id for one in reports])
    account_id = people.current().account_id or 0
    return render_template(
        "supervisor/reports.html",
        kinds=[(kind.value, _kind_word(kind)) for kind in KINDS],
        chosen=chosen.value if chosen else "",
        reports=[
            {
                "id": one.id,
                "title": period_word(period_named(one.period, date.max)),
                "scope": names.get(one.scope, one.scope),
                "edition": one.edition,
                "ready": one.stage is ReportStage.READY,
                "data_time": one.data_time,
                "files": files.get(one.id, ()),
            }
            for one in reports
        ],
        subscriptions=[
            {
                "kind": one.kind.value,
                "kind_word": _kind_word(one.kind),
                "scope": one.scope,
                "scope_word": names.get(one.scope, one.scope),
                "language": one.language,
            }
            for one in period_reports.subscriptions_of(session, account_id)
        ],
        has_address=period_reports.has_address(session, account_id),
        periods=_periods_over(),
        scopes=list(names.items()),
        order=entered.form("order", {"scope": CITY}),
        # Both forms of the page ask for a scope: an error leads to the field of its own form.
        order_errors={
            "order-scope" if name == "scope" else name: words
            for name, words in entered.errors_of("order").items()
        },
        errors=entered.errors,
        subscription=entered.form("subscription", {"scope": CITY, "language": _language()}),
        subscription_errors=entered.errors_of("subscription"),
    )


def _asked_kind() -> PeriodKind | None:
    """The kind in the address. Raises NotFound for one there is not."""
    word = request.args.get("kind")
    if word is None:
        return None
    found = next((kind for kind in KINDS if kind.value == word), None)
    if found is None:
        raise NotFound
    return found


def _kind_word(kind: PeriodKind) -> str:
    return {
        PeriodKind.MONTH: _("Each month"),
        PeriodKind.QUARTER: _("Each quarter"),
        PeriodKind.YEAR: _("Each year"),
    }[kind]


def _scope_names() -> dict[str, str]:
    units = sorted(figure_cases.units(db.session()), key=lambda unit: fold(unit_name(unit)))
    return {CITY: _("Whole city"), **{f"unit:{one.id}": unit_name(one) for one in units}}


def _periods_over() -> list[tuple[str, str]]:
    windows = calendar_windows()
    return [
        (one.name, period_word(one)) for kind in KINDS for one in windows.get(kind, ()) if one.over
    ]


def _language() -> str:
    return "en" if in_english() else "vi"


# One report


def _report_page(report: PeriodReport, entered: Entered) -> str:
    session = db.session()
    shared = {
        "report": report,
        "period": period_word(period_named(report.period, date.max)),
        "editions": period_reports.editions(session, report.period, report.scope),
        "correction": entered.form("correction", {}),
        "errors": entered.errors,
    }
    if report.stage is not ReportStage.READY:
        return render_template("supervisor/report.html", frozen=None, **shared)
    frozen = frozen_of(report)
    points = [
        DayPoint(date.fromisoformat(day), received, closed)
        for day, received, closed, _open in frozen.document["days"]
    ]
    return render_template(
        "supervisor/report.html",
        frozen=frozen,
        title=title_of(frozen),
        scope_name=scope_of(frozen),
        facts=facts_of(frozen, context.city()),
        headlines=headlines_of(frozen),
        files=period_reports.files_of(session, report.id),
        forms=FORMS,
        points=points,
        chart=flow_chart(points),
        tables=tables_of(frozen.document),
        definitions=definitions(),
        moved=_moved(frozen),
        **shared,
    )


def _moved(frozen: Frozen) -> Sequence[tuple[str, str, str]]:
    """What would be told differently by today's data: a word, what the report says, and now."""
    row = statistics.ready_row(db.session(), frozen.scope, frozen.period.name)
    if row is None:
        return []
    now = WindowFigures.from_json(row.figures["figures"])
    then, today = frozen.document["whole"]["values"], differences(frozen.document["whole"], now)
    found = []
    for name, value in today.items():
        if name in set(ShareMeasure):
            word = share_word(ShareMeasure(name))
            found.append((word, share_in_words(then.get(name)), share_in_words(value)))
        else:
            figure = Figure(name)
            was, is_now = count_of(then, figure), count_of({name: value}, figure)
            found.append((words_of(figure), number(was), number(is_now)))
    return [one for one in found if one[1] != one[2]]
