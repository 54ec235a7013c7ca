"""One person's data for the administrator: find it, give it to them, erase it.

The address or number travels in forms only: an address of a page stands in logs and histories.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.text import summary
from feedback.operations.export_person import export_person
from feedback.operations.persons import (
    Erasure,
    OpenReports,
    PersonReport,
    erase_person,
    find_person,
)
from feedback.web import context
from feedback.web.forms import load
from feedback.web.messages import explain, explain_fields, sentence
from feedback.web.privacy.schemas import ErasePersonIn, ExportPersonIn, PersonIn
from feedback.web.staff import people
from feedback.wording import _, ngettext

pages = Blueprint("persons", __name__, url_prefix="/admin/privacy/person")


@dataclass(slots=True)
class Found:
    """What the page shows: the contact typed, the reports behind it, and a form that came back."""

    contact: str = ""
    reports: list[PersonReport] | None = None
    followed: list[str] = field(default_factory=list)
    form: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@pages.get("")
def ask() -> str:
    """The form that asks for an address or a number."""
    return _page(Found())


@pages.post("")
def find() -> ResponseReturnValue:
    """Show the reports of whoever has it; that somebody looked for them is recorded."""
    found = Found(contact=request.form.get("contact", ""))
    try:
        _look_for(found, load(PersonIn)["contact"])
    except Invalid as refused:
        found.errors = explain_fields(refused)
        return _page(found), HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(found)


@pages.post("/export")
def export() -> ResponseReturnValue:
    """Their data as a file, never kept here."""
    file = BytesIO()
    try:
        sent = load(ExportPersonIn)
        export_person(sent["contact"], file, reason=sent["reason"], **_by())
    except (Invalid, Conflict, NotFound) as refused:
        return _again("export", refused)
    file.seek(0)
    response: Response = send_file(
        file, "application/zip", as_attachment=True, download_name="personal-data.zip"
    )
    return response


@pages.post("/erase")
def erase() -> ResponseReturnValue:
    """Erase it for good, once that was confirmed."""
    try:
        sent = load(ErasePersonIn)
        if not sent.pop("confirmed"):
            raise Invalid({"confirmed": "required"})
        done = erase_person(**{"typed": sent.pop("contact")}, **sent, **_by())
    except (Invalid, Conflict, NotFound) as refused:
        return _again("erase", refused)
    flash(_said(done), "ok")
    return redirect(url_for("persons.ask"), HTTPStatus.SEE_OTHER)


def _look_for(found: Found, contact: str) -> None:
    """Fill in what is stored of whoever has the contact; that somebody looked is recorded."""
    stored = find_person(contact, **_by())
    found.reports, found.followed = list(stored.reports), list(stored.followed)


def _again(form: str, refused: Invalid | Conflict | NotFound) -> ResponseReturnValue:
    """The page with the reports once more, and why the form was refused."""
    found = Found(contact=request.form.get("contact", ""), form=form)
    if isinstance(refused, Invalid):
        found.errors = explain_fields(refused)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        found.errors = {"contact": explain(refused)}
        status = HTTPStatus.CONFLICT if isinstance(refused, Conflict) else HTTPStatus.NOT_FOUND
    if "contact" not in found.errors:
        _look_for(found, found.contact)
    return _page(found), status


def _page(found: Found) -> str:
    return render_template(
        "admin/person.html",
        contact=found.contact,
        reports=found.reports
        and [
            {
                "code": report.code,
                "title": summary(report.text) or sentence("no_text"),
                "state": report.state.value,
                "received_at": report.received_at,
            }
            for report in found.reports
        ],
        followed=found.followed,
        searched=found.reports is not None,
        sent=found.form,
        errors=found.errors,
        form=request.form,
        choices=[
            (OpenReports.LATER.value, _("The contact now, the rest later")),
            (OpenReports.NOW.value, _("Everything now")),
        ],
    )


def _said(done: Erasure) -> str:
    erased = ngettext("%(num)s report was erased.", "%(num)s reports were erased.", done.reports)
    later = ngettext(
        "%(num)s open report has lost its contact; the rest goes when it is finished.",
        "%(num)s open reports have lost their contact; the rest goes when they are finished.",
        done.later,
    )
    spared = _("The address gets no more news of reports of others.")
    return " ".join(
        [erased, *([later] if done.later else []), *([spared] if done.followed else [])]
    )


def _by() -> dict[str, Any]:
    return {"actor": people.current_actor(), "city": context.city(), "now": context.now()}
