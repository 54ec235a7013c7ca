"""Staff sign in: the password first, and a code where the account has a second factor."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedback.domain.errors import NotAllowed
from feedback.domain.sign_ins import SECOND_FACTOR_ROLES, Origin, SignInKind
from feedback.operations.city import City
from feedback.operations.passwords import hash_password, is_outdated, is_password
from feedback.operations.sign_in_record import note_refusal
from feedback.operations.staff_sessions import begin_session
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account
from feedback.storage.queries import accounts, sign_ins


class Needs(StrEnum):
    """What stands between a right password and a session."""

    NOTHING = "nothing"
    CODE = "code"
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class Entrance:
    """Whose password was right. `key` is the session's, or "" while something else is needed.

    `account_key` ties what is left to do to the password that was checked.
    """

    account_id: int
    account_key: str
    needs: Needs
    key: str = ""


def sign_in(
    login: str,
    password: str,
    *,
    second_factor_required: bool,
    origin: Origin,
    city: City,
    now: datetime,
) -> Entrance:
    """Check a login and its password; an old hash is replaced by one with today's parameters.

    A wrong password, an unknown login and a closed account take the same time and raise the same
    NotAllowed("wrong_login").
    """
    with reading() as session:
        account = accounts.by_login(session, login)
        found = account.id if account else None
        known = (account.id, account.password_hash) if account and account.active else None
    # Hashing is slow on purpose: no transaction stays open for it.
    if not is_password(password, known[1] if known else None) or known is None:
        kind = SignInKind.UNKNOWN_LOGIN if found is None else SignInKind.WRONG_PASSWORD
        note_refusal(kind, found, origin, city=city, now=now)
        raise NotAllowed("wrong_login")
    account_id, password_hash = known
    better_hash = hash_password(password) if is_outdated(password_hash) else password_hash
    with transaction(city) as session:
        account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
        if not account.active or account.password_hash != password_hash:
            raise NotAllowed("wrong_login")  # changed while we were checking
        account.password_hash = better_hash
        if sign_ins.has_second_factor(session, account_id):
            return Entrance(account_id, account.session_key, Needs.CODE)
        if second_factor_required and account.role in SECOND_FACTOR_ROLES:
            return Entrance(account_id, account.session_key, Needs.ENROLMENT)
        key = begin_session(
            session, account, SignInKind.SIGNED_IN, origin, now, with_second_factor=False
        )
        return Entrance(account_id, account.session_key, Needs.NOTHING, key)
