"""Accounts of staff."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from feedback.domain.permissions import UNIT_ROLES
from feedback.domain.states import Role
from feedback.domain.text import fold
from feedback.storage.models import Account
from feedback.storage.types import can_be_key


def active(session: Session, account_id: int) -> Account | None:
    """An account that may be used, with its unit."""
    if not can_be_key(account_id):
        return None
    return session.scalar(
        select(Account)
        .where(Account.id == account_id, Account.active)
        .options(joinedload(Account.unit))
    )


def spelling(login: str) -> str:
    """The one spelling of a login, however its owner types it."""
    return login.strip().lower()


def by_login(session: Session, login: str) -> Account | None:
    """An account by what its owner types to sign in."""
    return session.scalar(select(Account).where(Account.login == spelling(login)))


def by_id(session: Session, account_id: int) -> Account | None:
    """An account, open or closed."""
    return session.get(Account, account_id) if can_be_key(account_id) else None


def other_administrators(session: Session, account_id: int) -> int:
    """How many administrators may sign in besides this account."""
    return session.scalars(
        select(func.count())
        .select_from(Account)
        .where(Account.role == Role.ADMINISTRATOR, Account.active, Account.id != account_id)
    ).one()


def listed(
    session: Session, *, words: str, role: Role | None, unit_id: int | None, active: bool
) -> Sequence[Account]:
    """The open accounts, or the closed ones, by name.

    `words` are looked for in names, logins and addresses, without regard to marks.
    """
    query = select(Account).where(Account.active.is_(active)).options(joinedload(Account.unit))
    if role is not None:
        query = query.where(Account.role == role)
    if unit_id is not None:
        query = query.where(Account.unit_id == unit_id)
    wanted = fold(words).split()
    return [
        account
        for account in session.scalars(query.order_by(Account.name, Account.id))
        if all(word in fold(f"{account.name} {account.login} {account.email}") for word in wanted)
    ]


def names(session: Session, account_ids: Iterable[int]) -> dict[int, str]:
    """The names of some accounts by their ids."""
    wanted = set(account_ids)
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def of_unit(session: Session, unit_id: int) -> Sequence[Account]:
    """Those who can handle a unit's cases, by name."""
    return session.scalars(
        select(Account)
        .where(Account.unit_id == unit_id, Account.active, Account.role.in_(UNIT_ROLES))
        .order_by(Account.name)
    ).all()


def all_active(session: Session) -> Sequence[Account]:
    """Everybody who may log in, with their units: the whole city's people first, then by unit."""
    return session.scalars(
        select(Account)
        .where(Account.active)
        .options(joinedload(Account.unit))
        .order_by(Account.unit_id.is_not(None), Account.unit_id, Account.id)
    ).all()
