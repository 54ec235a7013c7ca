"""Who sent a report, shown to a dispatcher once for each reason given."""

from http import HTTPStatus

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid
from feedback.operations.open_identity import open_identity
from feedback.web import context
from feedback.web.forms import load
from feedback.web.messages import explain_fields
from feedback.web.presenting import title_of
from feedback.web.staff import people
from feedback.web.staff.case_page import case_page, visible_report
from feedback.web.staff.schemas import OpenIdentityIn
from feedback.web.staff.sent import Sent

pages = Blueprint("identities", __name__)


@pages.post("/staff/reports/<code>/identity")
def show(code: str) -> ResponseReturnValue:
    """Show the contact in the answer to the form itself: it has no address, so that neither the
    browser's history nor a link leads to it again."""
    report = visible_report(code)
    sent = Sent("identity", request.form)
    try:
        contact = open_identity(
            report.id,
            reason=load(OpenIdentityIn)["reason"],
            actor=people.current_actor(),
            city=context.city(),
            now=context.now(),
        )
    except Invalid as refused:
        sent.errors = {
            "identity_reason" if name == "reason" else name: words
            for name, words in explain_fields(refused).items()
        }
        return case_page(code, sent), HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template(
        "staff/identity.html",
        contact=contact,
        code=report.code,
        title=title_of(report),
        reason=load(OpenIdentityIn)["reason"],
    )
