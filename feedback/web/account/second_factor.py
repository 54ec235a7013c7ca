"""Setting up one's second factor, new recovery codes, and giving it up."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from feedback.domain.errors import Invalid, NotAllowed, NotFound
from feedback.domain.sign_ins import SECOND_FACTOR_ROLES
from feedback.operations.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    enrolment,
    remove_second_factor,
    renew_recovery_codes,
)
from feedback.web.account.blueprint import pages
from feedback.web.account.person import me
from feedback.web.auth.attempts import Attempt
from feedback.web.auth.refusals import held_off
from feedback.web.auth.second_step import CodeIn
from feedback.web.context import city, now, settings
from feedback.web.forms import load
from feedback.web.limits import too_often
from feedback.web.messages import explain_fields
from feedback.web.qr_codes import drawn
from feedback.web.sessions import origin
from feedback.web.templating import city_name
from feedback.wording import _

Act = Callable[[str], Sequence[str] | None]


@pages.post("/second-factor")
def begin_second_factor() -> ResponseReturnValue:
    """Make what codes are made of, and show it."""
    begin_enrolment(me().account_id, city=city(), now=now())
    return redirect(url_for("account.second_factor"), HTTPStatus.SEE_OTHER)


@pages.get("/second-factor")
def second_factor() -> str | Response:
    """The QR code to scan, and the form for the first code."""
    return _enrolment_form({})


@pages.post("/second-factor/confirm")
def confirm_second_factor() -> ResponseReturnValue:
    """Set the second factor and show the recovery codes this once."""
    person = me()
    return _with_code(
        lambda code: confirm_enrolment(
            code,
            account_id=person.account_id,
            session_id=person.session_id,
            origin=origin(),
            city=city(),
            now=now(),
        ),
        _enrolment_form,
    )


@pages.get("/second-factor/recovery-codes")
def recovery_codes() -> str:
    """The form that asks for a code before new recovery codes are made."""
    return _renewal_form({})


@pages.post("/second-factor/recovery-codes")
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes and show them this once; the old ones are worth nothing now."""
    account_id = me().account_id
    return _with_code(
        lambda code: renew_recovery_codes(
            code, account_id=account_id, origin=origin(), city=city(), now=now()
        ),
        _renewal_form,
    )


@pages.get("/second-factor/remove")
def giving_up() -> str:
    """The form that asks for a code before the second factor is given up."""
    return _removal_form({})


@pages.post("/second-factor/remove")
def remove() -> ResponseReturnValue:
    """Give up the second factor, where the installation lets one do without."""
    person = me()
    if settings().second_factor_required and person.role in SECOND_FACTOR_ROLES:
        raise NotAllowed("second_factor_required")
    return _with_code(
        lambda code: remove_second_factor(
            code, account_id=person.account_id, origin=origin(), city=city(), now=now()
        ),
        _removal_form,
    )


def _with_code(act: Act, form: Callable[[dict[str, str]], str | Response]) -> ResponseReturnValue:
    """Run what needs a code; the form comes back when it is wrong or was tried too often."""
    attempt = Attempt.at_change(me().login)
    try:
        code = load(CodeIn)["code"]
        seconds = held_off(attempt)
        if seconds:
            headers = {"Retry-After": str(seconds)}
            return form({"code": too_often(seconds)}), HTTPStatus.TOO_MANY_REQUESTS, headers
        codes = act(code)
    except Invalid as refused:
        return form(explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    attempt.forget()
    if codes is not None:
        return render_template("account/recovery_codes.html", codes=codes)
    flash(_("Your second factor has been removed."), "ok")
    return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)


def _enrolment_form(errors: dict[str, str]) -> str | Response:
    try:
        begun = enrolment(me().account_id, city_name(), city=city())
    except NotFound:  # not begun, or finished already
        return redirect(url_for("account.show"), HTTPStatus.SEE_OTHER)
    return render_template(
        "account/second_factor.html", qr=drawn(begun.address), key=begun.key, errors=errors
    )


def _renewal_form(errors: dict[str, str]) -> str:
    return render_template("account/with_code.html", errors=errors, renew=True)


def _removal_form(errors: dict[str, str]) -> str:
    return render_template("account/with_code.html", errors=errors, renew=False)
