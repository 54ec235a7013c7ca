"""Taking an unfinished report back, and asking for a second look at a refused one."""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from feedback.domain.actors import CITIZEN
from feedback.domain.errors import Invalid
from feedback.extensions import db
from feedback.operations.ask_again import MAX_ASKING_REASON, ask_again
from feedback.operations.withdraw_report import MAX_WITHDRAWAL_REASON, withdraw_report
from feedback.storage.queries import histories
from feedback.web.citizen.blueprint import pages
from feedback.web.citizen.links import report_behind
from feedback.web.citizen.schemas import TakingBackIn
from feedback.web.citizen.tracking import taking_back
from feedback.web.context import city, now
from feedback.web.forms import load
from feedback.web.messages import explain_fields
from feedback.web.presenting import title_of


@pages.get("/r/<code>/<token>/withdraw")
def withdraw(code: str, token: str) -> ResponseReturnValue:
    """The page that asks whether the report is really to be withdrawn."""
    about = _about(code, token)
    if not about["can_withdraw"]:
        return redirect(about["report_url"])
    return _form("citizen/withdraw.html", about, MAX_WITHDRAWAL_REASON)


@pages.post("/r/<code>/<token>/withdraw")
def send_withdrawal(code: str, token: str) -> ResponseReturnValue:
    """Withdraw the report."""
    report = report_behind(code, token)
    sent = load(TakingBackIn)
    try:
        withdraw_report(report.id, reason=sent["reason"], actor=CITIZEN, city=city(), now=now())
    except Invalid as refused:
        return _again("citizen/withdraw.html", (code, token), sent, refused, MAX_WITHDRAWAL_REASON)
    flash(_("Your report was withdrawn."), "ok")
    return redirect(url_for("citizen.show", code=code, token=token), HTTPStatus.SEE_OTHER)


@pages.get("/r/<code>/<token>/second-look")
def ask_for_second_look(code: str, token: str) -> ResponseReturnValue:
    """The form that asks why a refused report should be looked at again."""
    about = _about(code, token)
    if not about["can_ask_again"]:
        return redirect(about["report_url"])
    return _form("citizen/ask_again.html", about, MAX_ASKING_REASON)


@pages.post("/r/<code>/<token>/second-look")
def send_second_look(code: str, token: str) -> ResponseReturnValue:
    """Put the refused report before the operations centre once more."""
    report = report_behind(code, token)
    sent = load(TakingBackIn)
    try:
        ask_again(report.id, reason=sent["reason"], actor=CITIZEN, city=city(), now=now())
    except Invalid as refused:
        return _again("citizen/ask_again.html", (code, token), sent, refused, MAX_ASKING_REASON)
    return redirect(url_for("citizen.show", code=code, token=token), HTTPStatus.SEE_OTHER)


def _about(code: str, token: str) -> dict[str, Any]:
    report = report_behind(code, token)
    history = histories.of_report(db.session(), report.id)
    return {
        **taking_back(report, history, code, token),
        "report": {"code": report.code, "title": title_of(report)},
        "report_url": url_for("citizen.show", code=code, token=token),
    }


def _again(
    template: str, link: tuple[str, str], sent: dict[str, Any], refused: Invalid, limit: int
) -> ResponseReturnValue:
    page = _form(template, _about(*link), limit, sent, explain_fields(refused))
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _form(
    template: str,
    about: dict[str, Any],
    limit: int,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    return render_template(
        template,
        **about,
        form=defaultdict(lambda: None, values or {}),
        errors=errors or {},
        limits={"text": limit},
    )
