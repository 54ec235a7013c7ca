"""Accounts of staff are made, given another password and closed by the operator."""

import re
import secrets
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from feedback.domain.errors import Invalid, NotFound
from feedback.domain.permissions import UNIT_ROLES
from feedback.domain.states import Role
from feedback.domain.text import normalise
from feedback.operations.city import City
from feedback.operations.passwords import check_password_rule, hash_password
from feedback.operations.transaction import transaction
from feedback.storage.models import Account, Unit
from feedback.storage.queries import accounts

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
MAX_NAME = 120

log = structlog.get_logger()


def create_account(
    login: str,
    password: str,
    *,
    name: str,
    role: Role,
    unit_id: int | None,
    city: City,
    now: datetime,
) -> int:
    """Make an account and return its id; handlers and heads belong to a unit, the others to none.

    Raises Invalid naming each of `login`, `password`, `name` and `unit_id` that cannot be.
    """
    login, name = accounts.spelling(login), normalise(name)
    if not LOGIN.fullmatch(login):
        raise Invalid({"login": "not_a_login"})
    if not name or len(name) > MAX_NAME:
        raise Invalid({"name": "too_long" if name else "required"})
    if (unit_id is not None) != (role in UNIT_ROLES):
        raise Invalid({"unit_id": "required" if role in UNIT_ROLES else "role_has_no_unit"})
    check_password_rule(password, login, city.names)
    password_hash = hash_password(password)  # slow on purpose, so before the transaction
    with transaction(city) as session:
        if accounts.by_login(session, login) is not None:
            raise Invalid({"login": "login_taken"})
        if unit_id is not None and session.get(Unit, unit_id) is None:
            raise Invalid({"unit_id": "unknown_unit"})
        account = Account(
            login=login,
            name=name,
            password_hash=password_hash,
            role=role,
            unit_id=unit_id,
            active=True,
            session_key=new_session_key(),
            created_at=now,
        )
        session.add(account)
        session.flush()
        log.info("account_created", account_id=account.id, role=role.value, unit_id=unit_id)
        return account.id


def set_password(login: str, password: str, *, city: City) -> None:
    """Give an account another password and end its sessions. Raises NotFound, Invalid."""
    login = accounts.spelling(login)
    check_password_rule(password, login, city.names)
    password_hash = hash_password(password)
    with transaction(city) as session:
        account = _find(session, login)
        account.password_hash = password_hash
        account.session_key = new_session_key()
        log.info("password_changed", account_id=account.id)


def disable_account(login: str, *, city: City) -> None:
    """Close an account and end its sessions; its history stays. Raises NotFound."""
    with transaction(city) as session:
        account = _find(session, accounts.spelling(login))
        account.active = False
        account.session_key = new_session_key()
        log.info("account_disabled", account_id=account.id)


def new_session_key() -> str:
    """A new key; sessions made with the old one end."""
    return secrets.token_urlsafe(24)


def _find(session: Session, login: str) -> Account:
    account = accounts.by_login(session, login)
    if account is None:
        raise NotFound("account_not_found")
    return account
