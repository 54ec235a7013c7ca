"""How often one browser, and all browsers behind one address, may do what costs or can be abused.

A town hall, a school or a whole mobile network may stand behind one address, so an address gets
room for hundreds of honest people, and each browser (a random number in its signed cookie) a small
share of it. Who brings no cookie counts together with everybody else at the address who brings
none. A browser that is held off uses up nothing of its address's room.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, replace
from enum import Enum
from threading import Lock

import structlog
from flask import Flask, Response, current_app, request, session
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from feedback.web.caching import SHARED
from feedback.web.context import settings
from feedback.web.sessions import DEVICE
from feedback.wording import _, ngettext

REDIS_SECONDS = 0.5
SILENCE_SECONDS = 2.0

log = structlog.get_logger()


class WithoutRedis(Enum):
    """What happens while nobody can count for all processes."""

    GO_ON = "a report must never be lost for want of a counter"
    COUNT_HERE = "each process counts for itself, so that the city's staff can work"
    REFUSE = "guessing must not become free"


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be done within `minutes`: by one browser, by all behind one address,
    and about one subject (an account, a report's code) where that can be guessed at."""

    name: str
    minutes: int
    device: int
    address: int
    without_redis: WithoutRedis
    subject: int | None = None

    def by_device(self) -> RateLimitItem:
        """The count of one browser."""
        return self._item(self.device, "device")

    def by_address(self) -> RateLimitItem:
        """The count of one address."""
        return self._item(self.address, "address")

    def by_subject(self) -> RateLimitItem:
        """The count of one subject."""
        return self._item(self.subject or 0, "subject")

    def _item(self, amount: int, what: str) -> RateLimitItem:
        return RateLimitItemPerMinute(amount, self.minutes, f"{self.name}-{what}")


GO_ON, COUNT_HERE, REFUSE = WithoutRedis
SUBMIT = Limit("submit", 10, device=20, address=1_000, without_redis=GO_ON)
UPLOAD = Limit("upload", 10, device=60, address=6_000, without_redis=GO_ON)
RATE = Limit("rate", 10, device=20, address=1_000, without_redis=GO_ON)
# A child at a kiosk presses for fun: that is kept and flagged, and only a program is this fast.
COUNTER_RATING = Limit("counter-rating", 10, device=600, address=2_000, without_redis=GO_ON)
# A tablet may go from hand to hand.
SURVEY = Limit("survey", 10, device=60, address=2_000, without_redis=GO_ON)
FOLLOW = Limit("follow", 10, device=30, address=1_000, without_redis=GO_ON)
# Each may send a letter to whoever's address was typed.
NEWS = Limit("news", 60, device=10, address=300, subject=5, without_redis=REFUSE)
LOOK_UP = Limit("look-up", 15, device=10, address=300, subject=30, without_redis=REFUSE)
SIGN_IN = Limit("sign-in", 15, device=10, address=200, subject=10, without_redis=COUNT_HERE)
CODE = Limit("sign-in-code", 15, device=10, address=200, subject=10, without_redis=COUNT_HERE)
PASSWORD = Limit("new-password", 15, device=10, address=200, subject=10, without_redis=COUNT_HERE)
# Forms that are held off before their view sees them, each with the field that names a subject.
# A form that comes back filled asks by itself.
OF_ENDPOINT = {
    "citizen.upload_photo": (UPLOAD, ""),
    "citizen.send_counter_rating": (COUNTER_RATING, ""),
    "citizen.send_counter_thanks": (RATE, ""),
    "citizen.send_survey": (SURVEY, ""),
    "citizen.send_look_up": (LOOK_UP, "code"),
    "public.follow": (FOLLOW, ""),
    "public.ask_news": (NEWS, "email"),
}
LIMITS = (
    *(SUBMIT, UPLOAD, RATE, COUNTER_RATING, SURVEY, FOLLOW, NEWS),
    *(LOOK_UP, SIGN_IN, CODE, PASSWORD),
)


class Counts:
    """The counts of one installation: in Redis, or in this process where a limit allows that."""

    def __init__(self, address: str) -> None:
        storage = storage_from_string(
            address, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
        self._shared = FixedWindowRateLimiter(storage)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._silent_until = 0.0
        self._lock = Lock()

    def take(self, limit: Limit, pairs: list[tuple[RateLimitItem, str]]) -> int:
        """Count one try against each pair in turn; 0 when it may go on, else seconds to wait.

        Raises ServiceUnavailable when nobody can count and the limit says to refuse then.
        """
        try:
            return self._take(self._redis(), pairs)
        except RedisError:
            self._note_silence()
        if limit.without_redis is REFUSE:
            # Said while a request is answered, so in its reader's language.
            raise ServiceUnavailable(_("This cannot be done safely just now."), retry_after=30)
        return self._take(self._own, pairs) if limit.without_redis is COUNT_HERE else 0

    def give_back(self, pairs: list[tuple[RateLimitItem, str]]) -> None:
        """Forget the tries counted against each pair."""
        for item, subject in pairs:
            self._own.clear(item, subject)
            try:
                self._redis().clear(item, subject)
            except RedisError:
                self._note_silence()

    def _redis(self) -> FixedWindowRateLimiter:
        """The shared counts; RedisError at once while they have just failed to answer."""
        if time.monotonic() < self._silent_until:
            raise RedisError("has just not answered")
        return self._shared

    def _note_silence(self) -> None:
        with self._lock:
            if time.monotonic() >= self._silent_until:
                log.warning("limits_without_redis")
                self._silent_until = time.monotonic() + SILENCE_SECONDS

    @staticmethod
    def _take(limiter: FixedWindowRateLimiter, pairs: list[tuple[RateLimitItem, str]]) -> int:
        for item, subject in pairs:
            if not limiter.hit(item, subject):
                ends = limiter.get_window_stats(item, subject).reset_time
                return max(1, int(ends - time.time()))
        return 0


def register(app: Flask) -> None:
    """Give the application its counts, each browser with a cookie its number, and hold off."""
    app.extensions["counts"] = Counts(app.config["RATELIMIT_STORAGE_URI"])
    app.before_request(_hold_off_forms)
    app.after_request(_number_browser)


def counts() -> Counts:
    """The counts of this installation."""
    found: Counts = current_app.extensions["counts"]
    return found


def seconds_to_wait(limit: Limit, subject: str = "") -> int:
    """Count this request against a limit; 0 when it may go on, else how long to wait.

    `subject` is what might be guessed at, where the limit has a count for it. Raises
    ServiceUnavailable when nobody can count and the limit says to refuse then.
    """
    limit = _as_wide_as_set(limit)
    address = request.remote_addr or ""
    device = session.get(DEVICE) or f"none at {address}"
    pairs = [(limit.by_device(), str(device)), (limit.by_address(), address)]
    if limit.subject is not None and subject:
        pairs.insert(1, (limit.by_subject(), subject))
    return counts().take(limit, pairs)


def _as_wide_as_set(limit: Limit) -> Limit:
    """The limit as the operator wants it; what keeps guessing dear is not the operator's choice."""
    percent = settings().limits_percent
    if percent == 100 or limit.without_redis is not GO_ON:
        return limit
    device, address = (max(1, room * percent // 100) for room in (limit.device, limit.address))
    return replace(limit, device=device, address=address)


def hold_off(limit: Limit, subject: str = "") -> None:
    """Count this request against a limit. Raises TooManyRequests when it may not go on.

    The page that answers then carries what was typed, to be sent again.
    """
    seconds = seconds_to_wait(limit, subject)
    if seconds:
        raise TooManyRequests(too_often(seconds), retry_after=seconds)


def _hold_off_forms() -> None:
    limit, field = OF_ENDPOINT.get(request.endpoint or "", (None, ""))
    if limit is not None and request.method == "POST":
        hold_off(limit, _mark_of(request.form.get(field, "")) if field else "")


def _mark_of(subject: str) -> str:
    """What may be guessed at, in any spelling, as a mark that tells nobody what was typed."""
    spelling = "".join(filter(str.isalnum, subject)).casefold()
    if not spelling:
        return ""
    key = settings().secret_key.encode()
    return hmac.new(key, spelling.encode(), hashlib.sha256).hexdigest()[:32]


def too_often(seconds: int) -> str:
    """What to tell somebody who has to wait so long, in whole minutes."""
    return ngettext(
        "Too many tries. Wait %(num)s minute, then try again.",
        "Too many tries. Wait %(num)s minutes, then try again.",
        -(-seconds // 60),
    )


def _number_browser(response: Response) -> Response:
    """A browser that keeps a cookie anyway, because a page has a form, gets its number in it."""
    if request.endpoint not in SHARED and session and DEVICE not in session:
        session[DEVICE] = secrets.token_urlsafe(9)
    return response
