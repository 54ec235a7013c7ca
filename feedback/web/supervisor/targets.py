"""What units undertake to reach: proposed here, signed by their heads, and how each stands."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate
from werkzeug.exceptions import Forbidden, NotFound

from feedback.domain.periods import ONE_DAY, PeriodKind, periods_since, periods_with
from feedback.domain.share_measures import SHARES, ShareMeasure
from feedback.domain.states import Role
from feedback.domain.targets import TargetKind, calendar_window
from feedback.domain.text import fold
from feedback.extensions import db
from feedback.operations.set_target import TargetDraft, set_target
from feedback.storage.models import CommitmentSheet, Target
from feedback.storage.queries import figure_cases, targets
from feedback.storage.types import LARGEST_KEY, can_be_key
from feedback.web import context
from feedback.web.admin.editing import Entered, answer, by
from feedback.web.forms import Form, key_in
from feedback.web.presenting import unit_name
from feedback.web.staff import people
from feedback.web.supervisor.blueprint import pages
from feedback.web.supervisor.target_board import send_sheet, sheet_views, target_lines
from feedback.web.windows import calendar_windows
from feedback.wording import _, in_english
from feedback.wording.measures import share_word
from feedback.wording.targets import period_name

AHEAD = 400  # days: the periods that may be chosen begin at most so long from now
MOST = 1_000_000  # what is longer is no percentage; what is too much is refused with a reason


class Percent(fields.Decimal):
    """A percentage as people type it: with a decimal comma or a decimal point."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = value.replace(",", ".") if isinstance(value, str) else value
        return super()._deserialize(text, attr, data, **kwargs)


class TargetIn(Form):
    """A proposal as the form sends it; `value` in percent, of a relative one how much less."""

    unit_id = fields.Integer(required=True, validate=validate.Range(1, LARGEST_KEY))
    measure = fields.Enum(ShareMeasure, by_value=True, required=True)
    period = fields.String(required=True, validate=validate.Length(max=7))
    kind = fields.Enum(TargetKind, by_value=True, required=True)
    value = Percent(required=True, places=2, validate=validate.Range(-MOST, MOST))
    base_period = fields.String(load_default=None, validate=validate.Length(max=7))
    version = fields.Integer(load_default=None, validate=validate.Range(0, LARGEST_KEY))


@pages.get("/targets")
def show_targets() -> str:
    """The targets of one month, quarter or year, by unit, and the form to propose one."""
    return _page(Entered())


@pages.post("/targets")
def propose_target() -> ResponseReturnValue:
    """Propose a target, or another value for one there is."""
    if people.current().role is not Role.SUPERVISOR:
        raise Forbidden

    def act(sent: dict[str, Any]) -> str:
        set_target(_draft(sent), version=sent["version"], **by())
        return url_for("supervisor.show_targets", window=sent["period"])

    done = _("The target is proposed. It is in force once the head of the unit signs it.")
    return answer("target", TargetIn, act, _page, done)


@pages.get("/targets/sheets/<int:sheet_id>")
def download_sheet(sheet_id: int) -> ResponseReturnValue:
    """A unit's commitment sheet as PDF."""
    sheet = db.session().get(CommitmentSheet, sheet_id) if can_be_key(sheet_id) else None
    if sheet is None:
        raise NotFound
    return send_sheet(sheet)


def _draft(sent: dict[str, Any]) -> TargetDraft:
    hundredths = int(Decimal(sent["value"]) * 100)
    relative = sent["kind"] is TargetKind.RELATIVE
    return TargetDraft(
        unit_id=sent["unit_id"],
        measure=sent["measure"],
        period=sent["period"],
        kind=sent["kind"],
        value=-hundredths if relative else hundredths,
        base_period=sent["base_period"],
    )


def _page(entered: Entered) -> str:
    window = _asked_window(entered)
    found = targets.of_period(db.session(), window)
    earlier = [one for some in calendar_windows().values() for one in some if one.over]
    return render_template(
        "supervisor/targets.html",
        window=window,
        period=period_name(window),
        periods=_periods(),
        earlier=earlier,
        earlier_names=[(one.name, period_name(one.name)) for one in earlier],
        shares=SHARES,
        lines=sorted(target_lines(found), key=lambda line: (line.unit, line.word)),
        sheets=sheet_views(found, targets.sheets_of_period(db.session(), window)),
        units=[(unit.id, unit_name(unit)) for unit in _units()],
        measures=[(one.value, share_word(one)) for one in ShareMeasure],
        form=entered.form("target", _stored(window)),
        errors=entered.errors,
    )


def _typed(hundredths: int) -> str:
    """A target's percent as its reader would type it."""
    text = f"{Decimal(abs(hundredths)).scaleb(-2).normalize():f}"
    return text if in_english() else text.replace(".", ",")


def _asked_window(entered: Entered) -> str:
    """The period in the address, or in the form that comes back.

    By default that of the newest target, and the next month before there is any. Raises NotFound
    for a period there is not.
    """
    following = targets.newest_period(db.session()) or _next_month(context.today())
    name = entered.values.get("period") or request.args.get("window", following)
    try:
        calendar_window(str(name))
    except ValueError:
        if entered.values:
            return following
        raise NotFound from None
    return str(name)


def _next_month(today: date) -> str:
    month = next(one for one in periods_with(today, today) if one.kind is PeriodKind.MONTH)
    return f"{calendar_window(month.name).last + ONE_DAY:%Y-%m}"


def _periods() -> list[tuple[str, str]]:
    """The months, quarters and years a target may be set for, with their names."""
    today = context.today()
    ahead = periods_since(today, date.fromordinal(today.toordinal() + AHEAD))
    return [(one.name, period_name(one.name)) for one in ahead]


def _units() -> list[Any]:
    return sorted(figure_cases.units(db.session()), key=lambda unit: fold(unit_name(unit)))


def _stored(window: str) -> dict[str, Any]:
    """What the form holds at first: the target to be changed, where the address names one."""
    change = key_in(request.args, "change")
    target = db.session().get(Target, change) if change is not None else None
    if target is None:
        return {"period": window, "kind": TargetKind.ABSOLUTE, "version": None}
    return {
        "unit_id": target.unit_id,
        "measure": target.measure,
        "period": target.period,
        "kind": target.kind,
        "value": _typed(target.value),
        "base_period": target.base_period,
        "version": target.version,
    }
