"""The record of who tried to sign in, for the administrator."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import NotFound
from feedback.extensions import db
from feedback.operations.second_factor import reset_second_factor
from feedback.storage.models import SignInEvent
from feedback.storage.queries import accounts, sign_ins
from feedback.storage.types import can_be_key
from feedback.web.context import city, now
from feedback.web.forms import searched
from feedback.web.messages import explain
from feedback.web.sessions import origin
from feedback.web.sign_in_words import line_of
from feedback.web.staff import people
from feedback.wording import _

pages = Blueprint("sign_ins", __name__, url_prefix="/admin/sign-ins")
LINES = 50


@pages.get("")
def show() -> str:
    """The newest lines, of everybody or of one login, all of them or failures only."""
    session = db.session()
    login = accounts.spelling(searched("login", 80))
    failures = request.args.get("only") == "failures"
    account = accounts.by_login(session, login) if login else None
    found: list[SignInEvent] = []
    if account or not login:
        found = list(
            sign_ins.events(
                session,
                limit=LINES + 1,
                account_id=account.id if account else None,
                failures=failures,
                before_id=_row(request.args.get("before", "")),
            )
        )
    kept: dict[str, Any] = {"login": login or None, "only": "failures" if failures else None}
    more = len(found) > LINES
    return render_template(
        "admin/sign_ins.html",
        lines=[(line_of(event), event.account) for event in found[:LINES]],
        login=login,
        failures=failures,
        can_reset=account is not None and sign_ins.has_second_factor(session, account.id),
        first_url=url_for("sign_ins.show", **kept) if "before" in request.args else None,
        next_url=url_for("sign_ins.show", **kept, before=found[LINES - 1].id) if more else None,
    )


@pages.post("/reset-second-factor")
def reset() -> ResponseReturnValue:
    """Take away the second factor of somebody who lost it; the account's sessions end."""
    login = accounts.spelling(request.form.get("login", ""))[:80]
    try:
        actor = people.current_actor()
        reset_second_factor(login, by=actor, origin=origin(), city=city(), now=now())
        flash(_("The second factor is reset; the sessions of the account ended."), "ok")
    except NotFound as refused:
        flash(explain(refused), "bad")
    return redirect(url_for("sign_ins.show", login=login), HTTPStatus.SEE_OTHER)


def _row(sent: str) -> int | None:
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 11 else 0
    return number if can_be_key(number) else None
