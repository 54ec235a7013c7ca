"""The privacy record for the administrator and the supervisors: who did what, when and why."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from feedback.domain.codes import parse_code
from feedback.domain.privacy import PrivacyDeed
from feedback.domain.states import Role
from feedback.extensions import db
from feedback.storage.models import PrivacyEntry
from feedback.storage.queries import figure_cases, privacy
from feedback.storage.queries.privacy import RecordFilter
from feedback.web import context
from feedback.web.csv_files import csv_response
from feedback.web.forms import as_key, searched
from feedback.web.presenting import name_of
from feedback.web.staff import people
from feedback.wording import _, ngettext

pages = Blueprint("privacy", __name__, url_prefix="/admin/privacy")
PAGE_SIZE = 50
LONGEST_FILE = 50_000
DEEDS = {
    PrivacyDeed.IDENTITY_OPENED: _l("Looked at who reported"),
    PrivacyDeed.PERSON_SOUGHT: _l("Looked for a person's reports"),
    PrivacyDeed.EXPORTED: _l("Gave out a person's data"),
    PrivacyDeed.ERASED: _l("Erased a person's data"),
    PrivacyDeed.ANONYMISED: _l("Anonymised, kept long enough"),
    PrivacyDeed.KEYS_ROTATED: _l("Sealed with a new key"),
}


@pages.get("")
def show() -> str:
    """A page of the record, newest first."""
    wanted, after = _wanted(), request.args.get("before", type=as_key)
    rows = privacy.record(db.session(), wanted, after, PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    filters: dict[str, Any] = {name: value for name in _NAMES if (value := request.args.get(name))}
    return render_template(
        "admin/privacy.html",
        lines=[_line(row) for row in shown],
        filters=filters,
        deeds=[(deed.value, str(words)) for deed, words in DEEDS.items()],
        people=privacy.actors(db.session()),
        is_administrator=people.current().role is Role.ADMINISTRATOR,
        may_open=people.current().role is Role.SUPERVISOR,
        csv_url=url_for("privacy.download", **filters),
        first_url=url_for("privacy.show", **filters) if after else None,
        next_url=(
            url_for("privacy.show", **filters, before=shown[-1].id)
            if len(rows) > PAGE_SIZE
            else None
        ),
    )


@pages.get("/record.csv")
def download() -> Response:
    """The same lines as a file, without pages."""
    lines = [_line(row) for row in privacy.record(db.session(), _wanted(), limit=LONGEST_FILE)]
    heads = [_("When"), _("Who"), _("What"), _("Report"), _("Reason"), _("How much")]
    cells = ([line["at"].isoformat(), *(line[name] for name in _COLUMNS)] for line in lines)
    return csv_response("privacy-record.csv", [heads, *cells])


_NAMES = ("deed", "who", "code", "from", "to")
_COLUMNS = ("who", "deed", "code", "reason", "amount")


def _wanted() -> RecordFilter:
    """What the address asks for; what cannot be read there is left out."""
    code = searched("code")
    until = _day("to")
    return RecordFilter(
        deed=request.args.get("deed", type=PrivacyDeed),
        account_id=request.args.get("who", type=as_key),
        report_code=(parse_code(code) or code) if code else None,
        since=_midnight(_day("from")),
        before=_midnight(until + timedelta(days=1) if until else None),
    )


def _day(name: str) -> date | None:
    found = request.args.get(name, type=date.fromisoformat)
    return found if found and 2000 <= found.year < 2200 else None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, context.city().zone) if day else None


def _line(row: PrivacyEntry) -> dict[str, Any]:
    return {
        "at": row.at,
        "who": row.account.name if row.account else _by_itself(row),
        "deed": str(DEEDS[row.deed]),
        "code": row.report.code if row.report else "",
        "reason": row.reason,
        "amount": "; ".join(_amounts(row)),
    }


def _by_itself(row: PrivacyEntry) -> str:
    if row.deed is PrivacyDeed.ANONYMISED:
        return _("by itself")
    return _("Operator, at the command line")


def _amounts(row: PrivacyEntry) -> Sequence[str]:
    """How much a deed was about, in words."""
    data = row.data
    if row.deed is PrivacyDeed.ANONYMISED:
        return _by_category(data["categories"])
    told = []
    if "reports" in data:
        told.append(ngettext("%(num)s report", "%(num)s reports", data["reports"]))
    if data.get("followed"):
        told.append(_("%(count)s followed", count=data["followed"]))
    if data.get("photos"):
        told.append(ngettext("%(num)s photo", "%(num)s photos", data["photos"]))
    if data.get("later"):
        told.append(_("%(count)s when finished", count=data["later"]))
    told += data.get("codes", [])
    if "values" in data:
        told.append(ngettext("%(num)s value", "%(num)s values", data["values"]))
    return told


def _by_category(counts: Mapping[str, int]) -> Sequence[str]:
    session, nameless = db.session(), _("without category")
    return [
        f"{name_of(figure_cases.category(session, int(key))) or nameless}: {count}"
        for key, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
