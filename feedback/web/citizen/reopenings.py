"""Asking to have a closed report taken up again."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import Invalid
from feedback.operations.reopen_report import MAX_REASON, reopen_report
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.links import report_behind
from feedback.web.citizen.schemas import ReopeningIn
from feedback.web.citizen.tracking import rating_and_reopening
from feedback.web.context import city, now
from feedback.web.forms import load
from feedback.web.messages import explain_fields
from feedback.web.presenting import title_of


@pages.get("/r/<code>/<token>/reopen")
def reopen(code: str, token: str) -> ResponseReturnValue:
    """The form that asks why."""
    about = rating_and_reopening(report_behind(code, token), code, token)
    if not about["can_reopen"]:
        return redirect(url_for("citizen.show", code=code, token=token))
    return _form(code, token, {}, {})


@pages.post("/r/<code>/<token>/reopen")
def send_reopening(code: str, token: str) -> ResponseReturnValue:
    """Open a new round."""
    report = report_behind(code, token)
    sent = load(ReopeningIn)
    try:
        reopen_report(report.id, reason=sent["reason"], actor=CITIZEN, city=city(), now=now())
    except Invalid as refused:
        return _form(code, token, sent, explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Your report is open again, with a new deadline."), "ok")
    return redirect(url_for("citizen.show", code=code, token=token), HTTPStatus.SEE_OTHER)


def _form(code: str, token: str, values: dict[str, Any], errors: dict[str, str]) -> str:
    report = report_behind(code, token)
    return render_template(
        "citizen/reopen.html",
        **rating_and_reopening(report, code, token),
        report={"code": report.code, "title": title_of(report)},
        form=defaultdict(lambda: None, values),
        errors=errors,
        limits={"text": MAX_REASON},
    )
