"""The device a page is used on, known by a random token in a signed cookie.

It is given only to who does something that counts once a device, never for looking. The store keeps
a keyed hash of the token, so that nobody who reads it could pass for the device.
"""

import hashlib
import hmac
import secrets

from flask import Response, after_this_request, request
from itsdangerous import BadSignature, URLSafeSerializer

from feedback.web.context import settings

COOKIE = "this_device"
TWO_YEARS = 2 * 365 * 24 * 3600


def known_device() -> str | None:
    """The hash of the device's token, or None for one that has done nothing here yet."""
    token = _token()
    return _hash(token) if token else None


def this_device() -> str:
    """The same for a device that does something now: it gets a token where it has none."""
    token = _token() or secrets.token_urlsafe(18)
    signed = _signer().dumps(token)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            signed,
            max_age=TWO_YEARS,
            httponly=True,
            samesite="Lax",
            secure=settings().secure_cookies,
        )
        return response

    return _hash(token)


def _token() -> str | None:
    try:
        token = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return token if isinstance(token, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="device")


def _hash(token: str) -> str:
    return hmac.new(settings().secret_key.encode(), token.encode(), hashlib.sha256).hexdigest()
