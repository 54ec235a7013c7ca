"""One shape for every refusal: a page for people, a JSON problem for scripts. Never a trace."""

from http import HTTPStatus

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from feedback.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from feedback.extensions import db
from feedback.web.messages import explain, explain_fields
from feedback.web.request_log import request_id

log = structlog.get_logger(__name__)

STATUS_OF: dict[type[DomainError], HTTPStatus] = {
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}


# Nothing was wrong with what was sent: it may be sent once more as it is.
SEND_AGAIN = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def register(app: Flask) -> None:
    """Answer every kind of refusal in the one shape."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _csrf_failed)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failed)


def status_of(error: DomainError) -> HTTPStatus:
    """The HTTP status of a refusal."""
    found = (status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    return next(found, HTTPStatus.BAD_REQUEST)


def wants_json() -> bool:
    """Whether the request was made by a script that reads JSON."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def typed() -> list[tuple[str, str]] | None:
    """What a form sent, but for its token and passwords; None for any other request."""
    if request.method != "POST":
        return None
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    fields: dict[str, str] | None = None,
    again_url: str | None = None,
    *,
    again_form: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    """A refusal as page or JSON problem (RFC 9457), whichever the request reads.

    `again_url` is where the page's reader can go on; `again_form` what they can send once more.
    """
    if wants_json():
        body = {"type": "about:blank", "status": status.value, "title": status.phrase, "code": code}
        said = {"detail": detail, "fields": fields}
        response = jsonify(body | {name: value for name, value in said.items() if value})
        response.status_code = status.value
        response.content_type = "application/problem+json; charset=utf-8"
        return response
    page = render_template(
        "error.html",
        status=status.value,
        sentence=detail,
        again_url=again_url,
        again_form=again_form,
        request_id=request_id() if status is HTTPStatus.INTERNAL_SERVER_ERROR else None,
    )
    return make_response(page, status.value)


def _refused(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, Invalid):
        fields = explain_fields(error)
        return problem(status_of(error), error.code, " ".join(fields.values()), fields)
    return problem(status_of(error), error.code, explain(error))


def _csrf_failed(_error: CSRFError) -> ResponseReturnValue:
    return problem(HTTPStatus.BAD_REQUEST, "form_expired", "")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # a redirect made by routing is no refusal
        return error
    status = HTTPStatus(error.code)
    again = typed() if status in SEND_AGAIN else None
    detail = _own_words(error) if status in SEND_AGAIN else ""
    response = make_response(problem(status, f"http_{error.code}", detail, again_form=again))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _own_words(error: HTTPException) -> str:
    """What was said to whoever is refused, if not what the library says to everybody."""
    return error.description or "" if error.description != type(error).description else ""


def _failed(error: Exception) -> ResponseReturnValue:
    log.exception("request_failed", exc_info=error)
    db.session.rollback()
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "http_500", "")
