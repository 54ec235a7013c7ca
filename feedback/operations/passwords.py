"""Passwords of staff: argon2id with the library's parameters of today, which only get harder."""

from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from feedback.domain.errors import Invalid
from feedback.operations.common_passwords import is_common

MIN_PASSWORD = 12
MAX_PASSWORD = 1_000  # hashing must not become a way to keep the server busy

_hasher = PasswordHasher()
# What nobody chose needs less: OWASP's smallest setting, for ten codes made in one request.
_code_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def check_password_rule(password: str, login: str, names: Sequence[str] = ()) -> None:
    """Refuse a password that is too short, too long, the login itself, or among those that
    everybody tries first, here with the city's `names` (Invalid). Any sign may stand in it.
    """
    if len(password) < MIN_PASSWORD:
        raise Invalid({"password": "password_too_short"})
    if len(password) > MAX_PASSWORD:
        raise Invalid({"password": "too_long"})
    if password.strip().lower() == login:
        raise Invalid({"password": "password_is_login"})
    if is_common(password, (login, *names)):
        raise Invalid({"password": "password_is_common"})


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with its parameters and salt inside."""
    return _hasher.hash(password)


def hash_code(code: str) -> str:
    """The same of a code that was drawn at random."""
    return _code_hasher.hash(code)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one behind a hash.

    Without a hash (nobody has this login) a stand-in is verified, so that the answer takes as long
    and does not tell which logins exist.
    """
    if len(password) > MAX_PASSWORD:
        return False
    try:
        matches = _hasher.verify(password_hash or _stand_in(), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _stand_in() -> str:
    return _hasher.hash("nobody has this password")
