"""The signed-in member of staff, as the plain actor that operations take.

The cookie carries a random key; what it opens is looked up, and its times kept, on the server. A
session from another address or browser is not carried on.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request, session
from flask_login import UserMixin, current_user, login_user, logout_user

from feedback.domain.actors import Actor
from feedback.domain.sign_ins import SECOND_FACTOR_ROLES, SEEN_EVERY, Origin, is_over
from feedback.domain.states import ActorKind, Role
from feedback.extensions import db, login_manager
from feedback.operations.staff_sessions import keep_alive, key_hash
from feedback.storage.models import StaffSession
from feedback.storage.queries import sign_ins
from feedback.web import context

# What outlives a change of the person: it names a browser, nobody's rights.
DEVICE = "device"

login_manager.session_protection = "strong"


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """What a page may know of who is signed in; read once a request, detached from the store."""

    account_id: int
    session_id: int
    session_key: str
    login: str
    name: str
    role: Role
    unit_id: int | None
    unit_name: str
    must_replace_password: bool

    def get_id(self) -> str:
        """The cookie names the session, which names the account."""
        return self.session_key


def register(app: Flask) -> None:
    """Keep the sessions that are used alive."""
    app.after_request(_keep_alive)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(key: str) -> SignedIn | None:
    """Whose session this is, if it goes on and its account may be used."""
    found = sign_ins.open_session(db.session(), key_hash(key))
    signed_in = _person(found, key) if found is not None and _goes_on(found) else None
    # The read ends here, so that an operation can open the one transaction of the request.
    db.session.rollback()
    return signed_in


def begin(key: str) -> None:
    """Sign somebody in, in a cookie that has nothing of the one before (no fixation)."""
    forget()
    login_user(load(key))


def end() -> None:
    """Forget who is signed in; the session itself is ended by its operation."""
    logout_user()
    forget()


def forget() -> None:
    """Empty the cookie but for what names this browser."""
    device = session.get(DEVICE)
    session.clear()
    if device:
        session[DEVICE] = device


def origin() -> Origin:
    """Where the request comes from, as far as it is kept."""
    return Origin.of(request.remote_addr or "", request.headers.get("User-Agent", ""))


def signed_in() -> SignedIn | None:
    """Who is signed in, if anybody."""
    user: Any = current_user
    return user._get_current_object() if user.is_authenticated else None


def current_actor() -> Actor | None:
    """The signed-in member of staff as an actor."""
    if "actor" not in g:
        user = signed_in()
        g.actor = user and Actor(ActorKind.STAFF, user.account_id, user.role, user.unit_id)
    actor: Actor | None = g.actor
    return actor


def _goes_on(found: StaffSession) -> bool:
    now = context.now()
    if is_over(found.created_at, found.last_seen_at, now):
        return False
    needs_more = found.account.role in SECOND_FACTOR_ROLES and not found.with_second_factor
    if needs_more and context.settings().second_factor_required:
        return False
    if now - found.last_seen_at >= SEEN_EVERY:
        g.session_in_use = found.id  # written when the answer is made: a page only reads
    return True


def _person(found: StaffSession, key: str) -> SignedIn:
    account = found.account
    return SignedIn(
        account_id=account.id,
        session_id=found.id,
        session_key=key,
        login=account.login,
        name=account.name,
        role=account.role,
        unit_id=account.unit_id,
        unit_name=account.unit.name if account.unit else "",
        must_replace_password=account.password_given,
    )


def _keep_alive(response: Response) -> Response:
    session_id = g.pop("session_in_use", None)
    if session_id is not None:
        keep_alive(session_id, city=context.city(), now=context.now())
    return response
