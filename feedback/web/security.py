"""Keeps a page from being turned against its reader, and a form from filling the memory."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from config import MEGABYTE, Settings

TAKES_LARGE_FILES = "admin.send_reports"
PARTS_POLICY = "default-src 'none'; frame-ancestors 'none'"


def nonce() -> str:
    """The nonce of this response's own scripts and styles."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    value: str = g.nonce
    return value


def register(app: Flask) -> None:
    """Send the headers with every response, give templates the nonce, bound what is read."""
    # First of all: the check against forged requests reads the form already.
    app.before_request_funcs.setdefault(None, []).insert(0, _bound_bodies)
    app.after_request(_add_headers)
    app.context_processor(lambda: {"csp_nonce": nonce()})


def _bound_bodies() -> None:
    """Only a form that can hold files may be large; any other is read into memory as a whole."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    elif request.endpoint == TAKES_LARGE_FILES:
        settings: Settings = current_app.extensions["settings"]
        largest = settings.import_max_bytes + MEGABYTE
        request.max_content_length = max(largest, settings.maximum_request_bytes)


def _add_headers(response: Response) -> Response:
    settings: Settings = current_app.extensions["settings"]
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if settings.secure_cookies:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype != "text/html":
        # A part of a page may do nothing by itself; what else pages say is only weight here.
        headers.setdefault("Content-Security-Policy", PARTS_POLICY)
        return response
    headers.setdefault("Content-Security-Policy", _policy(settings))
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


def _policy(settings: Settings) -> str:
    own_nonce = f"'nonce-{nonce()}'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {own_nonce}",
            f"style-src 'self' {own_nonce}",
            f"img-src 'self' data: blob:{_tiles_origin(settings)}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _tiles_origin(settings: Settings) -> str:
    """Where map tiles may come from: the only outside address a page ever asks."""
    address = urlsplit(settings.map_tiles_url or "")
    if not address.netloc:
        return ""
    host = address.netloc.replace("{s}", "*")
    return f" {address.scheme}://{host}"
