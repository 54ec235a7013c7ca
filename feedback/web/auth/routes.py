"""The sign-in form, and the way out."""

from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from feedback.domain.errors import Invalid, NotAllowed
from feedback.operations.log_in import Needs, sign_in
from feedback.operations.staff_sessions import sign_out
from feedback.storage.queries.accounts import spelling
from feedback.web import context, sessions
from feedback.web.addresses import own_path
from feedback.web.auth.attempts import Attempt
from feedback.web.auth.blueprint import pages
from feedback.web.auth.pending import remember
from feedback.web.auth.refusals import held_off
from feedback.web.auth.schemas import LoginIn
from feedback.web.auth.second_step import next_step
from feedback.web.forms import load
from feedback.web.limits import too_often
from feedback.web.messages import explain_fields, sentence
from feedback.wording import _

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
    attempt = Attempt.at_password(name)
    seconds = held_off(attempt)
    if seconds:
        return _too_many(seconds, wanted)
    try:
        entrance = sign_in(
            name,
            sent["password"],
            second_factor_required=context.settings().second_factor_required,
            origin=sessions.origin(),
            city=context.city(),
            now=context.now(),
        )
    except NotAllowed as refused:
        errors = {"login": sentence(refused.code)}
        return _form(errors, wanted), HTTPStatus.UNPROCESSABLE_ENTITY
    if entrance.needs is not Needs.NOTHING:
        remember(entrance.account_id, entrance.account_key, name, entrance.needs, wanted)
        return next_step(entrance.needs, entrance.account_id)
    sessions.begin(entrance.key)
    response = make_response(redirect(wanted, HTTPStatus.SEE_OTHER))
    attempt.succeeded(response)
    return response


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    """End this session."""
    person = sessions.signed_in()
    if person:
        sign_out(
            person.session_id, origin=sessions.origin(), city=context.city(), now=context.now()
        )
    sessions.end()
    flash(_("You are logged out."), "ok")
    return redirect(url_for("auth.login"), HTTPStatus.SEE_OTHER)


def _wanted(address: str) -> str:
    """Where to go after signing in: a path of our own, else the desk."""
    path = own_path(address)
    return DESK if path == "/" else path


def _too_many(seconds: int, wanted: str) -> ResponseReturnValue:
    headers = {"Retry-After": str(seconds)}
    page = _form({"login": too_often(seconds)}, wanted)
    return page, HTTPStatus.TOO_MANY_REQUESTS, headers


def _form(errors: dict[str, str], wanted: str) -> str:
    return render_template(
        "auth/login.html",
        errors=errors,
        wanted=wanted,
        typed_login=request.form.get("login", "")[:MAX_LOGIN],
    )
