"""Who may enter a group of pages. No blueprint is registered without its guard."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Flask, redirect, request, url_for
from flask import Response as FlaskResponse
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from feedback.domain.errors import NotAllowed
from feedback.domain.states import Role
from feedback.web.errors import wants_json
from feedback.web.sessions import current_actor, signed_in

# All that somebody may do whose password was given by another.
REPLACING = frozenset({"account.password", "account.send_password"})

Guard = Callable[[], Response | None]


def everyone() -> Response | None:
    """Pages for the public; secret links are checked by the page itself, object by object."""
    return None


def staff_with(*roles: Role) -> Guard:
    """A guard for signed-in staff of these roles.

    Others are sent to sign in, or refused with 403 when they have signed in as somebody else. Whose
    password was given by an administrator is sent to replace it, whatever they came for.
    """

    def guard() -> Response | None:
        person, actor = signed_in(), current_actor()
        if person is None or actor is None:
            wanted = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("auth.login", next=wanted))
        if person.must_replace_password and request.endpoint not in REPLACING:
            if wants_json():
                raise NotAllowed("password_to_replace")
            return redirect(url_for("account.password"), HTTPStatus.SEE_OTHER)
        if actor.role not in roles:
            raise Forbidden
        return None

    guard.__name__ = "staff_with_" + "_".join(roles)
    return guard


def register_guarded(app: Flask, blueprint: Blueprint, guard: Guard) -> None:
    """Register a blueprint behind its guard, and remember the guard for the tests."""
    guards: dict[str, str] = app.extensions.setdefault("guards", {})
    guards[blueprint.name] = guard.__name__
    if guard is not everyone:
        app.before_request_funcs.setdefault(blueprint.name, []).insert(0, guard)
        app.after_request_funcs.setdefault(blueprint.name, []).append(_keep_nothing)
    app.register_blueprint(blueprint)


def _keep_nothing(response: FlaskResponse) -> FlaskResponse:
    """What staff see is not left in a browser's cache for the next person at the desk."""
    response.headers["Cache-Control"] = "no-store"
    return response
