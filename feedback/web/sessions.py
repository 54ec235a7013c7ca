"""The signed-in member of staff, as the plain actor that operations take."""

import time
from dataclasses import dataclass
from typing import Any

from flask import g, session
from flask_login import UserMixin, current_user, login_user, logout_user

from feedback.domain.actors import Actor
from feedback.domain.states import ActorKind, Role
from feedback.extensions import db, login_manager
from feedback.storage.queries import accounts

# A working day and its overtime: a cookie copied from a machine is worth nothing tomorrow.
SESSION_SECONDS = 12 * 3600
BEGUN = "signed_in_at"

# A session that turns up from another address or browser is ended.
login_manager.session_protection = "strong"


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """What a page may know of who is signed in; read once a request, detached from the store."""

    account_id: int
    session_key: str
    login: str
    name: str
    role: Role
    unit_id: int | None
    unit_name: str

    def get_id(self) -> str:
        """The session names the account together with its key, so that a new key ends it."""
        return f"{self.account_id}:{self.session_key}"


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load(identity: str) -> SignedIn | None:
    """The account a session names, if it is active and the key is still its own."""
    account_id, _, key = identity.partition(":")
    if not account_id.isdigit() or _is_over():
        return None
    account = accounts.active(db.session(), int(account_id))
    signed_in = (
        SignedIn(
            account_id=account.id,
            session_key=account.session_key,
            login=account.login,
            name=account.name,
            role=account.role,
            unit_id=account.unit_id,
            unit_name=account.unit.name if account.unit else "",
        )
        if account is not None and account.session_key == key
        else None
    )
    # The read ends here, so that an operation can open the one transaction of the request.
    db.session.rollback()
    return signed_in


def begin(account_id: int, session_key: str) -> None:
    """Sign somebody in, in a session that has nothing of the one before (no fixation)."""
    session.clear()
    session[BEGUN] = int(time.time())
    login_user(load(f"{account_id}:{session_key}"))


def end() -> None:
    """Sign out and forget the session."""
    logout_user()
    session.clear()


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


def _is_over() -> bool:
    begun = session.get(BEGUN, 0)
    return not isinstance(begun, int) or time.time() - begun > SESSION_SECONDS
