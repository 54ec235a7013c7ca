"""The record of signing in, for the account's owner and the administrator."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from feedback.domain.sign_ins import FAILURES, Origin, SignInKind
from feedback.operations.city import City
from feedback.operations.outbox import Claim, complete
from feedback.operations.transaction import transaction
from feedback.storage.models import SignInEvent
from feedback.storage.queries import accounts, sign_ins

KEPT = timedelta(days=365)

log = structlog.get_logger()


def note(
    session: Session, kind: SignInKind, account_id: int | None, origin: Origin, now: datetime
) -> None:
    """Write one line, in the transaction of what it is about; the log gets it too."""
    session.add(
        SignInEvent(
            at=now,
            account_id=account_id,
            kind=kind,
            network=origin.network,
            device=origin.device[:60],
        )
    )
    tell = log.warning if kind in FAILURES else log.info
    tell(kind.value, account_id=account_id)


def note_refusal(
    kind: SignInKind, account_id: int | None, origin: Origin, *, city: City, now: datetime
) -> None:
    """Write one line about a try that changed nothing."""
    with transaction(city) as session:
        note(session, kind, account_id, origin, now)


def note_held_off(login: str, origin: Origin, *, city: City, now: datetime) -> None:
    """Write that somebody has to wait before trying this login again."""
    with transaction(city) as session:
        account = accounts.by_login(session, login)
        note(session, SignInKind.HELD_OFF, account.id if account else None, origin, now)


def prune_sign_ins(*, city: City, now: datetime, claim: Claim | None = None) -> int:
    """Forget lines older than a year, and sessions whose time is over; returns how many."""
    with transaction(city) as session:
        removed = sign_ins.remove_events_before(session, now - KEPT)
        removed += sign_ins.remove_ended_sessions(session, now)
        complete(session, claim, now)
    return removed
