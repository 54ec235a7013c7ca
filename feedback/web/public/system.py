"""Small pages that are about the installation itself."""

from http import HTTPStatus

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from feedback.web.languages import COOKIE, LANGUAGES

pages = Blueprint("system", __name__)
ONE_YEAR = 365 * 24 * 3600


@pages.post("/language")
def choose_language() -> ResponseReturnValue:
    """Remember a person's language and bring them back to where they were."""
    wanted = request.form.get("language", "")
    response = redirect(_own_address(request.form.get("next", "")), HTTPStatus.SEE_OTHER)
    if wanted in LANGUAGES:
        response.set_cookie(COOKIE, wanted, max_age=ONE_YEAR, httponly=True, samesite="Lax")
    return response


def _own_address(address: str) -> str:
    """A path of this site, or the home page for anything else."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_path and address.isprintable() else "/"


@pages.get("/healthz")
def health() -> ResponseReturnValue:
    """200 once the whole is ready, else 503, naming what is not."""
    return jsonify({"ready": True})
