"""How often a password may be tried.

Attempts count by address and by account. An attacker who fills an account's count would keep its
owner out, so a browser that has signed in before has a count of its own (a "known device", by a
signed cookie), which others' failures never touch. Counts are kept in Redis, and go on in this
process's memory while Redis is away.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog
from flask import Flask, Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

WINDOW_MINUTES = 15
# A whole town hall may stand behind one address; a guesser with 200 tries still gets nowhere.
BY_ADDRESS = RateLimitItemPerMinute(200, WINDOW_MINUTES, "sign-in-address")
BY_ACCOUNT = RateLimitItemPerMinute(10, WINDOW_MINUTES, "sign-in-account")
BY_DEVICE = RateLimitItemPerMinute(10, WINDOW_MINUTES, "sign-in-device")
REDIS_SECONDS = 0.5
DEVICE_DAYS = 180

Result = TypeVar("Result")
log = structlog.get_logger()


class Counts:
    """The counts of one installation."""

    def __init__(self, address: str) -> None:
        storage = storage_from_string(
            address, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
        self._shared = FixedWindowRateLimiter(storage)
        self._own = FixedWindowRateLimiter(MemoryStorage())

    def take(self, item: RateLimitItem, subject: str) -> bool:
        """Count one attempt; False when there are none left."""
        return self._with_either(lambda limiter: limiter.hit(item, subject))

    def give_back(self, item: RateLimitItem, subject: str) -> None:
        """Forget the attempts of a subject."""
        self._with_either(lambda limiter: limiter.clear(item, subject))

    def seconds_left(self, item: RateLimitItem, subject: str) -> int:
        """How long until the count of a subject begins anew."""
        ends = self._with_either(lambda limiter: limiter.get_window_stats(item, subject).reset_time)
        return max(1, int(ends - time.time()))

    def _with_either(self, ask: Callable[[FixedWindowRateLimiter], Result]) -> Result:
        try:
            return ask(self._shared)
        except RedisError:
            log.warning("sign_in_counts_without_redis")
            return ask(self._own)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to sign in, and what it counts against."""

    login: str
    subjects: Sequence[tuple[RateLimitItem, str]]

    @classmethod
    def of_request(cls, login: str) -> "Attempt":
        """The attempt this request makes."""
        device = _known_device(login)
        if device:
            return cls(login, [(BY_DEVICE, device)])
        return cls(login, [(BY_ADDRESS, request.remote_addr or ""), (BY_ACCOUNT, _digest(login))])

    def seconds_to_wait(self) -> int:
        """Count the attempt; 0 when it may go on, else how long to wait for the next one."""
        # Counted before the password is looked at: many attempts at once do not slip through.
        refused = [pair for pair in self.subjects if not _counts().take(*pair)]
        return max((_counts().seconds_left(*pair) for pair in refused), default=0)

    def succeeded(self, response: Response) -> None:
        """Forget what the owner mistyped, and know this browser from now on."""
        for item, subject in self.subjects:
            if item is not BY_ADDRESS:
                _counts().give_back(item, subject)
        response.set_cookie(
            _cookie_name(self.login),
            _signer().dumps([self.login, secrets.token_urlsafe(12)]),
            max_age=DEVICE_DAYS * 24 * 3600,
            path="/login",
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )


def register(app: Flask) -> None:
    """Give the application its counts."""
    app.extensions["sign_in_counts"] = Counts(app.config["RATELIMIT_STORAGE_URI"])


def _counts() -> Counts:
    counts: Counts = current_app.extensions["sign_in_counts"]
    return counts


def _known_device(login: str) -> str:
    """The number of this browser if it has signed in to this account before."""
    cookie = request.cookies.get(_cookie_name(login), "")
    try:
        owner, number = _signer().loads(cookie, max_age=DEVICE_DAYS * 24 * 3600)
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(number) if owner == login else ""


def _cookie_name(login: str) -> str:
    return f"device_{_digest(login)[:12]}"


def _digest(login: str) -> str:
    return hashlib.sha256(login.encode()).hexdigest()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-device")
