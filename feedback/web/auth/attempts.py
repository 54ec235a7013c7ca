"""How often a password or a code may be tried.

Attempts count by account and by address. An attacker who fills an account's count would keep its
owner out, so a browser that has signed in before has a count of its own (a "known device", by a
signed cookie), which others' failures never touch.
"""

import hashlib
import secrets
from dataclasses import dataclass

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import RateLimitItem, RateLimitItemPerMinute

from feedback.web.limits import CODE, PASSWORD, SIGN_IN, Limit, counts

DEVICE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at an account, and what it counts against."""

    limit: Limit
    login: str
    own: list[tuple[RateLimitItem, str]]
    address: list[tuple[RateLimitItem, str]]

    @classmethod
    def at_password(cls, login: str) -> "Attempt":
        """An attempt to sign in with a password."""
        return cls._from_outside(SIGN_IN, login)

    @classmethod
    def at_code(cls, login: str) -> "Attempt":
        """An attempt at the code that follows a right password."""
        return cls._from_outside(CODE, login)

    @classmethod
    def at_change(cls, login: str) -> "Attempt":
        """An attempt of who has signed in to give the password or a code again."""
        return cls(PASSWORD, login, [(PASSWORD.by_subject(), _digest(login))], [])

    @classmethod
    def _from_outside(cls, limit: Limit, login: str) -> "Attempt":
        device = _known_device(login)
        if device:
            return cls(limit, login, [(limit.by_device(), device)], [])
        return cls(
            limit,
            login,
            [(limit.by_subject(), _digest(login))],
            [(limit.by_address(), request.remote_addr or "")],
        )

    def seconds_to_wait(self) -> int:
        """Count the attempt; 0 when it may go on, else how long to wait for the next one."""
        # Counted before the password is looked at: many attempts at once do not slip through.
        return counts().take(self.limit, [*self.own, *self.address])

    def is_first_refusal(self) -> bool:
        """Whether this is the first attempt held off for now: each but the first goes untold."""
        item = RateLimitItemPerMinute(1, self.limit.minutes, f"{self.limit.name}-told")
        return counts().take(self.limit, [(item, subject) for _, subject in self.own]) == 0

    def forget(self) -> None:
        """Forget what the owner mistyped."""
        counts().give_back(self.own)

    def succeeded(self, response: Response) -> None:
        """Forget what the owner mistyped, and know this browser from now on."""
        self.forget()
        response.set_cookie(
            _cookie_name(self.login),
            _signer().dumps([self.login, secrets.token_urlsafe(12)]),
            max_age=DEVICE_DAYS * 24 * 3600,
            path="/login",
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )


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
