"""A registered kiosk, known by a long-lived signed cookie whose secret the store has hashed."""

import hmac

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from feedback.extensions import db
from feedback.operations.register_kiosk import Registered, hash_of
from feedback.storage.models import Kiosk
from feedback.storage.queries import counters
from feedback.storage.types import can_be_key
from feedback.web.context import settings

COOKIE = "kiosk"
FIVE_YEARS = 5 * 365 * 24 * 3600


def kiosk_at(counter_id: int) -> Kiosk | None:
    """The kiosk this device is, if it stands at this counter and is still known."""
    try:
        kiosk_id, key = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, TypeError, ValueError):
        return None
    if not isinstance(kiosk_id, int) or not can_be_key(kiosk_id):
        return None
    kiosk = counters.kiosk(db.session(), kiosk_id)
    if kiosk is None or kiosk.key is None or kiosk.counter_id != counter_id:
        return None
    return kiosk if hmac.compare_digest(kiosk.key, hash_of(str(key))) else None


def remember_kiosk(response: Response, registered: Registered) -> None:
    """Give a device what it is known by from now on."""
    response.set_cookie(
        COOKIE,
        _signer().dumps([registered.kiosk_id, registered.key]),
        max_age=FIVE_YEARS,
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies,
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="kiosk")
