"""The sign-in form, and the way out."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid, NotAllowed
from feedback.operations.log_in import sign_in, sign_out
from feedback.storage.queries.accounts import spelling
from feedback.web import context, sessions
from feedback.web.addresses import own_path
from feedback.web.auth.attempts import Attempt
from feedback.web.auth.schemas import LoginIn
from feedback.web.forms import load
from feedback.web.messages import explain_fields, sentence
from feedback.web.wording import _, ngettext

pages = Blueprint("auth", __name__)
MAX_LOGIN = 80
DESK = "/staff"


@pages.get("/login")
def login() -> ResponseReturnValue:
    """The form; who has signed in already goes on."""
    wanted = _wanted(request.args.get("next", ""))
    if sessions.signed_in():
        return redirect(wanted)
    return _form({}, wanted)


@pages.post("/login")
def send_login() -> ResponseReturnValue:
    """Sign in and go on to where the person wanted to go."""
    wanted = _wanted(request.form.get("next", ""))
    try:
        sent = load(LoginIn)
    except Invalid as refused:
        return _form(explain_fields(refused), wanted), HTTPStatus.UNPROCESSABLE_ENTITY
    name = spelling(sent["login"])[:MAX_LOGIN]
    attempt = Attempt.of_request(name)
    seconds = attempt.seconds_to_wait()
    if seconds:
        return _too_many(seconds, wanted)
    try:
        known = sign_in(name, sent["password"], city=context.city(), now=context.now())
    except NotAllowed as refused:
        errors = {"login": sentence(refused.code)}
        return _form(errors, wanted), HTTPStatus.UNPROCESSABLE_ENTITY
    sessions.begin(known.account_id, known.key)
    response = make_response(redirect(wanted, HTTPStatus.SEE_OTHER))
    attempt.succeeded(response)
    return response


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    """End the sessions of the account, on every device."""
    person = sessions.signed_in()
    if person:
        sign_out(person.account_id, city=context.city())
    sessions.end()
    flash(_("You are logged out, on all your devices."), "ok")
    return redirect(url_for("auth.login"), HTTPStatus.SEE_OTHER)


def _wanted(address: str) -> str:
    """Where to go after signing in: a path of our own, else the desk."""
    path = own_path(address)
    return DESK if path == "/" else path


def _too_many(seconds: int, wanted: str) -> ResponseReturnValue:
    minutes = -(-seconds // 60)
    words = ngettext(
        "Too many tries. Wait %(num)s minute, then try again.",
        "Too many tries. Wait %(num)s minutes, then try again.",
        minutes,
    )
    headers = {"Retry-After": str(seconds)}
    return _form({"login": words}, wanted), HTTPStatus.TOO_MANY_REQUESTS, headers


def _form(errors: dict[str, str], wanted: str) -> str:
    return render_template(
        "auth/login.html",
        errors=errors,
        wanted=wanted,
        typed_login=request.form.get("login", "")[:MAX_LOGIN],
    )
