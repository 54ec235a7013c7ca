"""One line a request, and an id by which a reader's complaint finds its lines.

The line names the rule of the address, never the address itself: that may be a secret link.
"""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

from feedback.delivery import metrics

HEADER = "X-Request-ID"
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_UNTOLD = {"system.health", "metrics.show", "static_files.static"}

log = structlog.get_logger("feedback.requests")


def register(app: Flask) -> None:
    """Give every request an id, and log it when it has been answered."""
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_end)


def request_id() -> str:
    """The id of the request under way; a proxy in front may have given it."""
    value: str = g.request_id
    return value


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    seconds = time.perf_counter() - g.request_began
    rule = request.url_rule.rule if request.url_rule else None
    metrics.note_request(request.method, rule, response.status_code, seconds)
    if request.endpoint in _UNTOLD and response.status_code < 500:
        return response
    log.info(
        "request",
        method=request.method,
        rule=rule,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        account_id=_account_id(),
    )
    return response


def _account_id() -> int | None:
    """Who was signed in, if the request has asked; nothing is read for the log's sake."""
    actor = g.get("actor")
    return actor.account_id if actor else None
