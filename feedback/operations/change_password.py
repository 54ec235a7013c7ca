"""Somebody of the staff takes another password."""

from datetime import datetime

from feedback.domain.errors import Invalid
from feedback.domain.sign_ins import Origin, SignInKind
from feedback.operations.city import City
from feedback.operations.create_account import new_session_key
from feedback.operations.passwords import check_password_rule, hash_password, is_password
from feedback.operations.sign_in_record import note, note_refusal
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, StaffSession
from feedback.storage.queries import sign_ins


def change_password(
    current: str,
    new: str,
    *,
    account_id: int,
    session_id: int,
    origin: Origin,
    city: City,
    now: datetime,
) -> None:
    """Replace a password by another; every other session of the account ends.

    Raises Invalid naming `current_password` when that is not the one in force, or `password` when
    the new one cannot be.
    """
    with reading() as session:
        account = session.get_one(Account, account_id)
        login, in_force = account.login, account.password_hash
    if not is_password(current, in_force):
        note_refusal(SignInKind.WRONG_PASSWORD, account_id, origin, city=city, now=now)
        raise Invalid({"current_password": "wrong_password"})
    if new == current:
        raise Invalid({"password": "password_is_current"})
    check_password_rule(new, login, city.names)
    password_hash = hash_password(new)  # slow on purpose, so before the transaction
    with transaction(city) as session:
        account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
        if account.password_hash != in_force:
            raise Invalid({"current_password": "wrong_password"})
        account.password_hash = password_hash
        account.password_given = False
        account.session_key = new_session_key()
        sign_ins.remove_other_sessions(session, account_id, session_id)
        own = session.get(StaffSession, session_id)
        if own is not None:
            own.account_key = account.session_key
        note(session, SignInKind.PASSWORD_CHANGED, account_id, origin, now)
