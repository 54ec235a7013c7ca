"""Choosing a language."""

from http import HTTPStatus

from flask import redirect, request
from flask.typing import ResponseReturnValue

from feedback.web.addresses import own_path
from feedback.web.context import settings
from feedback.web.languages import COOKIE, LANGUAGES
from feedback.web.public.blueprint import pages

ONE_YEAR = 365 * 24 * 3600


@pages.post("/language")
def choose_language() -> ResponseReturnValue:
    """Remember a person's language and bring them back to where they were."""
    wanted = request.form.get("language", "")
    response = redirect(own_path(request.form.get("next", "")), HTTPStatus.SEE_OTHER)
    if wanted in LANGUAGES:
        response.set_cookie(
            COOKIE,
            wanted,
            max_age=ONE_YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings().secure_cookies,
        )
    return response
