"""Accounts of staff are made, and closed by the operator."""

import re
import secrets
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.errors import Invalid, NotFound
from feedback.domain.permissions import UNIT_ROLES, require_administrator
from feedback.domain.reference_changes import ChangeAction, Facts, ReferenceKind
from feedback.domain.states import Role
from feedback.operations.city import City
from feedback.operations.passwords import check_password_rule, hash_password
from feedback.operations.reference_changes import record_change
from feedback.operations.reference_fields import Fields
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
    role: Role | None,
    unit_id: int | None,
    city: City,
    now: datetime,
    email: str = "",
    one_time: bool = False,
    by: Actor = SYSTEM,
    note: str = "",
) -> int:
    """Make an account and return its id; handlers and heads belong to a unit, the others to none.

    A `one_time` password opens only the page on which its owner replaces it.

    Raises NotAllowed, and Invalid naming each of `login`, `password`, `name`, `email` and `unit_id`
    that cannot be.
    """
    require_administrator(by)
    fields = Fields()
    login, name = accounts.spelling(login), fields.line("name", name, MAX_NAME)
    email = fields.email("email", email)
    if not LOGIN.fullmatch(login):
        fields.refuse("login", "not_a_login" if login else "required")
    role = fields.needed("role", role)
    check_unit_of_role(fields, role, unit_id)
    fields.raise_all()
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
            email=email or None,
            password_hash=password_hash,
            password_given=one_time,
            role=role,
            unit_id=unit_id,
            active=True,
            session_key=new_session_key(),
            created_at=now,
        )
        session.add(account)
        session.flush()
        record_account(session, account, {}, ChangeAction.CREATED, by=by, now=now, note=note)
        log.info("account_created", account_id=account.id, role=account.role.value, unit_id=unit_id)
        return account.id


def disable_account(login: str, *, city: City, now: datetime) -> None:
    """Close an account and end its sessions; its history stays. Raises NotFound."""
    with transaction(city) as session:
        account = _find(session, accounts.spelling(login))
        before = account_facts(session, account)
        account.active = False
        account.session_key = new_session_key()
        record_account(session, account, before, ChangeAction.DISABLED, by=SYSTEM, now=now)
        log.info("account_disabled", account_id=account.id)


def new_session_key() -> str:
    """A new key; sessions made with the old one end."""
    return secrets.token_urlsafe(24)


def check_unit_of_role(fields: Fields, role: Role | None, unit_id: int | None) -> None:
    """Handlers and heads belong to a unit, the others to none."""
    if role is not None and (unit_id is not None) != (role in UNIT_ROLES):
        fields.refuse("unit_id", "required" if role in UNIT_ROLES else "role_has_no_unit")


def account_facts(session: Session, account: Account) -> dict[str, Any]:
    """An account as its history tells it: nothing of its password."""
    unit = session.get(Unit, account.unit_id) if account.unit_id else None
    return {
        "login": account.login,
        "name": account.name,
        "email": account.email,
        "role": account.role.value,
        "unit": unit.name if unit else None,
        "active": account.active,
    }


def record_account(
    session: Session,
    account: Account,
    before: Facts | None,
    action: ChangeAction,
    *,
    by: Actor,
    now: datetime,
    note: str = "",
) -> None:
    """Write down a change of an account; `before` None when no field of it changed."""
    session.flush()
    after = account_facts(session, account)
    record_change(
        session,
        ReferenceKind.ACCOUNT,
        account.id,
        f"{account.name} ({account.login})",
        before=after if before is None else before,
        after=after,
        by=by,
        now=now,
        action=action,
        note=note,
    )


def _find(session: Session, login: str) -> Account:
    account = accounts.by_login(session, login)
    if account is None:
        raise NotFound("account_not_found")
    return account
