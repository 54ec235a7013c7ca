"""The second factor of an account: set up, asked for, given up, and reset when a phone is lost."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from feedback.domain.notices import NoticeKind
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction
from feedback.domain.sign_ins import Origin, SignInKind
from feedback.operations.city import City
from feedback.operations.create_account import new_session_key, record_account
from feedback.operations.given_passwords import tell_owner
from feedback.operations.passwords import hash_code, is_password
from feedback.operations.sign_in_record import note, note_refusal
from feedback.operations.staff_sessions import begin_session
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, RecoveryCode, SecondFactor, StaffSession
from feedback.storage.queries import accounts, sign_ins

STEP_SECONDS = 30
DRIFT = 1  # steps a phone's clock may be off, either way
CODE_LENGTH = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 12
PURPOSE = "totp"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody's app is told: as an address for a QR code, and as a key to type."""

    address: str
    key: str


def begin_enrolment(account_id: int, *, city: City, now: datetime) -> None:
    """Make a new secret, which counts once a code of it was given.

    Raises Conflict when the account has a second factor already.
    """
    with transaction(city) as session:
        found = sign_ins.second_factor(session, account_id)
        if found is not None and found.confirmed_at is not None:
            raise Conflict("second_factor_is_set")
        sealed = city.seal.seal(pyotp.random_base32(), PURPOSE)
        if found is None:
            session.add(SecondFactor(account_id=account_id, sealed_secret=sealed, created_at=now))
        else:
            found.sealed_secret, found.created_at, found.last_step = sealed, now, 0


def enrolment(account_id: int, issuer: str, *, city: City) -> Enrolment:
    """What to show while the second factor is being set up.

    Raises NotFound when nothing was begun, or when it is set: a secret in use is shown to nobody.
    """
    with reading() as session:
        found = session.get(SecondFactor, account_id)
        if found is None or found.confirmed_at is not None:
            raise NotFound("no_enrolment")
        login = session.get_one(Account, account_id).login
        secret = city.seal.open(found.sealed_secret, PURPOSE)
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)
    return Enrolment(address, secret)


def confirm_enrolment(
    code: str, *, account_id: int, session_id: int, origin: Origin, city: City, now: datetime
) -> Sequence[str]:
    """Set the second factor of who has signed in; returns the recovery codes, to be shown once.

    Raises Invalid naming `code` when that is not the app's, NotFound when nothing was begun.
    """
    codes, hashes = _new_recovery_codes()
    with transaction(city) as session:
        _confirm(session, account_id, code, hashes, city=city, now=now)
        own = session.get(StaffSession, session_id)
        if own is not None:
            own.with_second_factor = True
        note(session, SignInKind.SECOND_FACTOR_SET, account_id, origin, now)
    return codes


def enrol_and_sign_in(
    code: str, *, account_id: int, account_key: str, origin: Origin, city: City, now: datetime
) -> tuple[str, Sequence[str]]:
    """Set the second factor of somebody who may not sign in without; returns the session's key
    and the recovery codes, to be shown once.

    Raises Invalid naming `code`, NotFound, and NotAllowed("sign_in_again") when the account changed
    since its password was checked.
    """
    codes, hashes = _new_recovery_codes()
    with transaction(city) as session:
        account = _unchanged(session, account_id, account_key)
        _confirm(session, account_id, code, hashes, city=city, now=now)
        note(session, SignInKind.SECOND_FACTOR_SET, account_id, origin, now)
        kind = SignInKind.SIGNED_IN
        key = begin_session(session, account, kind, origin, now, with_second_factor=True)
    return key, codes


def sign_in_with_code(
    code: str, *, account_id: int, account_key: str, origin: Origin, city: City, now: datetime
) -> str:
    """Finish a sign-in with the app's code or with a recovery code; returns the session's key.

    Raises Invalid naming `code`, and NotAllowed("sign_in_again") when the account changed since its
    password was checked.
    """
    digits = _digits(code)
    recovery = _matching_recovery_code(account_id, digits)
    with transaction(city) as session:
        account = _unchanged(session, account_id, account_key)
        kind = SignInKind.SIGNED_IN
        if recovery is not None:
            _use_up(session, account_id, recovery, now)
            kind = SignInKind.SIGNED_IN_WITH_RECOVERY_CODE
            right = True
        else:
            right = _is_right(session, account_id, digits, city, now)
        if right:
            return begin_session(session, account, kind, origin, now, with_second_factor=True)
    note_refusal(SignInKind.WRONG_CODE, account_id, origin, city=city, now=now)
    raise Invalid({"code": "wrong_code"})


def renew_recovery_codes(
    code: str, *, account_id: int, origin: Origin, city: City, now: datetime
) -> Sequence[str]:
    """Replace the recovery codes by new ones, to be shown once. Raises Invalid naming `code`."""
    codes, hashes = _new_recovery_codes()
    with transaction(city) as session:
        right = _is_right(session, account_id, _digits(code), city, now)
        if right:
            _write_recovery_codes(session, account_id, hashes)
            note(session, SignInKind.RECOVERY_CODES_MADE, account_id, origin, now)
    if not right:
        note_refusal(SignInKind.WRONG_CODE, account_id, origin, city=city, now=now)
        raise Invalid({"code": "wrong_code"})
    return codes


def remove_second_factor(
    code: str, *, account_id: int, origin: Origin, city: City, now: datetime
) -> None:
    """Give up one's second factor. Raises Invalid naming `code` when that is not the app's."""
    with transaction(city) as session:
        right = _is_right(session, account_id, _digits(code), city, now)
        if right:
            _remove(session, account_id)
            note(session, SignInKind.SECOND_FACTOR_REMOVED, account_id, origin, now)
    if not right:
        note_refusal(SignInKind.WRONG_CODE, account_id, origin, city=city, now=now)
        raise Invalid({"code": "wrong_code"})


def reset_second_factor(
    login: str, *, by: Actor = SYSTEM, origin: Origin, city: City, now: datetime
) -> None:
    """Take away the second factor of somebody who lost it, and end the account's sessions.

    For an administrator or the operator, who must know by another way who is asking. Who did it
    stands in the history of the account, and its owner is told. Raises NotAllowed, and NotFound
    when there is no such account.
    """
    require_administrator(by)
    with transaction(city) as session:
        account = accounts.by_login(session, login)
        if account is None:
            raise NotFound("account_not_found")
        _remove(session, account.id)
        account.session_key = new_session_key()
        note(session, SignInKind.SECOND_FACTOR_RESET, account.id, origin, now)
        record_account(session, account, None, ChangeAction.SECOND_FACTOR_RESET, by=by, now=now)
        tell_owner(session, account, NoticeKind.SECOND_FACTOR_RESET, city, now)


def _unchanged(session: Session, account_id: int, account_key: str) -> Account:
    account = session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    if not account.active or not compare_digest(account.session_key, account_key):
        raise NotAllowed("sign_in_again")
    return account


def _confirm(
    session: Session,
    account_id: int,
    code: str,
    hashes: Sequence[str],
    *,
    city: City,
    now: datetime,
) -> None:
    found = sign_ins.second_factor(session, account_id)
    if found is None or found.confirmed_at is not None:
        raise NotFound("no_enrolment")
    if not _takes(found, _digits(code), city, now):
        raise Invalid({"code": "wrong_code"})
    found.confirmed_at = now
    _write_recovery_codes(session, account_id, hashes)


def _is_right(session: Session, account_id: int, digits: str, city: City, now: datetime) -> bool:
    found = sign_ins.second_factor(session, account_id)
    if found is None or found.confirmed_at is None:
        return False
    return _takes(found, digits, city, now)


def _takes(found: SecondFactor, digits: str, city: City, now: datetime) -> bool:
    """Whether the digits are a code of about now that was not given before; uses it up."""
    if len(digits) != CODE_LENGTH:
        return False
    totp = pyotp.TOTP(city.seal.open(found.sealed_secret, PURPOSE))
    this = int(now.timestamp()) // STEP_SECONDS
    for step in range(max(this - DRIFT, found.last_step + 1), this + DRIFT + 1):
        if compare_digest(totp.at(step * STEP_SECONDS), digits):
            found.last_step = step
            return True
    return False


def _remove(session: Session, account_id: int) -> None:
    found = sign_ins.second_factor(session, account_id)
    if found is not None:
        session.delete(found)
    sign_ins.remove_recovery_codes(session, account_id)


def _new_recovery_codes() -> tuple[Sequence[str], Sequence[str]]:
    """Codes as people write them down, and their hashes: slow on purpose, so outside of any
    transaction. The first digit is the code's number."""
    digits = [
        str(number) + "".join(secrets.choice("0123456789") for _ in range(RECOVERY_LENGTH - 1))
        for number in range(RECOVERY_CODES)
    ]
    shown = [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in digits]
    return shown, [hash_code(code) for code in digits]


def _write_recovery_codes(session: Session, account_id: int, hashes: Sequence[str]) -> None:
    sign_ins.remove_recovery_codes(session, account_id)
    for number, code_hash in enumerate(hashes):
        session.add(RecoveryCode(account_id=account_id, number=number, code_hash=code_hash))


def _matching_recovery_code(account_id: int, digits: str) -> tuple[int, str] | None:
    """The recovery code these digits are, if it has not been used: its number and hash."""
    if len(digits) != RECOVERY_LENGTH:
        return None
    with reading() as session:
        found = session.get(RecoveryCode, (account_id, int(digits[0])))
        kept = (found.number, found.code_hash) if found and found.used_at is None else None
    return kept if kept and is_password(digits, kept[1]) else None


def _use_up(session: Session, account_id: int, code: tuple[int, str], now: datetime) -> None:
    number, code_hash = code
    found = session.get(
        RecoveryCode, (account_id, number), with_for_update=True, populate_existing=True
    )
    if found is None or found.used_at is not None or found.code_hash != code_hash:
        raise Invalid({"code": "wrong_code"})  # used while we were checking
    found.used_at = now


def _digits(code: str) -> str:
    """A code as its owner typed it, without the blanks and hyphens between its groups."""
    kept = "".join(sign for sign in code if sign not in " -\t\u00a0")
    return kept if kept.isascii() and kept.isdigit() else ""
