"""Taking an unfinished report back, and asking for a second look at a refused one."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Step:
    """One of the two: its page, what says whether it may be taken, what it does, and the words
    that follow."""

    template: str
    allowed: str
    act: Callable[..., None]
    longest: int
    done: Callable[[], str] = str


WITHDRAWAL = Step(
    "citizen/withdraw.html",
    "can_withdraw",
    withdraw_report,
    MAX_WITHDRAWAL_REASON,
    lambda: _("Your report was withdrawn."),
)
SECOND_LOOK = Step("citizen/ask_again.html", "can_ask_again", ask_again, MAX_ASKING_REASON)


@pages.get("/r/<code>/<token>/withdraw")
def withdraw(code: str, token: str) -> ResponseReturnValue:
    """The page that asks whether the report is really to be withdrawn."""
    return _ask(WITHDRAWAL, code, token)


@pages.post("/r/<code>/<token>/withdraw")
def send_withdrawal(code: str, token: str) -> ResponseReturnValue:
    """Withdraw the report."""
    return _take(WITHDRAWAL, code, token)


@pages.get("/r/<code>/<token>/second-look")
def ask_for_second_look(code: str, token: str) -> ResponseReturnValue:
    """The form that asks why a refused report should be looked at again."""
    return _ask(SECOND_LOOK, code, token)


@pages.post("/r/<code>/<token>/second-look")
def send_second_look(code: str, token: str) -> ResponseReturnValue:
    """Put the refused report before the operations centre once more."""
    return _take(SECOND_LOOK, code, token)


def _ask(step: Step, code: str, token: str) -> ResponseReturnValue:
    about = _about(code, token)
    if not about[step.allowed]:
        return redirect(about["report_url"])
    return _form(step, about, {}, {})


def _take(step: Step, code: str, token: str) -> ResponseReturnValue:
    report = report_behind(code, token)
    sent = load(TakingBackIn)
    try:
        step.act(report.id, reason=sent["reason"], actor=CITIZEN, city=city(), now=now())
    except Invalid as refused:
        page = _form(step, _about(code, token), sent, explain_fields(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    if words := step.done():
        flash(words, "ok")
    return redirect(url_for("citizen.show", code=code, token=token), HTTPStatus.SEE_OTHER)


def _about(code: str, token: str) -> dict[str, Any]:
    report = report_behind(code, token)
    history = histories.of_report(db.session(), report.id)
    return {
        **taking_back(report, history, code, token),
        "report": {"code": report.code, "title": title_of(report)},
        "report_url": url_for("citizen.show", code=code, token=token),
    }


def _form(step: Step, about: dict[str, Any], values: dict[str, Any], errors: dict[str, str]) -> str:
    return render_template(
        step.template,
        **about,
        form=defaultdict(lambda: None, values),
        errors=errors,
        limits={"text": step.longest},
    )
