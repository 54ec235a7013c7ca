"""What comes after a right password: the code, or setting up what makes codes."""

from http import HTTPStatus

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.operations.log_in import Needs
from feedback.operations.second_factor import (
    begin_enrolment,
    enrol_and_sign_in,
    enrolment,
    sign_in_with_code,
)
from feedback.web import sessions
from feedback.web.auth.attempts import Attempt
from feedback.web.auth.blueprint import pages
from feedback.web.auth.pending import Pending, pending
from feedback.web.auth.refusals import held_off
from feedback.web.context import city, now
from feedback.web.forms import Form, load
from feedback.web.limits import too_often
from feedback.web.messages import explain_fields, sentence
from feedback.web.qr_codes import drawn
from feedback.web.templating import city_name


class CodeIn(Form):
    """A code, as its owner types it."""

    code = fields.String(required=True)


@pages.get("/login/code")
def code() -> ResponseReturnValue:
    """The form for the code."""
    return _code_form({}) if pending(Needs.CODE) else _begin_again()


@pages.post("/login/code")
def send_code() -> ResponseReturnValue:
    """Finish the sign-in with the app's code or a recovery code."""
    wait = pending(Needs.CODE)
    if wait is None:
        return _begin_again()
    attempt = Attempt.at_code(wait.login)
    seconds = held_off(attempt)
    if seconds:
        headers = {"Retry-After": str(seconds)}
        return _code_form({"code": too_often(seconds)}), HTTPStatus.TOO_MANY_REQUESTS, headers
    try:
        key = sign_in_with_code(
            load(CodeIn)["code"],
            account_id=wait.account_id,
            account_key=wait.account_key,
            origin=sessions.origin(),
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        return _code_form(explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    except NotAllowed:
        return _begin_again()
    sessions.begin(key)
    response = make_response(redirect(wait.wanted, HTTPStatus.SEE_OTHER))
    return _signed_in(response, wait, attempt)


@pages.get("/login/second-factor")
def enrol() -> ResponseReturnValue:
    """The QR code to scan, and the form for the first code."""
    wait = pending(Needs.ENROLMENT)
    return _enrolment_form(wait, {}) if wait else _begin_again()


@pages.post("/login/second-factor")
def send_enrolment() -> ResponseReturnValue:
    """Set the second factor, sign in, and show the recovery codes this once."""
    wait = pending(Needs.ENROLMENT)
    if wait is None:
        return _begin_again()
    attempt = Attempt.at_code(wait.login)
    seconds = held_off(attempt)
    if seconds:
        page = _enrolment_form(wait, {"code": too_often(seconds)})
        return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)}
    try:
        key, codes = enrol_and_sign_in(
            load(CodeIn)["code"],
            account_id=wait.account_id,
            account_key=wait.account_key,
            origin=sessions.origin(),
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        page = _enrolment_form(wait, explain_fields(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except (NotAllowed, NotFound):
        return _begin_again()
    sessions.begin(key)
    shown = render_template("auth/recovery_codes.html", codes=codes, wanted=wait.wanted)
    return _signed_in(_not_kept(shown), wait, attempt)


def next_step(wait_for: Needs, account_id: int) -> ResponseReturnValue:
    """Lead on to the form that is needed; where codes are to be set up, make what they need."""
    if wait_for is Needs.CODE:
        return redirect(url_for("auth.code"), HTTPStatus.SEE_OTHER)
    try:
        begin_enrolment(account_id, city=city(), now=now())
    except Conflict:  # set up in another window meanwhile
        return _begin_again()
    return redirect(url_for("auth.enrol"), HTTPStatus.SEE_OTHER)


def _signed_in(response: Response, wait: Pending, attempt: Attempt) -> Response:
    Attempt.at_password(wait.login).forget()
    attempt.succeeded(response)
    return response


def _begin_again() -> Response:
    flash(sentence("sign_in_again"), "warn")
    return make_response(redirect(url_for("auth.login"), HTTPStatus.SEE_OTHER))


def _code_form(errors: dict[str, str]) -> Response:
    typed = request.form.get("code", "")[:20] if errors else ""
    return _not_kept(render_template("auth/code.html", errors=errors, typed=typed))


def _enrolment_form(wait: Pending, errors: dict[str, str]) -> Response:
    try:
        begun = enrolment(wait.account_id, city_name(), city=city())
    except NotFound:  # confirmed in another window meanwhile
        return _begin_again()
    page = render_template(
        "auth/enrol.html", qr=drawn(begun.address), key=begun.key, errors=errors, login=wait.login
    )
    return _not_kept(page)


def _not_kept(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
