"""An administrator changes an account: what it may do, whether it may sign in, its password."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from feedback.domain.actors import SYSTEM, Actor
from feedback.domain.errors import Conflict, Invalid, NotFound
from feedback.domain.permissions import require_administrator
from feedback.domain.reference_changes import ChangeAction, ReferenceKind
from feedback.domain.states import Role
from feedback.operations.city import City
from feedback.operations.create_account import (
    MAX_NAME,
    account_facts,
    check_unit_of_role,
    new_session_key,
    record_account,
)
from feedback.operations.given_passwords import give_password
from feedback.operations.passwords import check_password_rule, hash_password
from feedback.operations.reference_changes import expect_seen
from feedback.operations.reference_fields import Fields
from feedback.operations.save_unit import UNITS
from feedback.operations.transaction import reading, transaction
from feedback.storage.models import Account, Unit
from feedback.storage.queries import accounts, units
from feedback.storage.types import can_be_key

# Without the signs that people read as one another.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """What a form says of an account."""

    name: str
    email: str
    role: Role | None
    unit_id: int | None


def change_account(
    account_id: int,
    draft: AccountDraft,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Change an account's name, e-mail address, role or unit; `seen` as in `expect_seen`.

    Whoever leads a unit no more stops being its named head. Raises NotAllowed, NotFound, Conflict,
    and Invalid naming each field that cannot be.
    """
    require_administrator(actor)
    fields = Fields()
    name = fields.line("name", draft.name, MAX_NAME)
    email = fields.email("email", draft.email)
    role = fields.needed("role", draft.role)
    check_unit_of_role(fields, role, draft.unit_id)
    fields.raise_all()
    with transaction(city) as session:
        account = _locked(session, account_id)
        expect_seen(session, ReferenceKind.ACCOUNT, account_id, seen)
        if draft.unit_id is not None and session.get(Unit, draft.unit_id) is None:
            raise Invalid({"unit_id": "unknown_unit"})
        if account.active and role is not Role.ADMINISTRATOR:
            _keep_an_administrator(session, account, "role")
        before = account_facts(session, account)
        account.name, account.email, account.unit_id = name, email or None, draft.unit_id
        account.role = role or account.role
        record_account(session, account, before, ChangeAction.CHANGED, by=actor, now=now, note=note)
        _leave_headships(session, account, actor, now)


def set_active(
    account_id: int,
    active: bool,
    *,
    seen: int | None,
    actor: Actor,
    city: City,
    now: datetime,
    note: str = "",
) -> None:
    """Let an account sign in, or stop it and end its sessions; its history stays.

    Raises NotAllowed, NotFound, Conflict: also for one's own account and the last administrator.
    """
    require_administrator(actor)
    with transaction(city) as session:
        account = _locked(session, account_id)
        expect_seen(session, ReferenceKind.ACCOUNT, account_id, seen)
        if account.active is active:
            return
        if account.id == actor.account_id:
            raise Conflict("not_yourself")
        before = account_facts(session, account)
        if not active:
            _keep_an_administrator(session, account, "form")
            account.session_key = new_session_key()
        account.active = active
        action = ChangeAction.ENABLED if active else ChangeAction.DISABLED
        record_account(session, account, before, action, by=actor, now=now, note=note)
        _leave_headships(session, account, actor, now)
        log.info("account_enabled" if active else "account_disabled", account_id=account.id)


def set_one_time_password(
    account_id: int, *, actor: Actor, city: City, now: datetime, note: str = ""
) -> str:
    """Give an account a password made by chance, end its sessions, and return it, this once.

    Its owner has to replace it before anything else. Raises NotAllowed, NotFound.
    """
    require_administrator(actor)
    password = one_time_password()
    with reading() as session:
        login = _known(session.get(Account, account_id) if can_be_key(account_id) else None).login
    check_password_rule(password, login, city.names)
    password_hash = hash_password(password)  # slow on purpose, so before the transaction
    with transaction(city) as session:
        account = _locked(session, account_id)
        give_password(
            session,
            account,
            password_hash,
            one_time=True,
            by=actor,
            city=city,
            now=now,
            note=note,
        )
    return password


def set_password(
    login: str, password: str, *, one_time: bool = False, city: City, now: datetime
) -> None:
    """Give an account another password, for the operator, and end its sessions.

    Raises NotFound, Invalid.
    """
    login = accounts.spelling(login)
    check_password_rule(password, login, city.names)
    password_hash = hash_password(password)
    with transaction(city) as session:
        account = _known(accounts.by_login(session, login))
        give_password(
            session, account, password_hash, one_time=one_time, by=SYSTEM, city=city, now=now
        )


def one_time_password() -> str:
    """A password nobody can guess and everybody can type: four groups of four signs."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def _locked(session: Session, account_id: int) -> Account:
    return _known(session.get(Account, account_id, with_for_update=True, populate_existing=True))


def _known(account: Account | None) -> Account:
    if account is None:
        raise NotFound("account_not_found")
    return account


def _keep_an_administrator(session: Session, account: Account, field: str) -> None:
    """Refuse to take the last administrator away: nobody could make another one here."""
    if account.role is not Role.ADMINISTRATOR:
        return
    if not accounts.other_administrators(session, account.id):
        raise Invalid({field: "last_administrator"})


def _leave_headships(session: Session, account: Account, actor: Actor, now: datetime) -> None:
    """Take an account off the units it is named the head of and does not lead."""
    for unit in units.headed_by(session, account.id):
        if account.active and account.role is Role.HEAD and account.unit_id == unit.id:
            continue
        with UNITS.changing(session, unit, by=actor, now=now):
            unit.head_account_id = None
