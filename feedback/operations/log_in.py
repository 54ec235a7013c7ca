"""Staff sign in and out."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from feedback.domain.errors import NotAllowed
from feedback.operations.city import City
from feedback.operations.create_account import new_session_key
from feedback.operations.passwords import hash_password, is_outdated, is_password
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account
from feedback.storage.queries import accounts

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Session:
    """Who has signed in, and the key that their sessions must carry."""

    account_id: int
    key: str


def sign_in(login: str, password: str, *, city: City, now: datetime) -> Session:
    """Check a login and its password; an old hash is replaced by one with today's parameters.

    A wrong password, an unknown login and a closed account take the same time and raise the same
    NotAllowed("wrong_login").
    """
    with reading() as session:
        account = accounts.by_login(session, login)
        known = (account.id, account.password_hash) if account and account.active else None
    # Hashing is slow on purpose: no transaction stays open for it.
    if not is_password(password, known[1] if known else None) or known is None:
        log.warning("sign_in_refused", account_id=known[0] if known else None)
        raise NotAllowed("wrong_login")
    account_id, password_hash = known
    better_hash = hash_password(password) if is_outdated(password_hash) else password_hash
    with transaction(city) as session:
        account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
        if not account.active or account.password_hash != password_hash:
            raise NotAllowed("wrong_login")  # changed while we were checking
        account.password_hash = better_hash
        account.last_login_at = now
        log.info("signed_in", account_id=account_id)
        return Session(account_id, account.session_key)


def sign_out(account_id: int, *, city: City) -> None:
    """End every session of an account: a copied cookie is worth nothing afterwards."""
    with transaction(city) as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        account.session_key = new_session_key()
        log.info("signed_out", account_id=account_id)
