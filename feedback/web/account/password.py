"""Another password, asked with the one in force."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from feedback.domain.errors import Invalid
from feedback.operations.change_password import change_password
from feedback.operations.passwords import MIN_PASSWORD
from feedback.web.account.blueprint import pages
from feedback.web.account.person import me
from feedback.web.auth.attempts import Attempt
from feedback.web.auth.refusals import held_off
from feedback.web.context import city, now
from feedback.web.forms import Form, load
from feedback.web.limits import too_often
from feedback.web.messages import explain_fields
from feedback.web.sessions import origin
from feedback.wording import _


class PasswordIn(Form):
    """The form of a new password."""

    current_password = fields.String(required=True)
    password = fields.String(required=True)


@pages.get("/password")
def password() -> str:
    """The form."""
    return _form({})


@pages.post("/password")
def send_password() -> ResponseReturnValue:
    """Change the password; every other session ends."""
    person = me()
    try:
        sent = load(PasswordIn)
        attempt = Attempt.at_change(person.login)
        seconds = held_off(attempt)
        if seconds:
            errors = {"current_password": too_often(seconds)}
            headers = {"Retry-After": str(seconds)}
            return _form(errors), HTTPStatus.TOO_MANY_REQUESTS, headers
        change_password(
            sent["current_password"],
            sent["password"],
            account_id=person.account_id,
            session_id=person.session_id,
            origin=origin(),
            city=city(),
            now=now(),
        )
    except Invalid as refused:
        return _form(explain_fields(refused)), HTTPStatus.UNPROCESSABLE_ENTITY
    attempt.forget()
    flash(_("Your password has been changed. Your other sessions have ended."), "ok")
    goes_to_work = person.must_replace_password
    return redirect(url_for("desk.start" if goes_to_work else "account.show"), HTTPStatus.SEE_OTHER)


def _form(errors: dict[str, str]) -> str:
    return render_template("account/password.html", errors=errors, shortest=MIN_PASSWORD)
