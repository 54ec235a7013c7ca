"""Staff accounts and the actors they are."""

from datetime import timedelta
from functools import cache

from feedback.domain.actors import Actor
from feedback.domain.states import ActorKind, Role
from feedback.operations.create_account import new_session_key
from feedback.operations.passwords import hash_password
from feedback.storage.models import Account, Unit
from tests.factories.base import MONDAY, numbers, saved

PASSWORD = "right horse staple"


def create_account(
    role: Role = Role.HANDLER, unit: Unit | None = None, *, name: str = "", login: str = ""
) -> Account:
    """An active account whose password is `PASSWORD` (hashed once for all of them)."""
    number = next(numbers)
    return saved(
        Account(
            login=login or f"{role.value}{number}",
            name=name or f"Trần An {number}",
            password_hash=_password_hash(),
            role=role,
            unit_id=unit.id if unit else None,
            active=True,
            session_key=new_session_key(),
            created_at=MONDAY - timedelta(days=30),
        )
    )


def actor_of(account: Account) -> Actor:
    """The actor that operations take for an account."""
    return Actor(ActorKind.STAFF, account.id, account.role, account.unit_id)


@cache
def _password_hash() -> str:
    return hash_password(PASSWORD)
